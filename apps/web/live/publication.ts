/** What the page can tell of `publish` (contracts §1) by itself, so as not to ask for what it would be refused. */
import type { ContestSummary, ElectionAnswer } from '#wire';

type Publishing = Pick<ElectionAnswer, 'publish' | 'polls' | 'rehearsal' | 'levels'>;
type Certifiable = Pick<ContestSummary, 'certified'>;

/** Whether figures and history of a contest may be out at a unit of a level. `now`: milliseconds since 1970. */
export function mayResultsBeOut(election: Publishing, level: string, contest: Certifiable, now: number): boolean {
  const { publish, levels } = election;
  const place = (id: string): number => levels.findIndex((candidate) => candidate.id === id);
  return place(level) <= place(publish.lowestLevel) && hasCome(publish.results, election, [contest], now);
}

/**
 * Whether the log, and with it the track `all`, may be out. `contests`: those the page knows; of others it can't tell,
 * where all must be certified.
 */
export function mayLogBeOut(election: Publishing, contests: readonly Certifiable[], now: number): boolean {
  const { publish, levels } = election;
  return publish.lowestLevel === levels.at(-1)?.id && hasCome(publish.log, election, contests, now);
}

/** Results and log never come before the close; `always` in a rehearsal means at once. */
function hasCome(
  moment: string,
  { polls, rehearsal }: Publishing,
  contests: readonly Certifiable[],
  now: number,
): boolean {
  const isClosed = now >= Date.parse(polls.closes);
  switch (moment) {
    case 'never':
      return false;
    case 'always':
      return isClosed || rehearsal;
    case 'closed':
      return isClosed;
    case 'certified':
      return isClosed && contests.every(({ certified }) => certified.state === 'certified');
    default:
      return isClosed && now >= Date.parse(moment);
  }
}
