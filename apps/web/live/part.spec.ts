import { describe, expect, it } from '@jest/globals';
import type { ResultRow, ResultsAnswer } from '#wire';
import { applyMessage, type Part, partOfAnswer, partOfRows, type Scope, takeSnapshot } from './part.ts';

const scope: Scope = { contest: 'na-1', track: 'provisional', validField: 'H', includes: (unit) => unit === '09' };
/** Shares of something else than the default: nothing to guess from. */
const ofOther: Scope = { ...scope, validField: 'R' };

const answer = (position: string, votes: number | null): ResultsAnswer => ({
  election: 'e',
  position,
  asOf: '2021-05-23T14:00:00Z',
  nodes: [
    {
      unit: '09',
      contest: 'na-1',
      published: true,
      tracks: votes === null ? {} : { provisional: { fields: { H: 100 }, votes: { '1': votes }, shareOf: 100 } },
    },
  ],
});

const part = (position: string, votes: number | null, within = scope): Part =>
  partOfAnswer(answer(position, votes), within)!;

const row = (key: string, value: number | null, more: Partial<ResultRow> = {}): ResultRow => ({
  unit: '09',
  contest: 'na-1',
  track: 'provisional',
  key,
  value,
  ...more,
});

describe('a part of the results', () => {
  it('takes later snapshots and refuses earlier ones', () => {
    expect(takeSnapshot(null, part('0:5,1:5', 10))?.position).toEqual([5, 5]);
    expect(takeSnapshot(part('0:5,1:5', 10), part('0:6,1:4', 9))?.position).toEqual([5, 5]);
    expect(takeSnapshot(part('0:5,1:5', 10), part('0:6,1:5', 11))?.position).toEqual([6, 5]);
    expect(takeSnapshot(part('0:5,1:5', 10), null)?.position).toEqual([5, 5]);
  });

  it('applies absolute values and names the new position', () => {
    const changes = [row('votes.1', 12), row('shareOf', 120), row('progress.received', 3, { track: '' })];
    const { verdict, part: next } = applyMessage(
      part('0:5', 10),
      { from: '0:5', to: '0:7', asOf: 'later', changes },
      scope,
    );
    expect(verdict).toBe('apply');
    expect(next.position).toEqual([7]);
    expect(next.asOf).toBe('later');
    expect(next.nodes.get('09')?.totals).toMatchObject({ votes: { '1': 12 }, fields: { H: 100 }, shareOf: 120 });
    expect(next.nodes.get('09')?.progress?.received).toBe(3);
    expect(next.isUnsure).toBe(false);
  });

  it('shows no share of an old divisor when the message does not name the new one', () => {
    const message = { from: '0:5', to: '0:7', asOf: null, changes: [row('votes.1', 12), row('field.H', 130)] };
    const { part: unknown } = applyMessage(part('0:5', 10, ofOther), message, ofOther);
    expect(unknown.nodes.get('09')?.totals?.shareOf).toBeUndefined();
    expect(unknown.isUnsure).toBe(true);
    const { part: guessed } = applyMessage(part('0:5', 10), message, scope);
    expect(guessed.nodes.get('09')?.totals?.shareOf).toBe(130);
    expect(guessed.isUnsure).toBe(true);
  });

  it('leaves out a node whose figures are gone, rather than showing zero', () => {
    const changes = [row('votes.1', null), row('field.H', null)];
    const { part: next } = applyMessage(part('0:5', 10), { from: '0:5', to: '0:6', asOf: null, changes }, scope);
    expect(next.nodes.get('09')?.totals).toBeUndefined();
  });

  it('ignores rows of other units, contests and tracks', () => {
    const changes = [
      row('votes.1', 99, { unit: '10' }),
      row('votes.1', 99, { contest: 'na-2' }),
      row('votes.1', 99, { track: 'verified' }),
    ];
    const { part: next } = applyMessage(part('0:5', 10), { from: '0:5', to: '0:6', asOf: null, changes }, scope);
    expect(next.nodes.get('09')?.totals?.votes).toEqual({ '1': 10 });
    expect(next.nodes.size).toBe(1);
  });

  it('stays as it is when a message does not continue it', () => {
    const own = part('0:5', 10);
    const changes = [row('votes.1', 12)];
    expect(applyMessage(own, { from: '0:6', to: '0:7', asOf: null, changes }, scope)).toEqual({
      verdict: 'refetch',
      part: own,
    });
    expect(applyMessage(own, { from: '0:3', to: '0:4', asOf: null, changes }, scope)).toEqual({
      verdict: 'ignore',
      part: own,
    });
    expect(applyMessage(own, { from: 'x', to: '0:7', asOf: null, changes }, scope)).toEqual({
      verdict: 'refetch',
      part: own,
    });
  });

  it('reads a snapshot of rows, keeping the divisor where the figures are the same', () => {
    const own = part('0:5', 10);
    const same = partOfRows({ position: '0:6', asOf: null }, [row('votes.1', 10), row('field.H', 100)], scope, own);
    expect(same?.nodes.get('09')?.totals?.shareOf).toBe(100);
    const own2 = part('0:5', 10, ofOther);
    const other = partOfRows({ position: '0:6', asOf: null }, [row('votes.1', 11), row('field.H', 100)], ofOther, own2);
    expect(other?.nodes.get('09')?.totals?.shareOf).toBeUndefined();
    expect(other?.isUnsure).toBe(true);
    const gone = partOfRows({ position: '0:6', asOf: null }, [], scope, own);
    expect(gone?.nodes.get('09')?.totals).toBeUndefined();
  });
});
