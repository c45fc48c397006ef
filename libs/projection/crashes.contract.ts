/**
 * What workers and readers promise on every adapter of the read model, as a suite: `crashes('MongoDB', openStore)`.
 *
 * A worker that dies between any two writes of a batch, a store that comes back older, workers that meet on one shard:
 * the documents heal, and whoever reads meanwhile sees what is true at the position that is named.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#event-log';
import type { ModelBatch, ReadModel, WriteOutcome } from '#read-model';
import { Author } from '../../test/kit/author.ts';
import { Desk } from '../../test/kit/desk.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import { csvByNode, csvOf, documentsOf, project, type Store, servedOf, until, viewing } from '../../test/kit/models.ts';
import { PlainCount } from '../../test/kit/plain-count.ts';
import { tale, write } from '../../test/kit/story.ts';
import { sheetDoc } from './documents.ts';
import { ShardWorker } from './shard-worker.ts';

const ALL = ['provisional', 'verified', 'all'];
const BATCH = 40;
export const election = electionOf(province({ shards: 2, entry: 'double' }));
export const author = new Author(election);
write(author, tale(420, 11));
const { id, shards } = election.definition;
const log = new MemoryLog(id, shards, author.records);
const served = servedOf(election, log);

/** The writes of a batch that get through before the crash, in the order of the port. */
const PARTS: readonly (readonly (keyof ModelBatch)[])[] = [
  [],
  ['attempts'],
  ['attempts', 'notes'],
  ['attempts', 'notes', 'sheets'],
  ['attempts', 'notes', 'sheets', 'totals'],
  ['attempts', 'notes', 'sheets', 'totals', 'states'],
  ['attempts', 'notes', 'sheets', 'totals', 'states', 'checkpoint'],
];

/** A model as a worker has it whose process dies in its `dies`-th batch, after some of its writes. */
function dying(model: ReadModel, dies: number, parts: readonly (keyof ModelBatch)[], died: () => void): ReadModel {
  let batches = 0;
  return {
    election: model.election,
    version: model.version,
    shards: model.shards,
    checkpoint: (shard) => model.checkpoint(shard),
    snapshot: () => model.snapshot(),
    async write(batch): Promise<WriteOutcome> {
      batches += 1;
      if (batches < dies) return model.write(batch);
      const some = Object.fromEntries(parts.map((part) => [part, batch[part]]));
      if (batches === dies) await model.write({ shard: batch.shard, ...some });
      died();
      // Nobody hears of it any more.
      return new Promise(() => undefined);
    },
  };
}

/** Runs a worker on a shard until it is dead. It is left behind: a dead process does not end its work either. */
function runUntilDead(
  model: ReadModel,
  shard: number,
  dies: number,
  parts: readonly (keyof ModelBatch)[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new ShardWorker(served, dying(model, dies, parts, resolve), shard, {
      batch: BATCH,
      onChanges: () => undefined,
      onFault: (error) => error && reject(error),
    });
    worker.start();
  });
}

/** The plain count of the log up to a position. */
function plainAt(position: readonly number[]): PlainCount {
  const plain = new PlainCount(election.definition, election.digest);
  for (const record of author.records) if (record.offset < position[record.shard]!) plain.read(record);
  return plain;
}

export async function trueAtCheckpoint(model: ReadModel): Promise<void> {
  await viewing(served, model, async (view) => {
    const csv = plainAt(view.position).csv(ALL);
    expect(await csvByNode(view)).toBe(csv);
    expect(await csvOf(view)).toBe(csv);
    const desk = new Desk(election, { open: false });
    for (const record of author.records) if (record.offset < view.position[record.shard]!) desk.take(record);
    for (const contest of election.contests)
      for (const station of contest.stations) {
        const folded = desk.sheet(station.code, contest.id);
        const doc = folded && sheetDoc(station.shard, folded);
        expect(await view.sheetDoc(station, contest)).toEqual(doc);
        expect((await view.sheet(station, contest))?.view).toEqual(doc?.view);
      }
  });
}

export interface CrashOptions {
  /** Every so many of the points at which a worker can die; 1: all of them. */
  readonly everyPoint: number;
}

export function crashes(name: string, { everyPoint }: CrashOptions, openStore: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store;
    let reference: string;
    beforeAll(async () => {
      store = await openStore();
      // The first model stays, so that the others can be dropped.
      const model = await store.model(served);
      await project(served, model);
      reference = await documentsOf(model);
      expect(reference).toMatch(/^states \[\{/m);
    });
    afterAll(() => store.dispose());

    describe('a worker that dies in the middle of a batch', () => {
      const batches = Math.ceil(author.ends[0]! / BATCH);
      const points = PARTS.flatMap((parts) => Array.from({ length: batches }, (_, i) => ({ parts, dies: i + 1 })));

      it.each(points.filter((_, i) => i % everyPoint === 0))(
        'number $dies, after $parts: readers see what is true, and the next worker heals it',
        async (point) => {
          const model = await store.model(served);
          await project(served, model, { shards: [1] });
          await runUntilDead(model, 0, point.dies, point.parts);
          const hasMoved = point.parts.includes('checkpoint') ? 1 : 0;
          const expected = Math.min(author.ends[0]!, (point.dies - 1 + hasMoved) * BATCH);
          expect((await model.checkpoint(0)).offset).toBe(expected);
          await trueAtCheckpoint(model);
          // The next one has other batches.
          await project(served, model, { batch: BATCH - 17 });
          expect(await documentsOf(model)).toBe(reference);
          await store.models.drop(id, model.version);
        },
      );

      it('again and again, each time a little further', async () => {
        const model = await store.model(served);
        for (let dies = 1; dies <= batches * 2; dies += 1) {
          const shard = dies % shards;
          if ((await model.checkpoint(shard)).offset === author.ends[shard]) continue;
          await runUntilDead(model, shard, 1, PARTS[dies % PARTS.length]!);
          await trueAtCheckpoint(model);
        }
        await project(served, model, { batch: 7 });
        expect(await documentsOf(model)).toBe(reference);
        await store.models.drop(id, model.version);
      });
    });

    describe('two workers on one shard', () => {
      it.each([
        [1, 33],
        [40, 41],
        [25, 500],
      ])('with batches of %d and %d make the same documents', async (one, other) => {
        const model = await store.model(served);
        await Promise.all([project(served, model, { batch: one }), project(served, model, { batch: other })]);
        expect(await documentsOf(model)).toBe(reference);
        await store.models.drop(id, model.version);
      });

      it('of which one is far behind: it is told, and catches up without a figure going back', async () => {
        const model = await store.model(served);
        await project(served, model, { batch: 30, shards: [1] });
        // A worker that waits for leave before its first write, while another goes to the end.
        let leave: () => void = () => undefined;
        const waits = new Promise<void>((resolve) => {
          leave = resolve;
        });
        const outcomes: string[] = [];
        const slow: ReadModel = {
          ...dying(model, Number.POSITIVE_INFINITY, [], () => undefined),
          async write(batch) {
            await waits;
            const written = await model.write(batch);
            outcomes.push(written.outcome);
            return written;
          },
        };
        const worker = new ShardWorker(served, slow, 0, { batch: 10, idleMs: 5, onChanges: () => undefined });
        worker.start();
        await project(served, model, { batch: 60 });
        leave();
        const end = author.ends[0]!;
        await until(() => worker.position === end);
        await worker.stop();
        expect(outcomes).toEqual(['ahead']);
        expect(await documentsOf(model)).toBe(reference);
        await store.models.drop(id, model.version);
      });
    });

    describe('a store', () => {
      it('that comes back older is noticed by the worker at work, and caught up', async () => {
        const half = author.records.slice(0, 200);
        const growing = new MemoryLog(id, shards, half);
        const here = servedOf(election, growing);
        const model = await store.model(here);
        const older = await store.model(here);
        await project(here, model);
        await project(here, older, { batch: 9 });
        // The worker's model gives way to the older one, as when a backup is restored under it.
        let present = model;
        const outcomes: WriteOutcome[] = [];
        const restored: ReadModel = {
          ...dying(model, Number.POSITIVE_INFINITY, [], () => undefined),
          checkpoint: (shard) => present.checkpoint(shard),
          snapshot: () => present.snapshot(),
          async write(batch) {
            const written = await present.write(batch);
            outcomes.push(written);
            return written;
          },
        };
        const workers = [0, 1].map(
          (shard) => new ShardWorker(here, restored, shard, { batch: 30, idleMs: 5, onChanges: () => undefined }),
        );
        for (const worker of workers) worker.start();
        const add = async (from: number, to: number): Promise<void> => {
          await growing.append(author.records.slice(from, to));
          const ends = await Promise.all([0, 1].map((shard) => growing.end(shard)));
          await until(() => workers.every((worker, shard) => worker.position === ends[shard]));
        };
        await add(200, 320);
        expect(outcomes.every(({ outcome }) => outcome === 'moved')).toBe(true);
        present = older;
        outcomes.length = 0;
        await add(320, author.records.length);
        await until(() => outcomes.length > 0);
        await Promise.all(workers.map((worker) => worker.stop()));
        expect(outcomes.map(({ outcome }) => outcome)).toContain('behind');
        expect(await documentsOf(older)).toBe(reference);
        for (const one of [model, older]) await store.models.drop(id, one.version);
      });

      it('that comes back older is noticed by an idle worker too', async () => {
        const model = await store.model(served);
        const empty = await store.model(served);
        await project(served, model);
        let present = model;
        const worker = new ShardWorker(
          served,
          {
            ...dying(model, Number.POSITIVE_INFINITY, [], () => undefined),
            checkpoint: (shard) => present.checkpoint(shard),
            write: (batch) => present.write(batch),
          },
          0,
          { batch: 50, idleMs: 5, onChanges: () => undefined },
        );
        worker.start();
        const end = author.ends[0]!;
        await until(() => worker.position === end);
        present = empty;
        await until(async () => (await empty.checkpoint(0)).offset === end);
        await worker.stop();
        await project(served, empty);
        expect(await documentsOf(empty)).toBe(reference);
        for (const one of [model, empty]) await store.models.drop(id, one.version);
      });

      it('that is ahead of its log belongs to another one: the worker says so and writes nothing', async () => {
        const model = await store.model(served);
        await project(served, model);
        const short = servedOf(election, new MemoryLog(id, shards, author.records.slice(0, 100)));
        const before = await documentsOf(model);
        const fault = await new Promise<Error>((resolve) => {
          const worker = new ShardWorker(short, model, 0, {
            onChanges: () => resolve(new Error('it wrote')),
            onFault: (error) => {
              if (!error) return;
              worker.stop();
              resolve(error);
            },
          });
          worker.start();
        });
        expect(fault.message).toContain('belongs to another log');
        expect(await documentsOf(model)).toBe(before);
        await store.models.drop(id, model.version);
      });

      it('that was made of another log of the same name stops the shard until that log is back', async () => {
        const model = await store.model(served);
        await project(served, model, { batch: 50 });
        const { log: name } = await model.checkpoint(0);
        expect(name).toMatch(/^[0-9a-f]{64}$/);
        const before = await documentsOf(model);
        // The same acts, taken down a moment later: as when a topic was deleted and made anew.
        let delay = 1;
        const other: EventLog = {
          election: id,
          shards,
          append: (records) => log.append(records),
          read: async (...asked) =>
            (await log.read(...asked)).map((record) => ({ ...record, logTime: record.logTime + delay })),
          end: (shard) => log.end(shard),
        };
        const told: (string | null)[] = [];
        const worker = new ShardWorker(servedOf(election, other), model, 0, {
          idleMs: 5,
          onChanges: () => told.push('it wrote'),
          onFault: (error) => told.push(error?.message ?? null),
        });
        worker.start();
        await until(() => told.length >= 2);
        expect(told[0]).toMatch(/begins with another record.*belongs to another log.*empty read model/);
        expect(told[1]).toBe(told[0]);
        delay = 0;
        await until(() => told.includes(null));
        await worker.stop();
        expect(told).not.toContain('it wrote');
        expect(await documentsOf(model)).toBe(before);
        await store.models.drop(id, model.version);
      });
    });
  });
}
