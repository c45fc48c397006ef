/** What a result is called, and who may be shown as leading (domain.md, "Decisions"). Integers only. */
import type { Progress } from '#domain';
import type { CertifiedState, ContestSummary, SpelledTotals } from '#wire';

/** `complete`: every polling area is counted, but nothing is certified; `changed`: changed since certification. */
export type ResultState = 'unpublished' | 'nothing' | 'incomplete' | 'complete' | 'certified' | 'changed';

export interface StateOf {
  readonly published: boolean;
  readonly progress: Progress | undefined;
  readonly hasFigures: boolean;
  readonly certified: CertifiedState;
  /** How many sheets must be there for the track: counted or verified ones. */
  readonly track: 'provisional' | 'verified' | 'all';
}

export function resultState({ published, progress, hasFigures, certified, track }: StateOf): ResultState {
  if (!published) return 'unpublished';
  if (certified.state === 'certified') return certified.changedSince ? 'changed' : 'certified';
  if (!hasFigures) return 'nothing';
  return progress && isComplete(progress, track) ? 'complete' : 'incomplete';
}

/** Every station is counted, or closed with nothing left to decide. */
function isComplete(progress: Progress, track: StateOf['track']): boolean {
  const counted = track === 'verified' ? progress.verified : progress.counted;
  if (counted >= progress.stations) return true;
  const undecided =
    progress.held + progress.disputed + progress.awaiting + progress.returned + progress.annulled + progress.sealed;
  return progress.closed > 0 && undecided === 0 && counted + progress.closed === progress.stations;
}

/** Whether the counted sheets cover enough registered voters for anybody to be shown as leading. */
export function coversThreshold(progress: Progress | undefined, leaderThreshold: number): boolean {
  if (!progress || progress.registered <= 0) return false;
  return progress.registeredCounted >= leaderThreshold * progress.registered;
}

/**
 * The candidates who lead so far: as many as there are seats, by votes, above half of the valid ballots where the
 * decision needs it. Where votes tie over the last place none of the tied leads. Nobody below the threshold.
 */
export function leaders(
  contest: Pick<ContestSummary, 'candidates' | 'decision' | 'fields' | 'seats'>,
  totals: SpelledTotals | undefined,
  progress: Progress | undefined,
  leaderThreshold: number,
): ReadonlySet<string> {
  if (!totals || contest.decision === 'none' || !coversThreshold(progress, leaderThreshold)) return new Set();
  const validId = contest.fields.find((field) => field.role === 'valid')?.id;
  const valid = validId === undefined ? undefined : totals.fields[validId];
  const eligible = contest.candidates.flatMap(({ number, withdrawn }) => {
    const votes = totals.votes[number] ?? 0;
    if (withdrawn || votes <= 0) return [];
    if (contest.decision === 'majority-of-valid-ballots' && (valid === undefined || 2 * votes <= valid)) return [];
    return [{ number, votes }];
  });
  eligible.sort((a, b) => b.votes - a.votes);
  const firstOut = eligible[contest.seats]?.votes;
  const leading = eligible.slice(0, contest.seats).filter(({ votes }) => votes !== firstOut);
  return new Set(leading.map(({ number }) => number));
}
