import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Progress } from '#domain';
import type { ContestSummary, SpelledTotals } from '#wire';
import { type Outlook, type OutlookOf, outlook, stillOut } from './outlook.ts';

/** Ten polling areas of 100 voters; seven are counted where nothing else is said. */
const count = (part: Partial<Progress> = {}): Progress => ({
  stations: 10,
  received: 7,
  counted: 7,
  verified: 0,
  held: 0,
  disputed: 0,
  awaiting: 0,
  returned: 0,
  annulled: 0,
  sealed: 0,
  closed: 0,
  registered: 1000,
  registeredCounted: 700,
  ...part,
});

const FIELDS = [
  { id: 'C', name: {}, role: 'registered' },
  { id: 'V', name: {}, role: 'voted' },
  { id: 'H', name: {}, role: 'valid' },
] as const;

function contestOf(part: Partial<ContestSummary> = {}): ContestSummary {
  return {
    id: 'mayor',
    name: 'Mayor',
    seats: 1,
    form: 'count',
    decision: 'plurality',
    kind: 'first',
    area: ['r'],
    stations: 10,
    registeredKnown: true,
    fields: FIELDS,
    candidates: ['1', '2', '3', '4'].map((number) => ({ contest: 'mayor', number, name: number })),
    certified: { state: 'open' },
    ...part,
  };
}

interface Scene {
  readonly contest?: Partial<ContestSummary>;
  readonly others?: readonly ContestSummary[];
  readonly progress?: Partial<Progress>;
  readonly fields?: SpelledTotals['fields'];
  readonly present?: SpelledTotals['present'];
  readonly leaderThreshold?: number;
}

/** `given(scene).when(votes)`: what is said of it then. */
function given({ contest: part, others = [], progress, fields, present, leaderThreshold = 0.5 }: Scene) {
  return {
    when(...votes: number[]): Outlook | string {
      const contest = contestOf(part);
      const totals: SpelledTotals = {
        fields: { C: 700, V: 690, H: 680, ...fields },
        votes: Object.fromEntries(votes.map((value, i) => [String(i + 1), value])),
        ...(present && { present }),
      };
      const of: OutlookOf = {
        contest,
        contests: [contest, ...others],
        totals: votes.length > 0 ? totals : undefined,
        progress: count(progress),
        leaderThreshold,
      };
      return outlook(of);
    },
  };
}

const safeOf = (said: Outlook | string): readonly string[] | string => (typeof said === 'string' ? said : said.safe);

describe('what is still out', () => {
  it('is what no figures count of: not received, held, returned, sealed …', () => {
    expect(stillOut(count({ received: 9, counted: 7, held: 1, returned: 1, sealed: 1 }))).toEqual({
      stations: 3,
      voters: 300,
      missing: 1,
      corrections: 0,
    });
  });

  it('tells corrections that wait while the figures before them count', () => {
    expect(stillOut(count({ received: 7, counted: 7, held: 1, returned: 1 })).corrections).toBe(2);
    expect(stillOut(count({ received: 9, counted: 7, held: 2, returned: 1 })).corrections).toBe(1);
    expect(stillOut(count({ received: 9, counted: 7, disputed: 1, awaiting: 1 })).corrections).toBe(0);
  });
});

describe('a place that cannot change any more', () => {
  it('is one that everybody still out could not take together', () => {
    const one = given({});
    expect(one.when(501, 200, 0, 0)).toEqual({
      stations: 3,
      voters: 300,
      safe: ['1'],
      hurdle: { last: '1', next: '2', needed: 302, isReachable: false },
    });
    expect(safeOf(one.when(500, 200, 0, 0))).toEqual([]);
    expect(safeOf(one.when(499, 200, 0, 0))).toEqual([]);
  });

  it('is, with several seats, one that as many rivals as seats cannot reach together', () => {
    const two = given({ contest: { seats: 2 } });
    expect(safeOf(two.when(600, 550, 249, 100))).toEqual(['1', '2']);
    expect(safeOf(two.when(600, 550, 250, 100))).toEqual(['1']);
    expect(safeOf(two.when(600, 550, 300, 299))).toEqual([]);
    expect(safeOf(given({ contest: { seats: 4 } }).when(10, 9, 8, 1))).toEqual(['1', '2', '3', '4']);
    expect(safeOf(given({ contest: { seats: 4 } }).when(10, 9, 8, 0))).toEqual(['1', '2', '3']);
  });

  it('is nobody’s where votes tie over the last place, however little is out', () => {
    const done = { received: 10, counted: 10, registeredCounted: 1000 };
    expect(safeOf(given({ progress: done }).when(400, 400, 0, 0))).toEqual([]);
    expect(safeOf(given({ progress: done }).when(401, 400, 0, 0))).toEqual(['1']);
    expect(safeOf(given({ contest: { seats: 2 }, progress: done }).when(401, 400, 400, 0))).toEqual(['1']);
  });

  it('is not lost to who has withdrawn, nor taken by one', () => {
    const candidates = contestOf().candidates.map((one) =>
      one.number === '2' ? { ...one, withdrawn: true as const } : one,
    );
    expect(safeOf(given({ contest: { candidates } }).when(501, 490, 100, 0))).toEqual(['1']);
    expect(safeOf(given({ contest: { candidates } }).when(100, 690, 0, 0))).toEqual([]);
  });
});

describe('a place that needs more than half of the valid ballots', () => {
  const majority = { decision: 'majority-of-valid-ballots' } as const;

  it('is safe only if ballots still out do not take the half away', () => {
    // 2 · 491 > 680 + 300, 2 · 490 = 680 + 300.
    expect(safeOf(given({ contest: majority }).when(491, 100, 0, 0))).toEqual(['1']);
    expect(safeOf(given({ contest: majority }).when(490, 100, 0, 0))).toEqual([]);
  });

  it('is safe only if the turnout stays above half with nobody else taking part', () => {
    const at = (V: number) => given({ contest: majority, fields: { V, H: 400 } }).when(490, 0, 0, 0);
    expect(safeOf(at(501))).toEqual(['1']);
    expect(safeOf(at(500))).toEqual([]);
    const rerun = contestOf({ id: 'again', ...majority, kind: 'rerun', of: 'mayor' });
    const again = given({ contest: rerun, others: [contestOf()], fields: { V: 10, H: 400 } });
    expect(safeOf(again.when(490, 0, 0, 0))).toEqual(['1']);
  });

  it('holds for each of several seats by itself', () => {
    const three = given({ contest: { ...majority, seats: 3 } });
    expect(safeOf(three.when(600, 491, 490, 10))).toEqual(['1', '2']);
  });

  it('is not told where a figure that decides is missing', () => {
    const lacking = FIELDS.filter(({ role }) => role !== 'valid');
    expect(given({ contest: { ...majority, fields: lacking } }).when(600, 0, 0, 0)).toBe('no-figures');
    const optional = FIELDS.map((field) => (field.id === 'V' ? { ...field, optional: true as const } : field));
    const scene = { contest: { ...majority, fields: optional } };
    expect(given({ ...scene, present: { V: 6 } }).when(600, 0, 0, 0)).toBe('no-figures');
    expect(safeOf(given({ ...scene, present: { V: 7 } }).when(600, 0, 0, 0))).toEqual(['1']);
  });

  it('takes the package’s numbers for a form that does not list voters', () => {
    const fields = FIELDS.filter(({ role }) => role !== 'registered');
    expect(safeOf(given({ contest: { ...majority, fields }, fields: { V: 501 } }).when(600, 0, 0, 0))).toEqual(['1']);
    expect(safeOf(given({ contest: { ...majority, fields }, fields: { V: 500 } }).when(600, 0, 0, 0))).toEqual([]);
  });
});

describe('nothing is said', () => {
  const silent = (scene: Scene) => given(scene).when(690, 1, 0, 0);

  it('below the threshold of registered voters', () => {
    expect(silent({ leaderThreshold: 0.71 })).toBe('below-threshold');
    expect(silent({ leaderThreshold: 0.7 })).not.toBe('below-threshold');
  });

  it('where the registered voters of some polling area are unknown', () => {
    expect(silent({ contest: { registeredKnown: false } })).toBe('registered-unknown');
    expect(silent({ progress: { registered: 0, registeredCounted: 0 } })).toBe('registered-unknown');
  });

  it('of a part of a contest, of one that elects nobody, and before any figures', () => {
    expect(silent({ contest: { stations: 11 } })).toBe('part-of-contest');
    expect(silent({ contest: { decision: 'none' } })).toBe('undecided-form');
    expect(given({}).when()).toBe('no-figures');
  });

  it('while a re-run may be due, or is one of some stations', () => {
    expect(silent({ progress: { annulled: 1 } })).toBe('rerun');
    const rerun = contestOf({ id: 'again', kind: 'rerun', of: 'mayor', stations: 2 });
    expect(silent({ others: [rerun] })).toBe('rerun');
    const part = { id: 'again', kind: 'rerun', of: 'mayor', stations: 10 } as const;
    expect(silent({ contest: part, others: [contestOf({ stations: 20 })] })).toBe('rerun');
    expect(silent({ contest: part })).toBe('rerun');
  });

  it('while a counted sheet has a correction that nobody has decided', () => {
    expect(silent({ progress: { held: 1 } })).toBe('corrections');
    expect(silent({ progress: { held: 1, received: 8 } })).not.toBe('corrections');
  });
});

describe('the hurdle of the runner-up', () => {
  const hurdleOf = (said: Outlook | string) => (typeof said === 'string' ? said : said.hurdle);

  it('is the difference and one more, between the last place and the next', () => {
    expect(hurdleOf(given({}).when(300, 200, 100, 0))).toEqual({
      last: '1',
      next: '2',
      needed: 101,
      isReachable: true,
    });
    expect(hurdleOf(given({ contest: { seats: 2 } }).when(100, 300, 200, 0))).toEqual({
      last: '3',
      next: '1',
      needed: 101,
      isReachable: true,
    });
  });

  it('is none in a tie, where nobody is next, and where nobody holds the last place', () => {
    expect(hurdleOf(given({}).when(300, 300, 0, 0))).toBeNull();
    expect(hurdleOf(given({ contest: { seats: 4 } }).when(300, 200, 100, 0))).toBeNull();
    const majority = { decision: 'majority-of-valid-ballots' } as const;
    expect(hurdleOf(given({ contest: majority }).when(340, 300, 0, 0))).toBeNull();
  });
});

describe('whatever comes in after it was said', () => {
  const ballots = fc.record({
    seats: fc.integer({ min: 1, max: 3 }),
    votes: fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 4, maxLength: 4 }),
    /** Of each voter still out: the names on the ballot, as bits; 0 is an invalid one or none. */
    cast: fc.oneof(
      fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 300 }),
      fc.integer({ min: 0, max: 15 }).map((names) => Array<number>(300).fill(names)),
    ),
    isMajority: fc.boolean(),
  });

  it('a safe place is kept', () => {
    let said = 0;
    fc.assert(
      fc.property(ballots, ({ seats, votes, cast, isMajority }) => {
        const decision = isMajority ? 'majority-of-valid-ballots' : 'plurality';
        const safe = safeOf(given({ contest: { seats, decision } }).when(...votes));
        if (typeof safe === 'string' || safe.length === 0) return;
        said += 1;
        const after = [...votes];
        let valid = 680;
        for (const names of cast) {
          const chosen = [0, 1, 2, 3].filter((i) => names & (1 << i)).slice(0, seats);
          if (chosen.length > 0) valid += 1;
          for (const i of chosen) after[i]! += 1;
        }
        for (const number of safe) {
          const own = after[Number(number) - 1]!;
          expect(after.filter((other) => other >= own).length).toBeLessThanOrEqual(seats);
          if (isMajority) expect(2 * own).toBeGreaterThan(valid);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(said).toBeGreaterThan(50);
  });
});
