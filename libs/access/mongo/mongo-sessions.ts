/** Sessions in MongoDB: whose each is and until when, by the hash of its secret; the store drops what has run out. */
import { type Connection, type Model, Schema } from 'mongoose';
import { told } from '#read-model/mongo';
import { newSessionSecret, tokenHash } from '../token.ts';

interface Stored {
  /** Lower-case hex SHA-256 of the secret. */
  readonly _id: string;
  readonly account: string;
  readonly expiresAt: Date;
}

const schema = new Schema<Stored, Model<Stored>>(
  { _id: String, account: String, expiresAt: Date },
  { versionKey: false, autoIndex: false, autoCreate: false, id: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export async function openSessions(connection: Connection): Promise<MongoSessions> {
  const model = connection.model<Stored>('sessions', schema, 'sessions');
  await told(() => model.createIndexes());
  return new MongoSessions(model);
}

export class MongoSessions {
  readonly #model: Model<Stored>;

  constructor(model: Model<Stored>) {
    this.#model = model;
  }

  async start(account: string, forMs: number): Promise<{ secret: string; expiresAt: string }> {
    const secret = newSessionSecret();
    const expiresAt = new Date(Date.now() + forMs);
    await told(() => this.#model.create({ _id: tokenHash(secret), account, expiresAt }));
    return { secret, expiresAt: expiresAt.toISOString() };
  }

  async find(hash: string): Promise<{ account: string; expiresAt: string } | undefined> {
    const stored = await told(() => this.#model.findOne({ _id: hash, expiresAt: { $gt: new Date() } }).lean());
    return stored ? { account: stored.account, expiresAt: stored.expiresAt.toISOString() } : undefined;
  }

  async end(hash: string): Promise<void> {
    await told(() => this.#model.deleteOne({ _id: hash }));
  }
}
