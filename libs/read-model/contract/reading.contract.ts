/** Reading: documents as they were written, lists in the order promised, views that stand still. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Entered } from '#domain';
import type { AttemptDoc, ModelSnapshot, ReadModel, ReadModels, SheetDoc, TotalsDoc } from '../port.ts';
import {
  accepted,
  all,
  attempt,
  batchOf,
  ELECTION,
  everything,
  FOLD,
  LENGTH,
  type MakeHarness,
  note,
  part,
  placeOf,
  type ReadModelHarness,
  SHARDS,
  sheet,
  view,
} from './sample.contract.ts';

export function readingContract(makeHarness: MakeHarness): void {
  let harness: ReadModelHarness;
  let models: ReadModels;
  let model: ReadModel;
  let open: ModelSnapshot[];

  const snapshotNow = async () => {
    const snapshot = await model.snapshot();
    open.push(snapshot);
    return snapshot;
  };

  beforeEach(async () => {
    harness = await makeHarness();
    models = await harness.open();
    model = await models.create(ELECTION, SHARDS, FOLD);
    open = [];
  });
  afterEach(async () => {
    for (const snapshot of open) snapshot.close();
    await models.close();
    await harness.dispose();
  });

  describe('documents', () => {
    it('of an attempt come back as they were written', async () => {
      const data = (value: unknown) => value as AttemptDoc['data'];
      const submitted = accepted(0, 0, '0.0-0', 'c1', 7);
      const documents: AttemptDoc[] = [
        submitted,
        {
          shard: 0,
          offset: 1,
          logTime: 1,
          outcome: 'rejected',
          rejection: 'unreadable',
          detail: 'not JSON',
          changes: [],
          units: [],
        },
        attempt(0, 2, { rejection: 'repeat', first: 0, subject: 'x/y', station: 'x', contest: 'y', findings: [] }),
        attempt(0, 3, {
          outcome: 'accepted',
          rejection: undefined,
          type: 'tally.station.closed.v1',
          subject: '0.0-0',
          data: data({ into: '0.0-1', reason: 'Cháy' }),
          station: '0.0-0',
          changes: [
            { station: '0.0-0', contest: 'c1', before: view(7), after: { ...view(7), closed: true } },
            {
              station: '0.0-0',
              contest: 'c2',
              before: null,
              after: { ...view(0), standing: null, status: 'none', closed: true },
            },
          ],
          units: ['0.0', 'root'],
        }),
        {
          ...submitted,
          offset: 4,
          data: data({
            sheet: {
              station: '0.0-0',
              contest: 'c1',
              fields: { H: 1.5, open: '07:00', x: null },
              votes: { b: 1, a: { n: [1] } },
            },
          }),
        },
        {
          ...submitted,
          offset: 5,
          data: data({
            sheet: { station: 'other', fields: {}, votes: {}, reason: 'sửa 🗳️', evidence: ['a'] },
            more: [1, { x: null }],
          }),
        },
        {
          ...submitted,
          offset: 6,
          data: data({ sheet: { station: '0.0-0', contest: 'c1', fields: [1], votes: 'none' } }),
        },
        { ...submitted, offset: 7, data: data({ sheet: null, rules: 7 }) },
        {
          ...submitted,
          offset: 8,
          data: data(JSON.parse('{"sheet":{"fields":{"__proto__":1},"votes":{"constructor":2}}}')),
        },
        {
          ...submitted,
          offset: 9,
          findings: [
            { rule: 'vn-1', severity: 'error' },
            { rule: 'rule-failed', severity: 'info', about: 'x' },
          ],
        },
        { ...submitted, offset: 10, actor: { id: 'a', role: 'clerk', unit: 'x', extra: 1 } as AttemptDoc['actor'] },
        {
          ...submitted,
          offset: 11,
          subject: '\ud800 half a pair',
          detail: 'x'.repeat(70_000),
          station: '\u0000',
          contest: 'ü'.repeat(3_000),
        },
        {
          ...submitted,
          offset: 12,
          data: data({
            rules: '1',
            sheet: { station: '0.0-0', contest: 'c1', fields: { H: 9 }, votes: {}, expectedRevision: 3, via: 'phone' },
          }),
        },
        {
          ...submitted,
          offset: 13,
          changes: [
            {
              station: 's',
              contest: 'c',
              before: { ...view(1), held: [1, 2], sealed: true, verified: true },
              after: { ...view(2), status: 'held', held: view(2).standing },
            },
          ],
        },
      ];
      await model.write({ shard: 0, attempts: documents });
      const snapshot = await snapshotNow();
      for (const document of documents) expect(await snapshot.attempt(0, document.offset)).toEqual(document);
      expect(await all(snapshot.attempts(0, 0, 100))).toEqual(documents);
      expect(await snapshot.attemptsOn('\u0000', 'ü'.repeat(3_000))).toEqual([documents[11]]);
      const own = await snapshot.attempt(0, 8);
      expect(JSON.stringify(own?.data)).toBe('{"sheet":{"fields":{"__proto__":1},"votes":{"constructor":2}}}');
    });

    it('of a sheet come back as they were written', async () => {
      const figures = [999_999_999, -1, 0, 127, 128, 16_383, 16_384];
      const entered = (revision: number): Entered => ({
        revision,
        figures: figures.map((figure) => figure - (figure > 0 ? revision : 0)),
        times: revision % 2 ? { opened: '07:00', closed: '19:00' } : {},
        by: revision % 2 ? ['a', 'b'] : ['Ủy ban'],
        offset: revision,
        findings: revision % 2 ? [{ rule: 'r', severity: 'warning' }] : [],
      });
      const base = sheet(0, 1, '0.0-0', 'c1', 1);
      const [one, two, three] = [entered(1), entered(2), entered(3)];
      const documents: SheetDoc[] = [
        {
          ...base,
          station: 's1',
          newest: null,
          standing: null,
          view: { ...base.view, status: 'none', revision: 0, standing: null, sealed: true },
        },
        {
          ...base,
          station: 's2',
          newest: three,
          second: two,
          standing: one,
          heldFor: ['rules', 'verified'],
          view: { ...base.view, standing: one.figures, held: three.figures, status: 'held' },
        },
        {
          ...base,
          station: 's3',
          newest: one,
          standing: one,
          view: { ...base.view, standing: one.figures, held: one.figures, verified: true, closed: true },
        },
        {
          ...base,
          station: 's4',
          newest: one,
          standing: entered(1),
          view: { ...base.view, standing: one.figures.slice() },
        },
      ];
      await model.write({ shard: 0, sheets: documents });
      const snapshot = await snapshotNow();
      for (const document of documents) expect(await snapshot.sheet(document.station, 'c1')).toEqual(document);
    });

    it('of totals are exact up to 2^53', async () => {
      const big = 2 ** 53;
      const track = (sheets: number, sums: number[]) => ({ sheets, sums, present: [sheets, 0] });
      const documents: TotalsDoc[] = [
        [0, 0],
        [1, big - 1],
        [big, 7],
        [2 ** 28, 2 ** 28 - 1],
        [2 ** 32, 0.5],
        [-1, -5],
      ].map((sums, i) => ({
        ...part(`u${i}`, 'c1', 0, 1),
        totals: {
          provisional: track(3, sums),
          verified: track(0, [0, 0]),
          all: track(i, sums),
          progress: [i, big - 2],
        },
      }));
      await model.write({ shard: 0, totals: documents, states: documents });
      const snapshot = await snapshotNow();
      expect(await all(snapshot.allTotals())).toEqual(documents);
      for (const document of documents) expect(await snapshot.statesOf(document.unit, 'c1', 0)).toEqual([document]);
    });

    it('that are not there are undefined, or an empty list', async () => {
      const snapshot = await snapshotNow();
      expect(await snapshot.attempt(0, 0)).toBeUndefined();
      expect(await snapshot.sheet('s', 'c')).toBeUndefined();
      expect(await snapshot.stateBefore('u', 'c', 0, 100)).toBeUndefined();
      expect(await snapshot.totals('u', 'c')).toEqual([]);
      expect(await snapshot.attemptsOn('s', 'c')).toEqual([]);
      expect(await snapshot.changesOf('u', 'c', 0, 0, 100)).toEqual([]);
      expect(await snapshot.notes('kind')).toEqual([]);
      expect(await all(snapshot.allSheets())).toEqual([]);
    });
  });

  describe('order and reach', () => {
    const codes = ['A', 'A-1', 'A.1', 'AA', 'B', 'a', 'Đ', 'é', '￮', '𝒜'];
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

    it('of all sheets and totals is by bytes of code, contest, then shard', async () => {
      const mixed = [...codes].reverse();
      const sheets = mixed.flatMap((code) => ['c2', 'C', 'c1'].map((contest) => sheet(0, 1, code, contest, 1)));
      const totals = (shard: number) =>
        mixed.flatMap((code) => ['c2', 'C', 'c1'].map((contest) => part(code, contest, shard, 1)));
      await model.write({ shard: 1, totals: totals(1) });
      await model.write({ shard: 0, sheets, totals: totals(0) });
      const snapshot = await snapshotNow();
      const sorted = [...codes]
        .sort(byBytes)
        .flatMap((code) => ['C', 'c1', 'c2'].map((contest) => `${code}/${contest}`));
      expect((await all(snapshot.allSheets())).map((doc) => `${doc.station}/${doc.contest}`)).toEqual(sorted);
      expect((await all(snapshot.allTotals())).map((doc) => `${doc.unit}/${doc.contest}/${doc.shard}`)).toEqual(
        sorted.flatMap((node) => [`${node}/0`, `${node}/1`]),
      );
    });

    it('of one unit or station ends at its own code', async () => {
      const sheets = codes.map((code) => sheet(0, 1, code, 'c1', 1));
      await model.write({
        shard: 0,
        sheets: [...sheets, sheet(0, 1, 'A', 'c1-b', 1)],
        totals: codes.map((code) => part(code, 'c1', 0, 1)),
      });
      const snapshot = await snapshotNow();
      expect((await snapshot.sheetsOf('A')).map(({ station, contest }) => [station, contest])).toEqual([
        ['A', 'c1'],
        ['A', 'c1-b'],
      ]);
      expect((await snapshot.totalsAt('A')).map(({ unit }) => unit)).toEqual(['A']);
      expect((await snapshot.totals('A', 'c1')).map(({ unit }) => unit)).toEqual(['A']);
      expect(await snapshot.totals('A', 'c')).toEqual([]);
      expect(await snapshot.sheetsOf('')).toEqual([]);
    });

    it('reads long lists whole, and may be left early', async () => {
      const many = Array.from({ length: 700 }, (_, i) => String(i).padStart(4, '0'));
      await model.write({
        shard: 0,
        attempts: many.map((_, i) => attempt(0, i)),
        sheets: many.map((code) => sheet(0, 1, code, 'c1', 1)),
      });
      const snapshot = await snapshotNow();
      expect((await all(snapshot.allSheets())).map(({ station }) => station)).toEqual(many);
      expect(await all(snapshot.attempts(0, 10, 690))).toHaveLength(680);
      for await (const { offset } of snapshot.attempts(0, 5, 700)) {
        expect(offset).toBe(5);
        break;
      }
      expect((await all(snapshot.attempts(0, 0, 3))).map(placeOf)).toEqual(['0:0', '0:1', '0:2']);
    });

    it('of attempts leaves out what is not there', async () => {
      for (const from of [30, 0, 100])
        await model.write({ shard: 0, attempts: [attempt(0, from), attempt(0, from + 2)] });
      await model.write({ shard: 1, attempts: [attempt(1, 31)] });
      const snapshot = await snapshotNow();
      expect((await all(snapshot.attempts(0, 1, 102))).map(placeOf)).toEqual(['0:2', '0:30', '0:32', '0:100']);
      expect(await snapshot.attempt(0, 31)).toBeUndefined();
      expect(await all(snapshot.attempts(0, 3, 30))).toEqual([]);
    });

    it('of the changes of a node begins at `from`, ends before `to`, and is of that node alone', async () => {
      for (let from = 0; from < 10_000; from += 2_500) {
        const attempts = Array.from({ length: 2_500 }, (_, i) => {
          const offset = from + i;
          return offset % 50 === 0 ? accepted(0, offset, '0.0-0', offset % 100 ? 'c2' : 'c1', 1) : attempt(0, offset);
        });
        await model.write({ shard: 0, attempts });
      }
      await model.write({ shard: 1, attempts: [accepted(1, 100, '0.0-1', 'c1', 1)] });
      const snapshot = await snapshotNow();
      const changes = async (from: number, to: number) =>
        (await snapshot.changesOf('root', 'c1', 0, from, to)).map(({ offset }) => offset);
      expect(await changes(0, 10_000)).toEqual(Array.from({ length: 100 }, (_, i) => i * 100));
      expect(await changes(100, 300)).toEqual([100, 200]);
      expect(await changes(101, 301)).toEqual([200, 300]);
      expect(await changes(4_900, 5_001)).toEqual([4_900, 5_000]);
      expect(await changes(9_901, 20_000)).toEqual([]);
      expect(await changes(200, 200)).toEqual([]);
      expect(await snapshot.changesOf('0.1', 'c1', 0, 0, 10_000)).toEqual([]);
      expect((await snapshot.changesOf('root', 'c1', 1, 0, 200)).map(placeOf)).toEqual(['1:100']);
    });

    it('of the changes counts an attempt that changes several contests once for each', async () => {
      const closing = attempt(0, 6, {
        outcome: 'accepted',
        station: 's',
        changes: ['c1', 'c2', 'c1'].map((contest) => ({ station: 's', contest, before: null, after: view(1) })),
        units: ['u', 'root'],
      });
      await model.write({ shard: 0, attempts: [closing] });
      const snapshot = await snapshotNow();
      for (const contest of ['c1', 'c2']) expect(await snapshot.changesOf('u', contest, 0, 0, 10)).toEqual([closing]);
    });

    it('of full states is by offset, and the one before is before', async () => {
      const states = [64, 192, 128].map((offset) => part('u', 'c1', 0, offset, offset));
      await model.write({ shard: 0, states: [...states, part('u', 'c1-b', 0, 100), part('u2', 'c1', 0, 100)] });
      await model.write({ shard: 1, states: [part('u', 'c1', 1, 100)] });
      const snapshot = await snapshotNow();
      expect((await snapshot.statesOf('u', 'c1', 0)).map(placeOf)).toEqual(['0:64', '0:128', '0:192']);
      const before = async (offset: number) => (await snapshot.stateBefore('u', 'c1', 0, offset))?.offset;
      expect(await Promise.all([0, 64, 65, 128, 129, 10_000].map(before))).toEqual([
        undefined,
        undefined,
        64,
        64,
        128,
        192,
      ]);
      expect((await snapshot.stateBefore('u', 'c1', 1, 10_000))?.shard).toBe(1);
    });

    it('of notes is by shard and offset, of one kind, and of one subject if asked', async () => {
      const kind = 'contest.reopened';
      await model.write({ shard: 1, notes: [note(kind, 'c1', 1, 3)] });
      await model.write({
        shard: 0,
        notes: [note(kind, 'c2', 0, 5), note(kind, 'c1', 0, 7), note('contest', 'c1', 0, 8)],
      });
      await model.write({ shard: 0, notes: [note(kind, 'c10', 0, 6), note(`${kind}x`, 'c1', 0, 9)] });
      const snapshot = await snapshotNow();
      expect((await snapshot.notes(kind)).map(placeOf)).toEqual(['0:5', '0:6', '0:7', '1:3']);
      expect(await snapshot.notes(kind, 'c1')).toEqual([note(kind, 'c1', 0, 7), note(kind, 'c1', 1, 3)]);
    });
  });

  describe('a snapshot', () => {
    const next = (from: number) => ({
      ...batchOf(0, from, from + 10),
      checkpoint: { from, to: { offset: from + 10, logTime: from } },
    });

    it('sees what was written before it was opened', async () => {
      for (let from = 0; from < LENGTH; from += 10) {
        await model.write(next(from));
        expect((await snapshotNow()).position).toEqual([from + 10, 0]);
      }
    });

    it('stands still while writing goes on', async () => {
      await model.write(next(0));
      const [first, alike] = [await snapshotNow(), await snapshotNow()];
      const before = await everything(first);
      const sheets = first.allSheets()[Symbol.asyncIterator]();
      const begun = await sheets.next();
      for (let from = 10; from < LENGTH; from += 10) {
        await model.write(next(from));
        expect(first.position).toEqual([10, 0]);
        expect(await everything(first)).toEqual(before);
      }
      const iterated = [begun.value];
      for (let step = await sheets.next(); !step.done; step = await sheets.next()) iterated.push(step.value);
      expect(iterated).toEqual(before.sheets);
      first.close();
      expect(await everything(alike)).toEqual(before);
      expect((await snapshotNow()).position).toEqual([LENGTH, 0]);
    });

    it('is never torn: its documents are not older than its checkpoints', async () => {
      const writing = (async () => {
        for (let from = 0; from < LENGTH; from += 10) await model.write(next(from));
      })();
      let done = false;
      const finished = writing.finally(() => {
        done = true;
      });
      while (!done) {
        const snapshot = await model.snapshot();
        const position = snapshot.position[0]!;
        const attempts = await all(snapshot.attempts(0, 0, LENGTH));
        snapshot.close();
        expect(attempts.length).toBeGreaterThanOrEqual(position);
        // A store that answers at once would else leave no room for the writing.
        await new Promise((resolve) => setImmediate(resolve));
      }
      await finished;
    });

    it('may be closed twice', async () => {
      const snapshot = await model.snapshot();
      snapshot.close();
      snapshot.close();
    });
  });
}
