import { describe, expect, it } from '@jest/globals';
import { difference, differencesOf, differs } from './differences.ts';
import { figureAt } from './lineage.ts';

describe('what differs between two positions', () => {
  it('is each figure before and after; nothing received is not zero', () => {
    const before = { votes: { 1: 700, 2: 0 }, fields: { H: 700 } };
    const after = { votes: { 1: 705, 2: 0 }, fields: { H: 690 } };
    const keys = ['votes.1', 'votes.2', 'field.H', 'field.X'];
    const found = differencesOf(keys, figureAt, before, after);
    expect(found.map((one) => one.difference)).toEqual([5, 0, -10, null]);
    expect(found.map(differs)).toEqual([true, false, true, false]);
    expect(differencesOf(['votes.2'], figureAt, undefined, after).map(differs)).toEqual([true]);
    expect(difference('votes.1', 5, undefined)).toMatchObject({ difference: -5 });
  });
});
