/**
 * Many documents at once, each by an operation of its own that may be repeated, and in any order: no transaction is
 * needed. The driver splits by bytes (16 MB a message); here by number.
 */
import { type Model, mongo } from 'mongoose';
import { ModelError } from '../port.ts';
import { inTime } from './connection.ts';
import type { StoredState } from './documents.ts';

const MAX_OPERATIONS = 1_000;
const DUPLICATE_KEY = 11_000;

type Operation = mongo.AnyBulkWriteOperation<mongo.Document>;

/** Stores documents that are never changed: what is there stays as it is. */
export async function insertNew<T>(model: Model<T>, docs: readonly (T & object)[]): Promise<void> {
  await inChunks(docs, async (chunk) => {
    await bulkWrite(
      model,
      chunk.map((document) => ({ insertOne: { document: document as mongo.Document } })),
    );
  });
}

/**
 * Stores documents, each of which gives way only to one of a larger offset.
 *
 * The guard is `$max`: MongoDB compares documents member by member, and the offset is the first. Unlike a guard in the
 * filter (`offset: {$lt: n}`), it lets the upsert find its document by `_id` alone, so a newer document that is there
 * is not met as a duplicate key. Two first inserts that race still are, and there the later document may be the one
 * that lost: so what was refused is repeated as an update.
 */
export async function replaceOlder(model: Model<StoredState>, docs: readonly StoredState[]): Promise<void> {
  await inChunks(docs, async (chunk) => {
    const refused = await bulkWrite(
      model,
      chunk.map((doc) => guarded(doc, true)),
    );
    if (refused.length === 0) return;
    await bulkWrite(
      model,
      refused.map((index) => guarded(chunk[index]!, false)),
    );
  });
}

function guarded({ _id, state }: StoredState, upsert: boolean): Operation {
  return { updateOne: { filter: { _id: _id as never }, update: { $max: { state } }, upsert } };
}

/** Every chunk is settled when this resolves or rejects. */
async function inChunks<T>(docs: readonly T[], write: (chunk: readonly T[]) => Promise<void>): Promise<void> {
  const writes: Promise<void>[] = [];
  for (let from = 0; from < docs.length; from += MAX_OPERATIONS)
    writes.push(write(docs.slice(from, from + MAX_OPERATIONS)));
  await allSettled(writes);
}

/** Waits for all, then throws the first failure, if any. */
export async function allSettled(writes: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(writes)) if (result.status === 'rejected') throw result.reason;
}

/** Resolves with the places of operations that met an `_id` that was there; throws at any other failure. */
async function bulkWrite<T>(model: Model<T>, operations: Operation[]): Promise<number[]> {
  const collection = model.collection as unknown as mongo.Collection<mongo.Document>;
  try {
    mustBeConfirmed(await inTime(collection.bulkWrite(operations, { ordered: false })));
    return [];
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
    mustBeConfirmed(error.result);
    const errors = error.result.getWriteErrors();
    if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    return errors.map(({ index }) => index);
  }
}

/** The operations may have been done, but a majority has not confirmed them: as when the primary is replaced. */
function mustBeConfirmed(result: mongo.BulkWriteResult): void {
  const failed = result.getWriteConcernError();
  if (failed) throw new ModelError('model-unavailable', `MongoDB did not confirm a write: ${failed.errmsg}`);
}
