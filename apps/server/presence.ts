/**
 * Which processes there are: each of a cluster writes a small document every few seconds, with its role and what it holds,
 * and takes it away when it stops in order. One that is killed leaves it behind, and is known by that nobody hears of it.
 */
import { hostname } from 'node:os';
import { type Model, Schema } from 'mongoose';
import type { Election } from '#domain';
import { Repeated } from '#projection';
import { connectMongo, type MongoOptions, told } from '#read-model/mongo';
import type { ProcessRole } from '#wire';
import type { KnownProcess, Processes } from '../api/index.ts';

/** How often a process is heard of. */
const EVERY_MS = 5_000;
/** One that is not heard of for so long is of no more interest. */
const FORGOTTEN_MS = 3_600_000;

/** What a process says of itself. */
export interface Self {
  readonly role: ProcessRole;
  /** The shards it folds, as `election/shard`. */
  readonly shards?: () => readonly string[];
}

interface Stored {
  readonly _id: string;
  readonly role: ProcessRole;
  readonly startedAt: Date;
  readonly heardAt: Date;
  readonly shards: readonly string[];
  readonly clients: number | null;
}

const schema = new Schema<Stored>(
  { _id: String, role: String, startedAt: Date, heardAt: Date, shards: [String], clients: Number },
  { versionKey: false, autoIndex: false, autoCreate: false, id: false },
);

export interface Presence extends Processes {
  /** Takes leave of the others. */
  close(): Promise<void>;
}

/** `self`: null for one that only looks, as the command line does. Resolves once the store was reached. */
export async function openPresence(
  options: MongoOptions,
  self: Self | null,
  onFault: (error: unknown) => void,
): Promise<Presence> {
  const connection = await connectMongo(options);
  const model: Model<Stored> = connection.model<Stored>('processes', schema, 'processes');
  const id = `${hostname()}:${process.pid}`;
  const startedAt = new Date();
  let clients: (() => number) | null = null;
  const tell = async ({ role, shards }: Self): Promise<void> => {
    const now = new Date();
    const said = { role, startedAt, heardAt: now, shards: shards?.() ?? [], clients: clients?.() ?? null };
    await told(() => model.replaceOne({ _id: id }, said, { upsert: true }));
    await told(() => model.deleteMany({ heardAt: { $lt: new Date(now.getTime() - FORGOTTEN_MS) } }));
  };
  const telling = self && new Repeated(EVERY_MS, () => tell(self), onFault);
  await telling?.start();
  return {
    countClients: (count) => {
      clients = count;
    },
    async list({ definition }: Election): Promise<KnownProcess[]> {
      const found = await told(() => model.find().sort({ role: 1, _id: 1 }).lean());
      return found.map(({ _id, shards, ...known }) => ({
        ...known,
        id: _id,
        shards: shards.filter((one) => one.startsWith(`${definition.id}/`)).map((one) => Number(one.split('/')[1])),
      }));
    },
    async close() {
      await telling?.stop();
      // A store that is away forgets it by itself.
      if (self) await told(() => model.deleteOne({ _id: id })).catch(onFault);
      await connection.close();
    },
  };
}
