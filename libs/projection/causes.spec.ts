/** What was damaged is named by its figures and by the first event that explains it, or said to be explained by none. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FOLD_VERSION } from '#domain';
import type { EventLogs } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import type { ModelBatch, ReadModel, ReadModels, SheetDoc, TotalsDoc } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import type { ReplayDifference } from '#wire';
import { project, projectChanged, viewing } from '../../test/kit/models.ts';
import { modelDatabase } from '../../test/kit/mongo-models.ts';
import { openProvince } from '../../test/kit/opened.ts';
import { tale, write } from '../../test/kit/story.ts';
import { openModelStore } from '../read-model/embedded/store.ts';
import { Encoder } from '../read-model/embedded/write-plan.ts';
import { storeSheet, storeTotals } from '../read-model/mongo/documents.ts';
import type { MongoModel } from '../read-model/mongo/mongo-model.ts';
import { compareModels } from './comparison.ts';
import type { ServedElection } from './elections.ts';

const ID = 'spec-rehearsal';
const SHARDS = 3;

/** A store whose documents can be changed behind the back of whoever keeps them. */
interface Store {
  readonly models: ReadModels;
  /** Puts documents in the place of those that are there, whatever their offsets. */
  put(
    version: number,
    docs: { readonly totals?: readonly TotalsDoc[]; readonly sheets?: readonly SheetDoc[] },
  ): Promise<void>;
  remove(version: number, doc: TotalsDoc): Promise<void>;
  dispose(): Promise<void>;
}

async function embedded(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-causes-'));
  let models = await openEmbeddedModels(folder);
  /** With nobody else in the store. */
  const alone = async (version: number, change: (store: ReturnType<typeof openModelStore>) => Promise<unknown>) => {
    await models.close();
    const store = openModelStore(join(folder, 'model', ID, `v${version}`));
    await change(store);
    await store.root.close();
    models = await openEmbeddedModels(folder);
  };
  return {
    get models() {
      return models;
    },
    put: (version, { totals = [], sheets = [] }) =>
      alone(version, async (store) => {
        const encoder = new Encoder(store);
        for (const { table, key, value } of [
          ...totals.map((doc) => encoder.totals(doc)),
          ...sheets.map((doc) => encoder.sheet(doc)),
        ])
          await table.put(key, value);
      }),
    remove: (version, { unit, contest, shard }) =>
      alone(version, (store) => store.totals.remove([unit, contest, shard])),
    async dispose() {
      await models.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function mongo(): Promise<Store> {
  const { models, dispose } = await modelDatabase();
  const collections = async (version: number) => ((await models.open(ID, version)) as MongoModel).collections;
  return {
    models,
    dispose,
    async put(version, { totals = [], sheets = [] }) {
      const { totals: parts, sheets: states } = await collections(version);
      for (const { _id, state } of totals.map(storeTotals)) await parts.updateOne({ _id }, { $set: { state } });
      for (const { _id, state } of sheets.map(storeSheet)) await states.updateOne({ _id }, { $set: { state } });
    },
    async remove(version, doc) {
      const { totals } = await collections(version);
      await totals.deleteOne({ _id: storeTotals(doc)._id });
    },
  };
}

describe.each([
  ['embedded', embedded],
  ['MongoDB', mongo],
] as const)('differences in a store of the kind %s', (_kind, open) => {
  let folder: string;
  let logs: EventLogs;
  let served: ServedElection;
  let store: Store;
  /** Versions: the one that was damaged, and the one that is right. */
  let live: number;
  let right: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-causes-log-'));
    logs = await openEmbeddedLogs(folder);
    const opened = await openProvince(logs, SHARDS);
    served = opened.served;
    const records = write(opened.author, tale(400, 2));
    await served.log.append(records.map(({ shard, key, value }) => ({ shard, key, value })));
    store = await open();
  });
  afterAll(async () => {
    await store.dispose();
    await logs.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** One version with each batch changed on its way, and one as the log says. */
  async function projectBoth(damage: (batch: ModelBatch) => ModelBatch = (batch) => batch): Promise<void> {
    const { version } = await projectChanged(served, store.models, damage);
    const sound = await store.models.create(ID, SHARDS, FOLD_VERSION);
    await project(served, sound, { batch: 100 });
    [live, right] = [version, sound.version];
  }

  async function compared(): Promise<readonly ReplayDifference[]> {
    const damaged = await store.models.open(ID, live);
    return (await compareModels(served, damaged!, await rebuilt())).differences;
  }

  const rebuilt = async (): Promise<ReadModel> => (await store.models.open(ID, right))!;
  const partOf = async (unit: string): Promise<TotalsDoc> =>
    viewing(served, await rebuilt(), async ({ snapshot }) => (await snapshot.totals(unit, 'all')).at(-1)!);

  /** One more vote for the last candidate, in the track given. */
  function more(doc: TotalsDoc, votes = 1): TotalsDoc {
    const { provisional } = doc.totals;
    const sums = provisional.sums.with(-1, provisional.sums.at(-1)! + votes);
    return { ...doc, totals: { ...doc.totals, provisional: { ...provisional, sums } } };
  }

  it('are explained by no event where a total was edited or deleted; the figure is named', async () => {
    await projectBoth();
    const [edited, deleted] = [await partOf('K3'), await partOf('K5')];
    await store.put(live, { totals: [more(edited, 7)] });
    await store.remove(live, deleted);
    const [first, second, ...others] = await compared();
    const votes = edited.totals.provisional.sums.at(-1)!;
    expect(first).toMatchObject({
      node: 'K3/all',
      unit: 'K3',
      contest: 'all',
      figures: [{ track: 'provisional', key: 'votes.2', live: votes + 7, rebuilt: votes }],
      cause: { kind: 'store' },
    });
    expect(second).toMatchObject({ node: 'K5/all', live: [], cause: { kind: 'store' } });
    const counted = second!.figures.find(({ key }) => key === 'progress.counted')!;
    expect([counted.live, counted.rebuilt]).toEqual([0, deleted.totals.progress[1]]);
    expect(others).toEqual([]);
  });

  it('lead to the first event that an older total or sheet lacks', async () => {
    await projectBoth();
    const half = await viewing(served, await rebuilt(), async ({ position }) =>
      position.map((end) => Math.floor(end / 2)),
    );
    const places = await viewing(served, await rebuilt(), async ({ snapshot }) => {
      const [state] = await snapshot.statesOf('P', 'all', 1);
      const [next] = await snapshot.changesOf('P', 'all', 1, state!.offset + 1, 10_000);
      return { state: state!, next: `1:${next!.offset}` };
    });
    const sheets = await viewing(
      served,
      await rebuilt(),
      async (view) => {
        for (const contest of served.election.contests)
          for (const station of contest.stations) {
            const then = await view.sheetDoc(station, contest);
            const [next] = (await view.snapshot.attemptsOn(station.code, contest.id)).filter(
              ({ offset, changes }) => then && offset > then.offset && changes.length > 0,
            );
            if (then && next) return { then, next: `${next.shard}:${next.offset}` };
          }
        throw new Error('no sheet was changed twice');
      },
      half,
    );
    await store.put(live, { totals: [places.state], sheets: [sheets.then] });
    const found = await compared();
    const causes = Object.fromEntries(found.map(({ node, cause }) => [node, cause]));
    expect(causes).toEqual({
      'P/all': { kind: 'older', at: places.next },
      [`${sheets.then.station}/${sheets.then.contest}`]: { kind: 'older', at: sheets.next },
    });
  });

  it('lead to the event that the live model took otherwise, in every total above it', async () => {
    let place: { shard: number; offset: number; units: readonly string[]; station: string } | undefined;
    const damage = (batch: ModelBatch): ModelBatch => {
      const attempts = batch.attempts?.map((doc) => {
        const [change] = doc.changes;
        if (
          place ||
          batch.shard !== 1 ||
          doc.offset < 20 ||
          change?.contest !== 'all' ||
          !change.after.standing ||
          change.after.verified
        )
          return doc;
        const { shard, offset, units } = doc;
        place = { shard, offset, units, station: change.station };
        const { standing } = change.after;
        const after = { ...change.after, standing: standing.with(-1, standing.at(-1)! + 1) };
        return { ...doc, changes: [{ ...change, after }] };
      });
      const wrong = (doc: TotalsDoc): TotalsDoc =>
        place &&
        doc.shard === 1 &&
        doc.offset >= place.offset &&
        doc.contest === 'all' &&
        place.units.includes(doc.unit)
          ? bothTracks(doc)
          : doc;
      return {
        ...batch,
        ...(attempts && { attempts }),
        totals: batch.totals?.map(wrong) ?? [],
        states: batch.states?.map(wrong) ?? [],
      };
    };
    await projectBoth(damage);
    const found = await compared();
    const at = `${place!.shard}:${place!.offset}`;
    const nodes = found.filter(({ node }) => !node.includes(' '));
    expect(nodes.map(({ node }) => node).sort()).toEqual(place!.units.map((unit) => `${unit}/all`).sort());
    expect(found.map(({ cause }) => cause)).toEqual(found.map(() => ({ kind: 'event', at })));
    expect(found.some(({ node }) => node === `attempt ${at}`)).toBe(true);
    for (const { figures } of nodes)
      expect(
        figures.map(({ track, key, live: told, rebuilt: sound }) => [track, key, Number(told) - Number(sound)]),
      ).toEqual([
        ['provisional', 'votes.2', 1],
        ['all', 'votes.2', 1],
      ]);
  });

  /** As a fold that counts one vote too many would leave it. */
  function bothTracks(doc: TotalsDoc): TotalsDoc {
    const { provisional, all } = more(doc).totals;
    const sums = all.sums.with(-1, all.sums.at(-1)! + 1);
    return { ...doc, totals: { ...doc.totals, provisional, all: { ...all, sums } } };
  }

  it('are explained by no event where an attempt alone was changed, and lie between full states where only those part', async () => {
    let attempt = '';
    let from = -1;
    const damage = (batch: ModelBatch): ModelBatch => {
      const attempts = batch.attempts?.map((doc) => {
        const [change] = doc.changes;
        if (attempt !== '' || !change?.after.standing) return doc;
        attempt = `attempt ${doc.shard}:${doc.offset}`;
        const after = { ...change.after, standing: change.after.standing.map((value) => value + 1) };
        return { ...doc, changes: [{ ...change, after }] };
      });
      const wrong = (doc: TotalsDoc): TotalsDoc => {
        if (doc.unit !== 'P' || doc.contest !== 'all' || doc.shard !== 1) return doc;
        return from >= 0 && doc.offset >= from ? more(doc) : doc;
      };
      const [state] =
        batch.shard === 1 ? (batch.states ?? []).filter(({ unit, contest }) => unit === 'P' && contest === 'all') : [];
      if (state && from < 0) from = state.offset;
      return {
        ...batch,
        ...(attempts && { attempts }),
        totals: batch.totals?.map(wrong) ?? [],
        states: batch.states?.map(wrong) ?? [],
      };
    };
    await projectBoth(damage);
    const found = await compared();
    expect(from).toBeGreaterThan(0);
    const causes = Object.fromEntries(found.map(({ node, cause }) => [node, cause]));
    expect(causes[attempt]).toEqual({ kind: 'store' });
    expect(causes['P/all']).toEqual({ kind: 'between', after: null, at: `1:${from}` });
    expect(causes[`state P/all 1:${from}`]).toEqual({ kind: 'store' });
  });
});
