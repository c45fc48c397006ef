/** Accounts in MongoDB, the collection `accounts`: for any number of processes. */
import { randomUUID } from 'node:crypto';
import { type Connection, type Model, Schema } from 'mongoose';
import { connectMongo, type MongoOptions, saysDuplicate, told } from '#read-model/mongo';
import type { Account, Accounts, AddedAccount, NewAccount } from '../port.ts';
import { looksLikeToken, newToken, tokenHash } from '../token.ts';

interface Stored extends Omit<Account, 'id'> {
  readonly _id: string;
  /** Lower-case hex SHA-256 of the token. */
  readonly hash: string;
}

const schema = new Schema<Stored, Model<Stored>>(
  {
    _id: String,
    role: String,
    unit: String,
    election: String,
    name: String,
    createdAt: String,
    revokedAt: String,
    hash: String,
  },
  { versionKey: false, autoIndex: false, autoCreate: false, id: false },
);
schema.index({ hash: 1 }, { unique: true });

/** The first account's id is always this one, so that only one of several processes can make it. */
const FIRST_ID = '00000000-0000-4000-8000-000000000001';
/** A token that was found is believed for so long: another process may have revoked it meanwhile. */
const BELIEVED_MS = 2_000;
const MOST_BELIEVED = 10_000;

/** Resolves once the server was reached; throws `ModelError`. */
export async function openMongoAccounts(options: MongoOptions): Promise<Accounts> {
  const connection = await connectMongo(options);
  const model = connection.model<Stored>('accounts', schema, 'accounts');
  try {
    await told(() => model.createIndexes());
    return new MongoAccounts(connection, model);
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}

class MongoAccounts implements Accounts {
  readonly #connection: Connection;
  readonly #model: Model<Stored>;
  /** By hash. */
  readonly #believed = new Map<string, { readonly account: Account; readonly untilMs: number }>();

  constructor(connection: Connection, model: Model<Stored>) {
    this.#connection = connection;
    this.#model = model;
  }

  add(account: NewAccount): Promise<AddedAccount> {
    return this.#insert(randomUUID(), account);
  }

  async addFirst(account: NewAccount): Promise<AddedAccount | null> {
    if (await told(() => this.#model.exists({}))) return null;
    try {
      return await this.#insert(FIRST_ID, account);
    } catch (error) {
      if (saysDuplicate((error as Error).cause)) return null;
      throw error;
    }
  }

  async list(): Promise<Account[]> {
    return (await told(() => this.#model.find().sort({ createdAt: 1, _id: 1 }).lean())).map(accountOf);
  }

  async revoke(id: string): Promise<boolean> {
    const revokedAt = new Date().toISOString();
    await told(() => this.#model.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt } }));
    this.#believed.clear();
    return (await told(() => this.#model.exists({ _id: id }))) !== null;
  }

  async find(token: string): Promise<Account | undefined> {
    if (!looksLikeToken(token)) return undefined;
    const hash = tokenHash(token);
    const believed = this.#believed.get(hash);
    if (believed && believed.untilMs > Date.now()) return believed.account;
    const stored = await told(() => this.#model.findOne({ hash, revokedAt: null }).lean());
    this.#believed.delete(hash);
    if (!stored) return undefined;
    const account = accountOf(stored);
    if (this.#believed.size >= MOST_BELIEVED) this.#believed.clear();
    this.#believed.set(hash, { account, untilMs: Date.now() + BELIEVED_MS });
    return account;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #insert(
    id: string,
    { role, unit, election = null, name = null, token = newToken() }: NewAccount,
  ): Promise<AddedAccount> {
    const createdAt = new Date().toISOString();
    const account: Account = { id, role, unit, election, name, createdAt, revokedAt: null };
    const { id: _id, ...rest } = account;
    await told(() => this.#model.create({ _id, ...rest, hash: tokenHash(token) }));
    return { account, token };
  }
}

function accountOf({ _id, role, unit, election, name, createdAt, revokedAt }: Stored): Account {
  return { id: _id, role, unit, election, name, createdAt, revokedAt };
}
