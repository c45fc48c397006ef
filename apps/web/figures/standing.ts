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

type Led = Pick<ContestSummary, 'candidates' | 'decision' | 'fields' | 'seats'>;

interface Ranked {
  readonly number: string;
  readonly votes: number;
}

/** Who may take a place, by votes: not withdrawn, above half of the valid ballots where the decision needs it. */
function eligibleOf({ candidates, decision, fields }: Led, totals: SpelledTotals): Ranked[] {
  const validId = fields.find((field) => field.role === 'valid')?.id;
  const valid = validId === undefined ? undefined : totals.fields[validId];
  const eligible = candidates.flatMap(({ number, withdrawn }) => {
    const votes = totals.votes[number] ?? 0;
    if (withdrawn || votes <= 0) return [];
    if (decision === 'majority-of-valid-ballots' && (valid === undefined || 2 * votes <= valid)) return [];
    return [{ number, votes }];
  });
  return eligible.sort((a, b) => b.votes - a.votes);
}

/** As many as there are seats; where votes tie over the last place none of the tied. */
function takenBy(eligible: readonly Ranked[], seats: number): readonly Ranked[] {
  const firstOut = eligible[seats]?.votes;
  return eligible.slice(0, seats).filter(({ votes }) => votes !== firstOut);
}

/** The candidates who lead so far. Nobody below the threshold. */
export function leaders(
  contest: Led,
  totals: SpelledTotals | undefined,
  progress: Progress | undefined,
  leaderThreshold: number,
): ReadonlySet<string> {
  if (!totals || contest.decision === 'none' || !coversThreshold(progress, leaderThreshold)) return new Set();
  return new Set(takenBy(eligibleOf(contest, totals), contest.seats).map(({ number }) => number));
}

export interface SeatsLine {
  /** Places above the line. */
  readonly places: number;
  /** Rows above it, by votes: who has withdrawn stands among them too. */
  readonly below: number;
  /** Why there are fewer places than seats. */
  readonly why: 'tie' | 'half' | undefined;
}

/** Where, by votes, the last place ends that would be taken now; null where none would, or below the threshold. */
export function seatsLine(
  contest: Led,
  totals: SpelledTotals | undefined,
  progress: Progress | undefined,
  leaderThreshold: number,
): SeatsLine | null {
  if (!totals || contest.decision === 'none' || !coversThreshold(progress, leaderThreshold)) return null;
  const eligible = eligibleOf(contest, totals);
  const last = takenBy(eligible, contest.seats).at(-1);
  if (!last) return null;
  const places = takenBy(eligible, contest.seats).length;
  const below = contest.candidates.filter(({ number }) => (totals.votes[number] ?? 0) >= last.votes).length;
  if (places === contest.seats) return { places, below, why: undefined };
  if (eligible.length > places) return { places, below, why: 'tie' };
  return { places, below, why: contest.decision === 'majority-of-valid-ballots' ? 'half' : undefined };
}
