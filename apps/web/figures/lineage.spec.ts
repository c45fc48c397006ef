import { describe, expect, it } from '@jest/globals';
import { figureAt, figureKeysOf, hasAreasBetween, keyOf, runningSums } from './lineage.ts';

const contest = {
  seats: 2,
  candidates: [
    { contest: 'c', number: '1', name: 'Ann' },
    { contest: 'c', number: '3.12', name: 'Bob' },
  ],
  fields: [
    { id: 'H', name: {} },
    { id: 'n', name: {}, repeat: 'seats' as const },
    { id: 'opened', name: {}, type: 'time' as const },
  ],
};

describe('what a figure is made of', () => {
  it('has a key for each candidate and each summed field', () => {
    expect(figureKeysOf(contest)).toEqual(['votes.1', 'votes.3.12', 'field.H', 'field.n.1', 'field.n.2']);
    expect(keyOf(contest, 'field.n.2')).toBe('field.n.2');
    expect([keyOf(contest, 'field.opened'), keyOf(contest, undefined)]).toEqual(['votes.1', 'votes.1']);
    expect(keyOf({ ...contest, candidates: [], fields: [] }, 'votes.1')).toBeUndefined();
  });

  it('adds up row by row; a row that states nothing adds nothing', () => {
    expect(runningSums([811, undefined, 0, 700])).toEqual([811, 811, 811, 1511]);
  });

  it('reads a figure by its key; a time is none', () => {
    const sheet = { votes: { '3.12': 7 }, fields: { H: 9, opened: '2021-05-23T07:00:00Z' } };
    expect(['votes.3.12', 'field.H', 'field.opened', 'votes.1'].map((key) => figureAt(sheet, key))).toEqual([
      7,
      9,
      undefined,
      undefined,
    ]);
  });

  it('goes by areas where there are any between the unit and its sheets', () => {
    expect(hasAreasBetween({ children: [{ isStation: true }, { isStation: false }] })).toBe(true);
    expect(hasAreasBetween({ children: [{ isStation: true }] })).toBe(false);
  });
});
