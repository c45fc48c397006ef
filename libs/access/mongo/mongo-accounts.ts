/**
 * Accounts in the collection `accounts`: names can be erased without touching the log. Reads go to the primary and see
 * what a majority has, so a revoked token is refused everywhere at once.
 */
import { randomUUID } from 'node:crypto';
import { type Connection, type Model, Schema } from 'mongoose';
import { connectMongo, type MongoOptions, told } from '#read-model/mongo';
import type { Account, Accounts, NewAccount } from '../port.ts';
import { looksLikeToken, newToken, sameHash, tokenHash } from '../token.ts';

/** An account, its id as `_id`. */
interface Stored extends Omit<Account, 'id'> {
  readonly _id: string;
  /** Lower-case hex SHA-256 of the token. */
  readonly hash: string;
}

const schema = new Schema<Stored, Model<Stored>>(
  {
    _id: String,
    hash: String,
    role: String,
    unit: String,
    election: String,
    name: String,
    createdAt: String,
    revokedAt: String,
  },
  { versionKey: false, autoIndex: false, autoCreate: false, id: false },
).index({ hash: 1 }, { unique: true });

/** Connects, and makes the collection where there is none. Throws `ModelError` where the server can't be reached. */
export async function openMongoAccounts(options: MongoOptions): Promise<Accounts> {
  const connection = await connectMongo(options);
  const accounts = connection.model<Stored>('accounts', schema, 'accounts');
  try {
    await told(() => accounts.createIndexes());
    return new MongoAccounts(connection, accounts);
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}

class MongoAccounts implements Accounts {
  readonly #connection: Connection;
  readonly #accounts: Model<Stored>;
  #closing: Promise<void> | null = null;

  constructor(connection: Connection, accounts: Model<Stored>) {
    this.#connection = connection;
    this.#accounts = accounts;
  }

  async add({ role, unit, election = null, name = null }: NewAccount): Promise<{ account: Account; token: string }> {
    const token = newToken();
    const createdAt = new Date().toISOString();
    const account: Account = { id: randomUUID(), role, unit, election, name, createdAt, revokedAt: null };
    const { id, ...rest } = account;
    await told(() => this.#accounts.insertMany([{ _id: id, hash: tokenHash(token), ...rest }]));
    return { account, token };
  }

  async list(): Promise<Account[]> {
    const stored = await told(() => this.#accounts.find().sort({ createdAt: 1, _id: 1 }).lean<Stored[]>().exec());
    return stored.map(accountOf);
  }

  async revoke(id: string): Promise<boolean> {
    const revokedAt = new Date().toISOString();
    const { matchedCount } = await told(() =>
      this.#accounts.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt } }).exec(),
    );
    return matchedCount > 0 || (await told(() => this.#accounts.exists({ _id: id }).exec())) !== null;
  }

  async find(token: string): Promise<Account | undefined> {
    if (!looksLikeToken(token)) return undefined;
    const hash = tokenHash(token);
    const stored = await told(() => this.#accounts.findOne({ hash }).lean<Stored>().exec());
    if (!stored || !sameHash(stored.hash, hash) || stored.revokedAt !== null) return undefined;
    return accountOf(stored);
  }

  close(): Promise<void> {
    this.#closing ??= this.#connection.destroy();
    return this.#closing;
  }
}

function accountOf({ _id, role, unit, election, name, createdAt, revokedAt }: Stored): Account {
  return { id: _id, role, unit, election, name, createdAt, revokedAt };
}
