/**
 * What the public may see (contracts §1, `publish`), as tables: by word, before and after the close, in a rehearsal or
 * not, certified or not. Every combination of them is tried.
 */
import { describe, expect, it } from '@jest/globals';
import { electionOf, town } from '../../test/kit/elections.ts';
import { FULL_SIGHT, type PublishMoment, publicationMoments, publicSight, TRACKS } from './index.ts';

const CLOSES = '2021-05-23T19:00:00+07:00';
const EARLY = '2021-05-23T12:00:00+07:00';
const LATE = '2021-05-23T22:00:00+07:00';
/** During the day, just closed, at night. */
const TIMES = ['2021-05-23T18:59:59.999+07:00', CLOSES, LATE].map((time) => Date.parse(time));

/** `-` not, `+` yes, `c` where certified; during the day, from the close on, from 22:00 on. */
type Table = Readonly<Record<PublishMoment, string>>;
const PROGRESS: Table = {
  never: '---',
  closed: '-++',
  certified: 'ccc',
  always: '+++',
  [EARLY]: '+++',
  [LATE]: '--+',
};
const RESULTS: Table = { ...PROGRESS, certified: '-cc', always: '-++', [EARLY]: '-++' };
/** In a rehearsal `always` means at once. */
const REHEARSED: Table = { ...RESULTS, always: '+++' };
const WORDS = Object.keys(PROGRESS);
const LEVELS = ['province', 'commune', 'station'];

const isOut = (table: Table, word: PublishMoment, time: number, certified: boolean): boolean => {
  const said = table[word]![time];
  return said === '+' || (said === 'c' && certified);
};

describe.each([false, true])('the public, in a rehearsal: %s', (rehearsal) => {
  const table = rehearsal ? REHEARSED : RESULTS;
  const base = town({ rehearsal, polls: { closes: CLOSES } });
  const contests = ['all', 'east'];
  /** Calls back for every way to publish, at every time, with none, one and both contests certified. */
  function everyCase(
    look: (given: {
      progress: PublishMoment;
      results: PublishMoment;
      log: PublishMoment;
      lowest: number;
      time: number;
      certified: ReadonlySet<string>;
      sight: ReturnType<typeof publicSight>;
    }) => void,
  ): number {
    let cases = 0;
    for (const results of WORDS)
      for (const log of WORDS)
        for (const [lowest, lowestLevel] of LEVELS.entries())
          for (const progress of WORDS) {
            const election = electionOf({ ...base, publish: { ...base.publish, progress, results, log, lowestLevel } });
            for (const [time, now] of TIMES.entries())
              for (const names of [[], ['all'], ['all', 'east']]) {
                const certified = new Set(names);
                cases += 1;
                look({ progress, results, log, lowest, time, certified, sight: publicSight(election, now, certified) });
              }
          }
    return cases;
  }
  const election = electionOf(base);
  const contestOf = (id: string) => election.contest(id)!;

  it('sees progress by the table, down to the lowest level', () => {
    const wrong: unknown[] = [];
    const cases = everyCase(({ progress, lowest, time, certified, sight }) => {
      for (const id of contests)
        for (const level of [0, 1, 2]) {
          const expected = level <= lowest && isOut(PROGRESS, progress, time, certified.has(id));
          if (sight.progress(contestOf(id), level) !== expected) wrong.push([progress, lowest, time, id, level]);
        }
    });
    expect(wrong).toEqual([]);
    expect(cases).toBe(6 * 6 * 6 * 3 * 3 * 3);
  });

  it('sees results by the table, contest by contest, down to the lowest level', () => {
    const wrong: unknown[] = [];
    everyCase(({ results, lowest, time, certified, sight }) => {
      for (const id of contests)
        for (const level of [0, 1, 2]) {
          const expected = level <= lowest && isOut(table, results, time, certified.has(id));
          if (sight.results(contestOf(id), level) !== expected) wrong.push([results, lowest, time, id, level]);
        }
    });
    expect(wrong).toEqual([]);
  });

  it('sees the log by the table, once every contest is certified where it says so, and only down to the stations', () => {
    const wrong: unknown[] = [];
    everyCase(({ results, log, lowest, time, certified, sight }) => {
      const areResultsOut = contests.every((id) => isOut(table, results, time, certified.has(id)));
      const expected = lowest === 2 && areResultsOut && isOut(table, log, time, certified.size === contests.length);
      if (sight.log !== expected) wrong.push([results, log, lowest, time, [...certified]]);
    });
    expect(wrong).toEqual([]);
  });

  it('never sees the log before results, and the track `all` exactly with the log', () => {
    everyCase(({ sight }) => {
      if (sight.log)
        for (const id of contests) if (!sight.results(contestOf(id), 2)) throw new Error(`the log comes before ${id}`);
      if (sight.track('all') !== sight.log || !sight.track('provisional') || !sight.track('verified'))
        throw new Error('a track is shown at another time');
    });
  });

  it('never sees results before the close, except in a rehearsal where they are always out', () => {
    everyCase(({ results, time, sight }) => {
      const isEarly = time === 0 && !(rehearsal && results === 'always');
      if (isEarly && (sight.log || contests.some((id) => sight.results(contestOf(id), 0))))
        throw new Error(`${results} shows results before the close`);
    });
  });
});

describe('publication', () => {
  it('does not bind observers and above', () => {
    const { contests } = electionOf(town());
    expect(FULL_SIGHT.log).toBe(true);
    for (const contest of contests)
      expect([
        FULL_SIGHT.progress(contest, 2),
        FULL_SIGHT.results(contest, 2),
        ...TRACKS.map(FULL_SIGHT.track),
      ]).toEqual([true, true, true, true, true]);
  });

  it('changes with the clock at the close and at the times given', () => {
    const publish = { ...town().publish, progress: EARLY, results: LATE, log: 'certified' };
    const moments = publicationMoments(electionOf(town({ publish, polls: { closes: CLOSES } })));
    expect(moments).toEqual([EARLY, CLOSES, LATE].map((time) => Date.parse(time)));
    const words = { ...publish, progress: 'always', results: 'never' };
    expect(publicationMoments(electionOf(town({ publish: words })))).toEqual([Date.parse(CLOSES)]);
  });
});
