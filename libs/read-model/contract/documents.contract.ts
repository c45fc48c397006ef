/** Documents come back as they were written. */
import { describe, expect, it } from '@jest/globals';
import type { Entered } from '#domain';
import type { AttemptDoc, SheetDoc, TotalsDoc } from '../port.ts';
import { reading } from './reading.contract.ts';
import { accepted, all, attempt, type MakeHarness, part, sheet, view } from './sample.contract.ts';

export function documentsContract(makeHarness: MakeHarness): void {
  const store = reading(makeHarness);

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
      await store.model.write({ shard: 0, attempts: documents });
      const snapshot = await store.snapshot();
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
      await store.model.write({ shard: 0, sheets: documents });
      const snapshot = await store.snapshot();
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
      await store.model.write({ shard: 0, totals: documents, states: documents });
      const snapshot = await store.snapshot();
      expect(await all(snapshot.allTotals())).toEqual(documents);
      for (const document of documents) expect(await snapshot.statesOf(document.unit, 'c1', 0)).toEqual([document]);
    });

    it('that are not there are undefined, or an empty list', async () => {
      const snapshot = await store.snapshot();
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
}
