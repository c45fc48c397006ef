/** A MongoDB that dies under its writers, comes back with less than it had acknowledged, or does not answer. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FOLD_VERSION } from '#domain';
import type { ReadModel, ReadModels } from '#read-model';
import { openMongoModels } from '#read-model/mongo';
import { Author } from '../../test/kit/author.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import { documentsOf, modelFolder, project, servedOf, until } from '../../test/kit/models.ts';
import { tale, write } from '../../test/kit/story.ts';
import { MongoWire } from '../../test/services/mongo-wire.ts';
import { ShardWorker } from './shard-worker.ts';

const election = electionOf(province({ shards: 2, entry: 'double' }));
const author = new Author(election);
write(author, tale(420, 23));
const { id, shards } = election.definition;
const served = servedOf(election, new MemoryLog(id, shards, author.records));
const TIMEOUTS = { selectionTimeoutMs: 1_000, answerTimeoutMs: 1_000 };

let folder: string;
let wire: MongoWire;
let models: ReadModels;
let model: ReadModel;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-mongo-'));
  wire = await MongoWire.start({ file: join(folder, 'data') });
  models = await openMongoModels({ uri: wire.uri, database: 'tally', ...TIMEOUTS });
  model = await models.ensure(id, shards, FOLD_VERSION);
  // A kill loses the last second: not the version itself, which nobody could go on with.
  await wire.stop();
  wire = await wire.restart();
  await until(() => model.checkpoint(0).then(Boolean, () => false));
});
afterEach(async () => {
  await models.close();
  await wire.stop();
  await rm(folder, { recursive: true });
});

/** What the documents are when nothing goes wrong. */
async function reference(): Promise<string> {
  const straight = await modelFolder();
  const right = await straight.model(served);
  await project(served, right);
  const documents = await documentsOf(right);
  await straight.dispose();
  return documents;
}

interface Crew {
  readonly workers: readonly ShardWorker[];
  /** What they told, null for a recovery. */
  readonly told: (string | null)[];
  written: number;
}

function startWorkers(batch: number): Crew {
  const crew = { workers: [] as ShardWorker[], told: [] as (string | null)[], written: 0 };
  for (let shard = 0; shard < shards; shard += 1) {
    const worker = new ShardWorker(served, model, shard, {
      batch,
      idleMs: 20,
      onChanges: () => {
        crew.written += 1;
      },
      onFault: (error) => crew.told.push(error && ((error as { code?: string }).code ?? error.message)),
    });
    crew.workers.push(worker);
    worker.start();
  }
  return crew;
}

async function finish({ workers }: Crew): Promise<void> {
  await until(() => workers.every((worker, shard) => worker.position === author.ends[shard]));
  await Promise.all(workers.map((worker) => worker.stop()));
}

jest.setTimeout(120_000);

describe('a server', () => {
  it('killed again and again in the middle of batches leaves documents that heal', async () => {
    const expected = await reference();
    const crew = startWorkers(7);
    for (let kills = 1; kills <= 4; kills += 1) {
      const { written } = crew;
      await until(() => crew.written >= written + kills * 3);
      const faults = crew.told.length;
      await wire.kill();
      await until(() => crew.told.length > faults);
      wire = await wire.restart();
    }
    await finish(crew);
    expect(crew.told).toContain('model-unavailable');
    expect(crew.told.at(-1)).toBeNull();
    expect(await documentsOf(model)).toBe(expected);
  });

  it('whose data is put back from an older copy is caught up, by the worker at work', async () => {
    const expected = await reference();
    const early = servedOf(election, new MemoryLog(id, shards, author.records.slice(0, 150)));
    await project(early, model, { batch: 20 });
    await wire.stop();
    await cp(join(folder, 'data'), join(folder, 'copy'));
    wire = await wire.restart();
    const crew = startWorkers(31);
    await until(() => crew.workers.every((worker, shard) => worker.position === author.ends[shard]));
    await wire.stop();
    await cp(join(folder, 'copy'), join(folder, 'data'));
    wire = await wire.restart();
    // A server that has just come back may take longer than a call waits: then it is asked again.
    const isBack = async (): Promise<boolean> => {
      const at = await Promise.all(crew.workers.map(({ shard }) => model.checkpoint(shard))).catch(() => []);
      return at.length > 0 && at.every(({ offset }, shard) => offset === author.ends[shard]);
    };
    const { written } = crew;
    await until(async () => crew.written > written && (await isBack()));
    await finish(crew);
    expect(await documentsOf(model)).toBe(expected);
  });

  it('that does not answer makes every call fail in bounded time, and is used again once it does', async () => {
    // Workers wait out what a busy machine does not answer in time.
    await finish(startWorkers(50));
    const snapshot = await model.snapshot();
    wire.pause();
    // On a busy machine it takes a moment until all of its threads stand still.
    await until(() =>
      model.checkpoint(0).then(
        () => false,
        () => true,
      ),
    );
    const asked = performance.now();
    const calls = [
      () => model.checkpoint(0),
      () => model.snapshot(),
      () => model.write({ shard: 0, notes: [] }),
      () => snapshot.sheetsOf('x'),
      () => snapshot.attempt(0, 0),
      () => models.pointer(id),
      () => models.ensure(id, shards, 'another'),
    ];
    const settled = await Promise.allSettled(calls.map((call) => call()));
    for (const call of settled)
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'model-unavailable' } });
    expect(performance.now() - asked).toBeLessThan(30_000);
    wire.resume();
    await until(() => model.checkpoint(0).then(Boolean, () => false));
    expect(await snapshot.attempt(0, 0)).toMatchObject({ outcome: 'accepted' });
    expect(await models.pointer(id)).toMatchObject({ current: 1 });
  });
});
