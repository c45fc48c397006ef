/**
 * The limit of projecting into a store: the very documents that the projection writes, in as many operations, into
 * collections with the same indexes, by plain inserts and upserts: nothing read, folded, guarded or put in order.
 */
import { mongo } from 'mongoose';
import { Elections } from '#projection';
import type { ModelBatch } from '#read-model';
import { openStores, storesEnvironment } from '../../apps/server/cluster.ts';
import { ShardWorker } from '../../libs/projection/shard-worker.ts';
import { type Collections, collectionsOf, makeCollections } from '../../libs/read-model/mongo/collections.ts';
import { connectMongo } from '../../libs/read-model/mongo/connection.ts';
import {
  storeAttempt,
  storeFullState,
  storeNote,
  storeSheet,
  storeTotals,
} from '../../libs/read-model/mongo/documents.ts';
import { answering, type Times, timed, timesOf } from '../child.ts';
import { KeepingModel } from './counting-model.ts';
import type { Environment } from './lab.ts';

export interface PlainRequest {
  readonly env: Environment;
  readonly election: string;
}

export interface PlainAnswer extends Times {
  readonly documents: number;
  readonly bytes: number;
}

type Operation = mongo.AnyBulkWriteOperation<mongo.Document>;
interface Write {
  readonly to: keyof Collections;
  readonly operations: Operation[];
}

const CHUNK = 1_000;

answering(async ({ env, election }: PlainRequest): Promise<PlainAnswer> => {
  const config = storesEnvironment.parse(env);
  const { shards, batches } = await projected(config, election);
  const connection = await connectMongo(config.mongo);
  const collections = collectionsOf(connection, `plain-${election}`, 1);
  await makeCollections(collections, shards);
  const byShard = Array.from({ length: shards }, (_, shard) =>
    batches.filter((batch) => batch.shard === shard).map(writesOf),
  );
  const times = await timed(() =>
    Promise.all(
      byShard.map(async (writes) => {
        for (const batch of writes) await Promise.all(batch.map((write) => bulkWrite(collections, write)));
      }),
    ),
  );
  await connection.destroy();
  const operations = byShard.flat(2).flatMap((write) => write.operations);
  return { ...timesOf(times), documents: operations.length, bytes: JSON.stringify(operations).length };
});

async function projected(
  config: ReturnType<typeof storesEnvironment.parse>,
  election: string,
): Promise<{ shards: number; batches: readonly ModelBatch[] }> {
  const stores = await openStores(config);
  const served = (await new Elections(stores.logs).find(election))!;
  const { shards } = served.log;
  const model = new KeepingModel(election, shards);
  for (let shard = 0; shard < shards; shard += 1) {
    const end = await served.log.end(shard);
    let worker: ShardWorker | null = null;
    await new Promise<void>((resolve, reject) => {
      const onChanges = ({ to }: { readonly to: number }): void => {
        if (to >= end) resolve();
      };
      worker = new ShardWorker(served, model, shard, { onChanges, onFault: (error) => error && reject(error) });
      worker.start();
    });
    await worker!.stop();
  }
  await stores.close();
  return { shards, batches: model.batches };
}

function writesOf({ attempts = [], notes = [], sheets = [], totals = [], states = [] }: ModelBatch): Write[] {
  const insert = (document: object): Operation => ({ insertOne: { document: document as mongo.Document } });
  const put = ({ _id, ...rest }: { readonly _id: string; readonly state: unknown }): Operation => ({
    updateOne: { filter: { _id: _id as never }, update: { $set: rest }, upsert: true },
  });
  const all: Write[] = [
    { to: 'attempts', operations: attempts.map((doc) => insert(storeAttempt(doc))) },
    { to: 'notes', operations: notes.map((doc) => insert(storeNote(doc))) },
    { to: 'sheets', operations: sheets.map((doc) => put(storeSheet(doc))) },
    { to: 'totals', operations: totals.map((doc) => put(storeTotals(doc))) },
    { to: 'states', operations: states.map((doc) => insert(storeFullState(doc))) },
  ];
  return all.filter(({ operations }) => operations.length > 0);
}

async function bulkWrite(collections: Collections, { to, operations }: Write): Promise<void> {
  const collection = collections[to].collection as unknown as mongo.Collection<mongo.Document>;
  const chunks = Array.from({ length: Math.ceil(operations.length / CHUNK) }, (_, i) =>
    operations.slice(i * CHUNK, (i + 1) * CHUNK),
  );
  await Promise.all(chunks.map((chunk) => collection.bulkWrite(chunk, { ordered: false })));
}
