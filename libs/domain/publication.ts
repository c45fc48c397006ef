/**
 * What a viewer may see (contracts §1, `publish`): one answer for every route, room, feed and export.
 */
import type { ContestId, PublishMoment } from './definition.ts';
import type { Contest, Election } from './election.ts';
import type { Track } from './totals.ts';

export interface Sight {
  /** Progress of a contest at a unit of this level (0 = root). */
  progress(contest: Contest, level: number): boolean;
  /** Figures of a contest at a unit of this level. */
  results(contest: Contest, level: number): boolean;
  /** Whether a track is shown where results are. */
  track(track: Track): boolean;
  /** The events themselves, held and rejected attempts, the track `all`. */
  readonly log: boolean;
}

/** Whether all rows that the fingerprint is over are in sight. */
export function seesEverything({ contests, definition }: Election, sight: Sight): boolean {
  const last = definition.levels.length - 1;
  return contests.every((contest) => sight.results(contest, last) && sight.progress(contest, last));
}

/** Observers and above are not bound by `publish`. */
export const FULL_SIGHT: Sight = { progress: () => true, results: () => true, track: () => true, log: true };

/**
 * What the public may see now.
 * `now`: milliseconds since 1970; `certified`: the contests that are certified now.
 */
export function publicSight(election: Election, now: number, certified: ReadonlySet<ContestId>): Sight {
  const { definition } = election;
  const { publish, rehearsal } = definition;
  const closed = now >= Date.parse(definition.polls.closes);
  const lowest = definition.levels.findIndex((level) => level.id === publish.lowestLevel);
  const come = (moment: PublishMoment, isCertified: () => boolean): boolean => {
    if (moment === 'never') return false;
    if (moment === 'always') return true;
    if (moment === 'closed') return closed;
    if (moment === 'certified') return isCertified();
    return now >= Date.parse(moment);
  };
  /** Results and log never come before the close; `always` in a rehearsal means at once. */
  const comeAfterClose = (moment: PublishMoment, isCertified: () => boolean): boolean =>
    come(moment, isCertified) && (closed || (rehearsal && moment === 'always'));
  const isOut = (contest: Contest): boolean => comeAfterClose(publish.results, () => certified.has(contest.id));
  const all = (): boolean => election.contests.every((contest) => certified.has(contest.id));
  const log =
    comeAfterClose(publish.log, all) && lowest === definition.levels.length - 1 && election.contests.every(isOut);
  return {
    progress: (contest, level) => level <= lowest && come(publish.progress, () => certified.has(contest.id)),
    results: (contest, level) => level <= lowest && isOut(contest),
    track: (track) => track !== 'all' || log,
    log,
  };
}

/** The moments (milliseconds since 1970, ascending) at which the clock alone changes what the public sees. */
export function publicationMoments(election: Election): number[] {
  const { publish, polls } = election.definition;
  const words = new Set(['never', 'closed', 'certified', 'always']);
  const times = [publish.progress, publish.results, publish.log].filter((moment) => !words.has(moment));
  return [polls.closes, ...times].map((time) => Date.parse(time)).sort((a, b) => a - b);
}
