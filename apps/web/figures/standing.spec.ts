import { describe, expect, it } from '@jest/globals';
import type { Progress } from '#domain';
import type { ContestSummary } from '#wire';
import { leaders, resultState, seatsLine } from './standing.ts';

const progress = (part: Partial<Progress> = {}): Progress => ({
  stations: 4,
  received: 4,
  counted: 4,
  verified: 0,
  held: 0,
  disputed: 0,
  awaiting: 0,
  returned: 0,
  annulled: 0,
  sealed: 0,
  closed: 0,
  registered: 1000,
  registeredCounted: 1000,
  ...part,
});

describe('what a result is called', () => {
  const base = { published: true, hasFigures: true, certified: { state: 'open' }, track: 'provisional' } as const;

  it('is preliminary until it is certified', () => {
    expect(resultState({ ...base, progress: progress({ counted: 3 }) })).toBe('incomplete');
    expect(resultState({ ...base, progress: progress() })).toBe('complete');
    expect(resultState({ ...base, hasFigures: false, progress: progress({ received: 0, counted: 0 }) })).toBe(
      'nothing',
    );
    const certified = { state: 'certified', fingerprint: 'f', position: '0:1', at: '2021-05-26T00:00:00Z' } as const;
    expect(resultState({ ...base, progress: progress(), certified: { ...certified, changedSince: false } })).toBe(
      'certified',
    );
    expect(resultState({ ...base, progress: progress(), certified: { ...certified, changedSince: true } })).toBe(
      'changed',
    );
  });

  it('is complete without closed stations, unless something is still to be decided', () => {
    expect(resultState({ ...base, progress: progress({ counted: 3, closed: 1 }) })).toBe('complete');
    expect(resultState({ ...base, progress: progress({ counted: 3, closed: 1, held: 1 }) })).toBe('incomplete');
  });

  it('asks the verified track for verified sheets', () => {
    expect(resultState({ ...base, track: 'verified', progress: progress({ verified: 3 }) })).toBe('incomplete');
  });
});

describe('who leads', () => {
  const contest = (part: Partial<ContestSummary>): ContestSummary => ({
    id: 'c',
    name: 'c',
    seats: 2,
    form: 'count',
    decision: 'plurality',
    kind: 'first',
    area: [],
    stations: 4,
    registeredKnown: true,
    fields: [{ id: 'H', name: { en: 'Valid' }, role: 'valid' }],
    candidates: ['1', '2', '3'].map((number) => ({ contest: 'c', number, name: number })),
    certified: { state: 'open' },
    ...part,
  });
  const totals = { fields: { H: 100 }, votes: { '1': 60, '2': 50, '3': 51 } };
  const names = (set: ReadonlySet<string>): string[] => [...set].sort();

  it('is nobody below the threshold', () => {
    expect(names(leaders(contest({}), totals, progress({ registeredCounted: 499 }), 0.5))).toEqual([]);
    expect(names(leaders(contest({}), totals, progress({ registeredCounted: 500 }), 0.5))).toEqual(['1', '3']);
    expect(names(leaders(contest({}), totals, progress({ registered: 0, registeredCounted: 0 }), 0.5))).toEqual([]);
  });

  it('needs strictly more than half of the valid ballots where the decision says so', () => {
    const majority = contest({ decision: 'majority-of-valid-ballots', seats: 3 });
    expect(names(leaders(majority, totals, progress(), 0.5))).toEqual(['1', '3']);
  });

  it('is none of those who tie over the last place, and nobody withdrawn', () => {
    const tied = { fields: { H: 100 }, votes: { '1': 60, '2': 51, '3': 51 } };
    expect(names(leaders(contest({}), tied, progress(), 0.5))).toEqual(['1']);
    const withdrawn = contest({ candidates: [{ contest: 'c', number: '1', name: '1', withdrawn: true }] });
    expect(names(leaders(withdrawn, tied, progress(), 0.5))).toEqual([]);
  });

  it('stands above the line of the seats, and who only ties over the last seat does not', () => {
    expect(seatsLine(contest({}), totals, progress(), 0.5)).toEqual({ places: 2, below: 2, why: undefined });
    expect(seatsLine(contest({}), totals, progress({ registeredCounted: 499 }), 0.5)).toBeNull();
    const tied = { fields: { H: 100 }, votes: { '1': 60, '2': 51, '3': 51 } };
    expect(seatsLine(contest({}), tied, progress(), 0.5)).toEqual({ places: 1, below: 1, why: 'tie' });
    const majority = contest({ decision: 'majority-of-valid-ballots', seats: 3 });
    expect(seatsLine(majority, totals, progress(), 0.5)).toEqual({ places: 2, below: 2, why: 'half' });
    expect(seatsLine(majority, { fields: { H: 200 }, votes: { '1': 60 } }, progress(), 0.5)).toBeNull();
    const one = contest({}).candidates.map((candidate) =>
      candidate.number === '1' ? { ...candidate, withdrawn: true as const } : candidate,
    );
    expect(seatsLine(contest({ candidates: one, seats: 1 }), totals, progress(), 0.5)).toMatchObject({
      places: 1,
      below: 2,
    });
  });
});
