/** Accounts in MongoDB, the collections `accounts` and `sessions`: for any number of processes. */
import { randomUUID } from 'node:crypto';
import { type Connection, type Model, Schema } from 'mongoose';
import { connectMongo, type MongoOptions, saysDuplicate, told } from '#read-model/mongo';
import type { Account, Accounts, AddedAccount, NewAccount, Session, StartedSession } from '../port.ts';
import { looksLikeSession, looksLikeToken, newToken, tokenHash } from '../token.ts';
import { Believed } from './believed.ts';
import { type MongoSessions, openSessions } from './mongo-sessions.ts';

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

/** Resolves once the server was reached; throws `ModelError`. */
export async function openMongoAccounts(options: MongoOptions): Promise<Accounts> {
  const connection = await connectMongo(options);
  const model = connection.model<Stored>('accounts', schema, 'accounts');
  try {
    await told(() => model.createIndexes());
    return new MongoAccounts(connection, model, await openSessions(connection));
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}

class MongoAccounts implements Accounts {
  readonly #connection: Connection;
  readonly #model: Model<Stored>;
  readonly #sessions: MongoSessions;
  /** By hash of the token, and of the session's secret. */
  readonly #believed = new Believed<Account>();
  readonly #believedSessions = new Believed<Session>();

  constructor(connection: Connection, model: Model<Stored>, sessions: MongoSessions) {
    this.#sessions = sessions;
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
    this.#believedSessions.clear();
    return (await told(() => this.#model.exists({ _id: id }))) !== null;
  }

  async find(token: string): Promise<Account | undefined> {
    if (!looksLikeToken(token)) return undefined;
    return this.#believed.of(tokenHash(token), async (hash) => {
      const stored = await told(() => this.#model.findOne({ hash, revokedAt: null }).lean());
      return stored ? accountOf(stored) : undefined;
    });
  }

  async startSession(id: string, forMs: number): Promise<StartedSession | undefined> {
    const account = await this.#present(id);
    return account && { account, ...(await this.#sessions.start(id, forMs)) };
  }

  async findSession(secret: string): Promise<Session | undefined> {
    if (!looksLikeSession(secret)) return undefined;
    return this.#believedSessions.of(tokenHash(secret), async (hash) => {
      const session = await this.#sessions.find(hash);
      const account = session && (await this.#present(session.account));
      return session && account && { account, expiresAt: session.expiresAt };
    });
  }

  async endSession(secret: string): Promise<void> {
    if (!looksLikeSession(secret)) return;
    const hash = tokenHash(secret);
    await this.#sessions.end(hash);
    this.#believedSessions.forget(hash);
  }

  async #present(id: string): Promise<Account | undefined> {
    const stored = await told(() => this.#model.findOne({ _id: id, revokedAt: null }).lean());
    return stored ? accountOf(stored) : undefined;
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
