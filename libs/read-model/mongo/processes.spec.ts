/** Several processes on one MongoDB data base: each has its own connection and knows nothing of the others. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { type TestMongo, testMongo } from '../../../test/services/mongo-wire.ts';
import {
  accepted,
  all,
  at,
  batchOf,
  ELECTION,
  everything,
  FOLD,
  LENGTH,
  part,
  SHARDS,
  sheet,
} from '../contract/sample.contract.ts';
import type { ModelSnapshot, ReadModel, ReadModels } from '../port.ts';
import type { StoredState } from './documents.ts';
import { openMongoModels } from './index.ts';
import { HoldingProxy } from './testing/holding-proxy.ts';

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await testMongo();
});
afterAll(() => mongo.stop());

let database: string;
let processes: ReadModels[];
let raw: Connection;
beforeEach(async () => {
  database = mongo.database();
  processes = await Promise.all([1, 2, 3].map(() => openMongoModels({ uri: mongo.uri, database })));
  raw = await mongoose.createConnection(mongo.uri, { dbName: database }).asPromise();
});
afterEach(async () => {
  await Promise.all(processes.map((models) => models.close()));
  await raw.destroy();
  await mongo.drop(database);
});

async function collections(): Promise<string[]> {
  return (await raw.listCollections()).map(({ name }) => name).sort();
}

/** The same version as every process has it. */
async function opened(version = 1): Promise<ReadModel[]> {
  await processes[0]!.create(ELECTION, SHARDS, FOLD);
  return Promise.all(processes.map(async (models) => (await models.open(ELECTION, version))!));
}

async function look(model: ReadModel): Promise<Record<string, unknown>> {
  const snapshot = await model.snapshot();
  return everything(snapshot).finally(() => snapshot.close());
}

describe('processes that write one shard', () => {
  it('leave the latest document, also where they insert it at the same moment', async () => {
    const models = await opened();
    for (let round = 0; round < 40; round += 1) {
      const station = `s-${round}`;
      const offsets = [5, 9, 7].map((offset) => offset + (round % 3));
      await Promise.all(
        models.map((model, i) =>
          model.write({
            shard: 0,
            sheets: [sheet(0, offsets[i]!, station, 'c1', offsets[i]!)],
            totals: [part(station, 'c1', 0, offsets[i]!, offsets[i]!)],
          }),
        ),
      );
      const snapshot = await models[0]!.snapshot();
      expect((await snapshot.sheet(station, 'c1'))?.offset).toBe(Math.max(...offsets));
      expect((await snapshot.totals(station, 'c1'))[0]?.offset).toBe(Math.max(...offsets));
      snapshot.close();
    }
  });

  it('leave the latest document where its insert lost against an older one', async () => {
    const [model] = await opened();
    const sheets = raw.collection<StoredState>(`e.${ELECTION}.v1.sheets`);
    const [older, later] = [3, 7].map((offset) => sheet(0, offset, '0.0-0', 'c1', offset));
    // Servers refuse one of two first inserts now and then; a second unique index makes this one do it for sure.
    await sheets.createIndex({ 'state.offset': 1 }, { unique: true, name: 'refusing' });
    await model!.write({ shard: 0, sheets: [sheet(0, 7, 'another', 'c1', 7)] });
    const proxy = await HoldingProxy.start(Number(/:(\d+)/.exec(mongo.uri)![1]), 'E11000');
    const slow = await openMongoModels({ uri: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`, database });
    processes.push(slow);
    const writing = (await slow.open(ELECTION, 1))!.write({ shard: 0, sheets: [later!] });
    await proxy.held;
    await sheets.dropIndex('refusing');
    await model!.write({ shard: 0, sheets: [older!] });
    proxy.release();
    expect(await writing).toEqual({ outcome: 'moved' });
    proxy.stop();
    expect(await (await model!.snapshot()).sheet('0.0-0', 'c1')).toEqual(later);
  });

  it('make one model of other batch edges, each told where the other is', async () => {
    const models = await opened();
    const told: string[] = [];
    const fold = async (model: ReadModel, shard: number, size: number): Promise<void> => {
      for (let from = 0; from < LENGTH; ) {
        const to = Math.min(LENGTH, from + size);
        const { outcome } = await model.write({ ...batchOf(shard, from, to), checkpoint: { from, to: at(to) } });
        told.push(outcome);
        from = outcome === 'moved' ? to : (await model.checkpoint(shard)).offset;
      }
    };
    await Promise.all(
      models.flatMap((model, i) => [0, 1].map((shard) => fold(model, shard, [7, 11, 60][(i + shard) % 3]!))),
    );
    expect(told).not.toContain('behind');
    const straight = await processes[0]!.create(ELECTION, SHARDS, FOLD);
    for (const shard of [0, 1]) await straight.write(batchOf(shard, 0, LENGTH));
    expect(await look(models[0]!)).toEqual(await look(straight));
    expect((await models[2]!.snapshot()).checkpoints).toEqual([at(LENGTH), at(LENGTH)]);
  });
});

describe('a version dropped by another process', () => {
  let reader: ReadModel;
  let snapshot: ModelSnapshot;
  beforeEach(async () => {
    await processes[0]!.create(ELECTION, SHARDS, FOLD);
    await processes[0]!.create(ELECTION, SHARDS, FOLD);
    reader = (await processes[1]!.open(ELECTION, 2))!;
    for (const shard of [0, 1]) await reader.write(batchOf(shard, 0, LENGTH));
    snapshot = await reader.snapshot();
  });

  const gone = { code: 'model-gone' };

  it('is gone for whoever reads, however it is read; an empty one is empty', async () => {
    const empty = await (await processes[1]!.open(ELECTION, 1))!.snapshot();
    await processes[0]!.drop(ELECTION, 2);
    const ways: ((from: ModelSnapshot) => Promise<unknown>)[] = [
      (from) => from.sheet('0.0-0', 'c1'),
      (from) => from.sheetsOf('0.0-0'),
      (from) => all(from.allSheets()),
      (from) => from.totals('root', 'c1'),
      (from) => from.totalsAt('root'),
      (from) => all(from.allTotals()),
      (from) => from.attempt(0, 0),
      (from) => all(from.attempts(0, 0, 10)),
      (from) => from.attemptsOn('0.0-0', 'c1'),
      (from) => from.changesOf('root', 'c1', 0, 0, 10),
      (from) => from.stateBefore('root', 'c1', 0, 10),
      (from) => from.statesOf('root', 'c1', 0),
      (from) => from.notes('contest.reopened'),
    ];
    for (const way of ways) {
      await expect(way(snapshot)).rejects.toMatchObject(gone);
      expect((await way(empty)) ?? []).toEqual([]);
    }
    await expect(reader.snapshot()).rejects.toMatchObject(gone);
    await expect(reader.checkpoint(0)).rejects.toMatchObject(gone);
    expect(await processes[1]!.open(ELECTION, 2)).toBeUndefined();
  });

  it('is gone in the middle of a long list', async () => {
    const sheets = Array.from({ length: 3_500 }, (_, i) => sheet(0, 1, `s${i}`, 'c1', i));
    await reader.write({ shard: 0, sheets });
    let read = 0;
    const reading = (async () => {
      for await (const _doc of snapshot.allSheets()) {
        read += 1;
        if (read === 1) await processes[0]!.drop(ELECTION, 2);
      }
    })();
    await expect(reading).rejects.toMatchObject(gone);
    expect(read).toBeLessThan(3_500);
  });

  it('stays gone for whoever writes', async () => {
    await processes[0]!.drop(ELECTION, 2);
    await expect(reader.write(batchOf(0, 0, 10))).rejects.toMatchObject(gone);
    expect((await collections()).filter((name) => name.includes('.v2.'))).toEqual([]);
  });

  it('is cleared away by the next process where a writer was too late to see it', async () => {
    await processes[0]!.drop(ELECTION, 2);
    await raw.collection(`e.${ELECTION}.v2.sheets`).insertOne({ offset: 1 });
    await raw.collection(`e.${ELECTION}.v9.sheets`).insertOne({ offset: 1 });
    await raw.collection('other').insertOne({});
    processes.push(await openMongoModels({ uri: mongo.uri, database }));
    const left = await collections();
    expect(left).not.toContain(`e.${ELECTION}.v2.sheets`);
    expect(left).toEqual(expect.arrayContaining([`e.${ELECTION}.v1.sheets`, `e.${ELECTION}.v9.sheets`, 'other']));
  });
});

describe('versions of several processes', () => {
  it('are one where all ensure the first at once, and leave no other behind', async () => {
    const made = await Promise.all([...processes, ...processes].map((models) => models.ensure(ELECTION, SHARDS, FOLD)));
    const { version } = made[0]!;
    expect(made.map((model) => model.version)).toEqual(made.map(() => version));
    expect(await processes[2]!.pointer(ELECTION)).toEqual({ current: version, versions: [version], fold: FOLD });
    const own = (await collections()).filter((name) => name.startsWith('e.'));
    expect(own).toEqual(own.filter((name) => name.startsWith(`e.${ELECTION}.v${version}.`)));
    expect(own).toHaveLength(6);
  });

  it('are told apart where all create one at once', async () => {
    const made = await Promise.all(processes.map((models) => models.create(ELECTION, SHARDS, FOLD)));
    expect(made.map((model) => model.version).sort()).toEqual([1, 2, 3]);
    expect((await processes[0]!.pointer(ELECTION))?.versions).toEqual([1, 2, 3]);
  });

  it('are abandoned where their maker died before they were ready, and are nobody’s to open', async () => {
    await processes[0]!.create(ELECTION, SHARDS, FOLD);
    await raw.collection<{ _id: string }>('pointers').updateOne(
      { _id: ELECTION },
      {
        $set: { next: 3, 'versions.v2': { fold: FOLD, shards: SHARDS, ready: false, touched: new Date(0) } },
      },
    );
    expect(await processes[1]!.pointer(ELECTION)).toEqual({ current: 1, versions: [1], fold: FOLD });
    expect(await processes[1]!.open(ELECTION, 2)).toBeUndefined();
    expect(await processes[1]!.switch(ELECTION, 1, 2)).toBe(false);
    expect(await processes[1]!.abandoned(ELECTION, 60_000)).toEqual([2]);
    await processes[1]!.drop(ELECTION, 2);
    expect(await processes[1]!.abandoned(ELECTION, 0)).toEqual([]);
  });

  it('may have names as long as an election’s', async () => {
    const election = `a${'-b'.repeat(31)}c`;
    expect(election).toHaveLength(64);
    const model = await processes[0]!.ensure(election, 1, FOLD);
    await model.write({ shard: 0, attempts: [accepted(0, 0, 's', 'c1', 1)] });
    expect(await (await model.snapshot()).attempt(0, 0)).toEqual(accepted(0, 0, 's', 'c1', 1));
  });
});

describe('many small reads at once', () => {
  it('take few round trips', async () => {
    const [model] = await opened();
    const stations = Array.from({ length: 400 }, (_, i) => `s${i}`);
    await model!.write({
      shard: 0,
      sheets: stations.map((station, i) => sheet(0, i, station, 'c1', i)),
      attempts: stations.map((station, i) => accepted(0, i, station, 'c1', i)),
    });
    const counted = await openMongoModels({ uri: `${mongo.uri}/?monitorCommands=true`, database });
    processes.push(counted);
    const snapshot = await (await counted.open(ELECTION, 1))!.snapshot();
    let finds = 0;
    const client = mongoose.connections.at(-1)!.getClient();
    client.on('commandStarted', ({ commandName }) => {
      if (commandName === 'find') finds += 1;
    });
    const [sheets, attempts, none] = await Promise.all([
      Promise.all(stations.map((station) => snapshot.sheet(station, 'c1'))),
      Promise.all(stations.map((_, i) => snapshot.attempt(0, i))),
      Promise.all(stations.map((station) => snapshot.totals(station, 'c1'))),
    ]);
    expect(sheets.map((doc) => doc?.offset)).toEqual(stations.map((_, i) => i));
    expect(attempts.map((doc) => doc?.offset)).toEqual(stations.map((_, i) => i));
    expect(none.flat()).toEqual([]);
    // One for each kind, and one to know that what is empty is there.
    expect(finds).toBe(4);
  });
});
