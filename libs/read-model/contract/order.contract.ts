/** Lists: in the order promised, whole, and of what was asked for alone. */
import { describe, expect, it } from '@jest/globals';
import { reading } from './reading.contract.ts';
import { accepted, all, attempt, type MakeHarness, note, part, placeOf, sheet, view } from './sample.contract.ts';

export function orderContract(makeHarness: MakeHarness): void {
  const store = reading(makeHarness);

  describe('order and reach', () => {
    const codes = ['A', 'A-1', 'A.1', 'AA', 'B', 'a', 'Đ', 'é', '￮', '𝒜'];
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

    it('of all sheets and totals is by bytes of code, contest, then shard', async () => {
      const mixed = [...codes].reverse();
      const sheets = mixed.flatMap((code) => ['c2', 'C', 'c1'].map((contest) => sheet(0, 1, code, contest, 1)));
      const totals = (shard: number) =>
        mixed.flatMap((code) => ['c2', 'C', 'c1'].map((contest) => part(code, contest, shard, 1)));
      await store.model.write({ shard: 1, totals: totals(1) });
      await store.model.write({ shard: 0, sheets, totals: totals(0) });
      const snapshot = await store.snapshot();
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
      await store.model.write({
        shard: 0,
        sheets: [...sheets, sheet(0, 1, 'A', 'c1-b', 1)],
        totals: codes.map((code) => part(code, 'c1', 0, 1)),
      });
      const snapshot = await store.snapshot();
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
      await store.model.write({
        shard: 0,
        attempts: many.map((_, i) => attempt(0, i)),
        sheets: many.map((code) => sheet(0, 1, code, 'c1', 1)),
      });
      const snapshot = await store.snapshot();
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
        await store.model.write({ shard: 0, attempts: [attempt(0, from), attempt(0, from + 2)] });
      await store.model.write({ shard: 1, attempts: [attempt(1, 31)] });
      const snapshot = await store.snapshot();
      expect((await all(snapshot.attempts(0, 1, 102))).map(placeOf)).toEqual(['0:2', '0:30', '0:32', '0:100']);
      expect(await snapshot.attempt(0, 31)).toBeUndefined();
      expect(await all(snapshot.attempts(0, 3, 30))).toEqual([]);
    });

    it('of attempts about sheets has theirs and those that concern no sheet, in order, of one shard, within bounds', async () => {
      const of = (offset: number, station: string, contest: string) => attempt(0, offset, { station, contest });
      await store.model.write({
        shard: 0,
        attempts: [
          accepted(0, 0, 's1', 'c1', 1),
          of(1, 's2', 'c1'),
          of(2, 's1', 'c2'),
          attempt(0, 3, { rejection: 'unreadable' }),
          attempt(0, 4, { station: 's9', type: 'tally.station.closed.v1' }),
          ...Array.from({ length: 600 }, (_, i) => of(5 + i, i % 2 ? 's1' : 's3', 'c1')),
          of(605, 's1', 'c1-b'),
        ],
      });
      await store.model.write({ shard: 1, attempts: [attempt(1, 0), accepted(1, 1, 's1', 'c1', 1)] });
      const snapshot = await store.snapshot();
      const sheets = [
        { station: 's1', contest: 'c1' },
        { station: 's2', contest: 'c1' },
      ];
      const found = async (from: number, to: number) =>
        (await all(snapshot.attemptsAbout(sheets, 0, from, to))).map(({ offset }) => offset);
      const odd = Array.from({ length: 300 }, (_, i) => 6 + 2 * i);
      expect(await found(0, 1_000)).toEqual([0, 1, 3, 4, ...odd]);
      expect(await found(1, 7)).toEqual([1, 3, 4, 6]);
      expect(await found(7, 7)).toEqual([]);
      expect((await all(snapshot.attemptsAbout([], 0, 0, 1_000))).map(placeOf)).toEqual(['0:3', '0:4']);
      const [both] = await all(snapshot.attemptsAbout([sheets[0]!, sheets[0]!], 0, 0, 1));
      expect(both).toEqual(accepted(0, 0, 's1', 'c1', 1));
      expect((await all(snapshot.attemptsAbout(sheets, 1, 0, 9))).map(placeOf)).toEqual(['1:0', '1:1']);
    });

    it('of the changes of a node begins at `from`, ends before `to`, and is of that node alone', async () => {
      for (let from = 0; from < 10_000; from += 2_500) {
        const attempts = Array.from({ length: 2_500 }, (_, i) => {
          const offset = from + i;
          return offset % 50 === 0 ? accepted(0, offset, '0.0-0', offset % 100 ? 'c2' : 'c1', 1) : attempt(0, offset);
        });
        await store.model.write({ shard: 0, attempts });
      }
      await store.model.write({ shard: 1, attempts: [accepted(1, 100, '0.0-1', 'c1', 1)] });
      const snapshot = await store.snapshot();
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
      await store.model.write({ shard: 0, attempts: [closing] });
      const snapshot = await store.snapshot();
      for (const contest of ['c1', 'c2']) expect(await snapshot.changesOf('u', contest, 0, 0, 10)).toEqual([closing]);
    });

    it('of full states is by offset, and the one before is before', async () => {
      const states = [64, 192, 128].map((offset) => part('u', 'c1', 0, offset, offset));
      await store.model.write({ shard: 0, states: [...states, part('u', 'c1-b', 0, 100), part('u2', 'c1', 0, 100)] });
      await store.model.write({ shard: 1, states: [part('u', 'c1', 1, 100)] });
      const snapshot = await store.snapshot();
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
      await store.model.write({ shard: 1, notes: [note(kind, 'c1', 1, 3)] });
      await store.model.write({
        shard: 0,
        notes: [note(kind, 'c2', 0, 5), note(kind, 'c1', 0, 7), note('contest', 'c1', 0, 8)],
      });
      await store.model.write({ shard: 0, notes: [note(kind, 'c10', 0, 6), note(`${kind}x`, 'c1', 0, 9)] });
      const snapshot = await store.snapshot();
      expect((await snapshot.notes(kind)).map(placeOf)).toEqual(['0:5', '0:6', '0:7', '1:3']);
      expect(await snapshot.notes(kind, 'c1')).toEqual([note(kind, 'c1', 0, 7), note(kind, 'c1', 1, 3)]);
    });
  });
}
