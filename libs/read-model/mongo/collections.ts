/**
 * The collections of one version of an election's model, `e.<election>.v<version>.<what>`: schemas and indexes by
 * mongoose. Dropping a version is dropping its collections, the checkpoints first: while they are there, it is.
 */
import { type Connection, type Model, Schema } from 'mongoose';
import type { Checkpoint } from '../port.ts';
import { inTime, saysDropped } from './connection.ts';
import type { StoredAttempt, StoredNote, StoredState } from './documents.ts';

const OPTIONS = { versionKey: false, autoIndex: false, autoCreate: false, id: false } as const;

export type StoredCheckpoint = Checkpoint & { readonly _id: number };

const checkpoints = new Schema<StoredCheckpoint>(
  { _id: Number, offset: Number, logTime: Number, log: String },
  OPTIONS,
);
const attempts = new Schema<StoredAttempt>(
  { _id: Number, on: String, nodes: { type: [String], default: undefined }, doc: String },
  OPTIONS,
)
  .index({ on: 1, _id: 1 })
  .index({ nodes: 1, _id: 1 });
const states = new Schema<StoredState>({ _id: String, state: { offset: Number, doc: String } }, OPTIONS);
const notes = new Schema<StoredNote>({ _id: String, subject: String, doc: String }, OPTIONS);

export interface Collections {
  /** By shard. */
  readonly checkpoints: Model<StoredCheckpoint>;
  readonly attempts: Model<StoredAttempt>;
  readonly sheets: Model<StoredState>;
  readonly totals: Model<StoredState>;
  readonly states: Model<StoredState>;
  readonly notes: Model<StoredNote>;
}

const NAME = /^e\.([a-z0-9-]+)\.v(\d+)\.[a-z]+$/;

/** Which version a collection belongs to; null where it is another one. */
export function versionOf(collection: string): { readonly election: string; readonly version: number } | null {
  const [, election, version] = NAME.exec(collection) ?? [];
  return election === undefined ? null : { election, version: Number(version) };
}

export function collectionsOf(connection: Connection, election: string, version: number): Collections {
  const model = <T>(what: string, schema: Schema<T>): Model<T> => {
    const name = `e.${election}.v${version}.${what}`;
    return (connection.models[name] as Model<T> | undefined) ?? connection.model<T>(name, schema, name);
  };
  return {
    checkpoints: model('checkpoints', checkpoints),
    attempts: model('attempts', attempts),
    sheets: model('sheets', states),
    totals: model('totals', states),
    states: model('states', states),
    notes: model('notes', notes),
  };
}

/** Makes the collections, empty, with their indexes; the checkpoints of every shard last. */
export async function makeCollections(collections: Collections, shards: number): Promise<void> {
  await dropCollections(collections);
  for (const model of modelsIn(collections)) {
    await inTime(model.createCollection());
    await inTime(model.createIndexes());
  }
  const start = Array.from({ length: shards }, (_, shard) => ({ _id: shard, offset: 0, logTime: 0, log: '' }));
  await inTime(collections.checkpoints.insertMany(start));
}

/** Again is a no-op. */
export async function dropCollections(collections: Collections): Promise<void> {
  for (const model of modelsIn(collections)) {
    await inTime(model.collection.drop()).catch((error: unknown) => {
      // Servers before 7.0 say so where there is none.
      if (!saysDropped(error)) throw error;
    });
  }
}

/** Forgets mongoose's models of a version that is gone. */
export function forgetCollections(connection: Connection, collections: Collections): void {
  for (const { modelName } of modelsIn(collections)) connection.deleteModel(modelName);
}

function modelsIn(collections: Collections): Model<unknown>[] {
  return Object.values(collections) as Model<unknown>[];
}
