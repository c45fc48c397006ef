/**
 * When a station's minutes can be expected: a rule of thumb to compare arrivals with, never a figure of the count. A team
 * needs a while to close and to fill in the minutes, and longer the more ballots it has to count.
 */
import type { Contest, Unit } from './election.ts';

/** From the close of the polls to the first minutes of the smallest station. */
export const EXPECTED_AFTER_CLOSE_MINUTES = 60;
export const EXPECTED_MINUTES_PER_HUNDRED_VOTERS = 5;
/** Where the package does not say how many voters are expected at a station. */
export const EXPECTED_VOTERS_WHERE_UNKNOWN = 1_000;

const MINUTE_MS = 60_000;

/** When the minutes of a station can be expected, milliseconds since 1970. `closes`: of the polls, the same. */
export function expectedAt(closes: number, contest: Contest, station: Unit): number {
  const voters = contest.registeredAt(station.code) ?? EXPECTED_VOTERS_WHERE_UNKNOWN;
  const counting = Math.ceil((voters * EXPECTED_MINUTES_PER_HUNDRED_VOTERS) / 100);
  return closes + (EXPECTED_AFTER_CLOSE_MINUTES + counting) * MINUTE_MS;
}
