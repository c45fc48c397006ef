/**
 * What is still out of a contest at a unit, and what of it could change who is elected (domain.md, "Decisions").
 * Bounds, no estimates: every voter still out may vote in any way, or not at all. Integers only.
 */
import type { Progress } from '#domain';
import type { ContestSummary, SpelledTotals } from '#wire';
import { coversThreshold } from './standing.ts';

export interface StillOut {
  /** Polling areas with no figures in the provisional totals. */
  readonly stations: number;
  /** Their registered voters; those of areas that the package says nothing of are missing. */
  readonly voters: number;
  /** Of the stations: nothing was ever received, or it was annulled. */
  readonly missing: number;
  /** Counted sheets whose newest figures are held or were returned: what stands counts until that is decided. */
  readonly corrections: number;
}

export function stillOut(progress: Progress): StillOut {
  const { stations, received, counted, held, disputed, awaiting, returned, registered, registeredCounted } = progress;
  return {
    stations: stations - counted,
    voters: registered - registeredCounted,
    missing: stations - received,
    // Sheets are received as counted ones or in one of four states; held and returned ones may be counted as well.
    corrections: counted + held + disputed + awaiting + returned - received,
  };
}

/** Why nothing is said of what can still change. */
export type Silence =
  | 'undecided-form'
  | 'part-of-contest'
  | 'no-figures'
  | 'registered-unknown'
  | 'below-threshold'
  | 'rerun'
  | 'corrections';

/** What the candidate below the last place would need to pass the one above it. */
export interface Hurdle {
  readonly last: string;
  readonly next: string;
  /** Votes more than the other's, of those still out. */
  readonly needed: number;
  /** Whether that many voters are out at all. */
  readonly isReachable: boolean;
}

export interface Outlook extends Pick<StillOut, 'stations' | 'voters'> {
  /** Those whose place no sheet that is still out can take, in order of votes. */
  readonly safe: readonly string[];
  /** null: no candidate stands below the last place, or none on it yet. */
  readonly hurdle: Hurdle | null;
}

type Contested = Pick<
  ContestSummary,
  'id' | 'candidates' | 'decision' | 'fields' | 'seats' | 'kind' | 'of' | 'stations' | 'registeredKnown'
>;

export interface OutlookOf {
  readonly contest: Contested;
  /** All contests at the unit: a re-run among them settles what the first one left open. */
  readonly contests: readonly Contested[];
  /** Provisional ones. */
  readonly totals: SpelledTotals | undefined;
  readonly progress: Progress | undefined;
  readonly leaderThreshold: number;
}

export function outlook(of: OutlookOf): Outlook | Silence {
  const { contest, totals, progress, leaderThreshold } = of;
  if (contest.decision === 'none') return 'undecided-form';
  if (!progress || progress.stations < contest.stations) return 'part-of-contest';
  if (!totals || progress.counted === 0) return 'no-figures';
  if (!contest.registeredKnown || progress.registered <= 0) return 'registered-unknown';
  if (!coversThreshold(progress, leaderThreshold)) return 'below-threshold';
  if (progress.annulled > 0 || isForRerun(of)) return 'rerun';
  const out = stillOut(progress);
  if (out.corrections > 0) return 'corrections';
  const ranked = rankedBy(contest, totals);
  const sums = sumsOf(contest, totals, progress);
  if (!sums) return 'no-figures';
  return {
    stations: out.stations,
    voters: out.voters,
    safe: ranked.filter((_, place) => isSafe(contest, ranked, place, sums, out.voters)).map(({ number }) => number),
    hurdle: hurdleOf(contest, ranked, sums, out.voters),
  };
}

/** A re-run is there, or this is one of some of the stations: its figures are decided together with the first ones. */
function isForRerun({ contest, contests }: OutlookOf): boolean {
  if (contests.some(({ kind, of }) => kind === 'rerun' && of === contest.id)) return true;
  if (contest.kind !== 'rerun') return false;
  const first = contests.find(({ id }) => id === contest.of);
  return !first || contest.stations < first.stations;
}

interface Ranked {
  readonly number: string;
  readonly votes: number;
}

/** By votes; who has withdrawn takes no place. */
function rankedBy({ candidates }: Contested, { votes }: SpelledTotals): Ranked[] {
  return candidates
    .flatMap(({ number, withdrawn }) => (withdrawn ? [] : [{ number, votes: votes[number] ?? 0 }]))
    .sort((a, b) => b.votes - a.votes);
}

/** Of the counted sheets, where the decision asks for them. */
interface Sums {
  /** Undefined: half of the valid ballots is not asked for. */
  readonly valid: number | undefined;
  /** Undefined: no turnout is asked for. */
  readonly turnout: { readonly voted: number; readonly listed: number } | undefined;
}

/** null where the form lacks a figure that the decision is made by, or some sheet left it out. */
function sumsOf(contest: Contested, totals: SpelledTotals, progress: Progress): Sums | null {
  if (contest.decision !== 'majority-of-valid-ballots') return { valid: undefined, turnout: undefined };
  const sumOf = (role: string): number | undefined => {
    const field = contest.fields.find((one) => one.role === role);
    if (!field || (field.optional && totals.present?.[field.id] !== progress.counted)) return undefined;
    return totals.fields[field.id];
  };
  const valid = sumOf('valid');
  if (valid === undefined) return null;
  // A re-run is valid whatever its turnout.
  if (contest.kind === 'rerun') return { valid, turnout: undefined };
  const voted = sumOf('voted');
  const isListed = contest.fields.some(({ role }) => role === 'registered');
  const listed = isListed ? sumOf('registered') : progress.registeredCounted;
  return voted === undefined || listed === undefined ? null : { valid, turnout: { voted, listed } };
}

/**
 * The worst for a candidate: every voter still out casts a valid ballot without that name, and as many rivals as there
 * are seats stand on all of them; for the turnout, none of them takes part. A tie over the last place is not safe.
 */
function isSafe({ seats }: Contested, ranked: readonly Ranked[], place: number, sums: Sums, voters: number): boolean {
  const { number, votes } = ranked[place]!;
  if (place >= seats || votes <= 0) return false;
  const rival = ranked.filter((one) => one.number !== number)[seats - 1];
  if (rival && rival.votes + voters >= votes) return false;
  if (sums.valid !== undefined && 2 * votes <= sums.valid + voters) return false;
  return !sums.turnout || 2 * sums.turnout.voted > sums.turnout.listed + voters;
}

function hurdleOf({ seats }: Contested, ranked: readonly Ranked[], { valid }: Sums, voters: number): Hurdle | null {
  const [last, next] = [ranked[seats - 1], ranked[seats]];
  if (!last || !next || last.votes <= 0 || last.votes === next.votes) return null;
  if (valid !== undefined && 2 * last.votes <= valid) return null;
  const needed = last.votes - next.votes + 1;
  return { last: last.number, next: next.number, needed, isReachable: needed <= voters };
}
