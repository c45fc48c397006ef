/**
 * The state of one sheet (one station's count in one contest) and what of it counts.
 */
import type { ContestId, StationCode } from './definition.ts';
import type { Figures, Times } from './figures.ts';
import type { Finding } from './findings.ts';

/**
 * Status of the newest revision. `none`: nothing received (the count may be sealed).
 * `awaiting-second` → (`disputed` →) `accepted` | `held` → `verified`; `held` → accepted or `returned`; any → corrected or `annulled`.
 */
export type SheetStatus =
  | 'none'
  | 'awaiting-second'
  | 'disputed'
  | 'accepted'
  | 'held'
  | 'returned'
  | 'annulled'
  | 'verified';

/** Why a revision is held. `rules`: a finding of severity `holdOn` or worse; `verified`: it corrects a verified sheet. */
export type HoldReason = 'rules' | 'sealed' | 'closed' | 'verified';

/** Figures somebody entered: a revision, or one of two entries. */
export interface Entered {
  readonly revision: number;
  readonly figures: Figures;
  readonly times: Times;
  /** Accounts that entered or changed them; none of them may verify the sheet. */
  readonly by: readonly string[];
  /** Offset of the attempt that brought them. */
  readonly offset: number;
  readonly findings: readonly Finding[];
}

export interface SheetState {
  /** The highest revision this sheet ever had, 0 before the first. */
  readonly revision: number;
  readonly status: SheetStatus;
  /** The newest revision, whatever its status; null before the first. */
  readonly newest: Entered | null;
  /** While disputed: the second entry, which differs from `newest`. */
  readonly second: Entered | null;
  /** The revision that counts in `provisional`; null where none does. */
  readonly standing: Entered | null;
  /** Whether what stands is verified (it stays so while a correction is held). */
  readonly standingVerified: boolean;
  /** Why the newest revision is held; empty unless its status is `held`. */
  readonly heldFor: readonly HoldReason[];
  /** The box is closed and the board decides. */
  readonly sealed: boolean;
  /** Offset of its last change; 0 where there was none (offset 0 is the opening). */
  readonly offset: number;
}

export const UNTOUCHED: SheetState = {
  revision: 0,
  status: 'none',
  newest: null,
  second: null,
  standing: null,
  standingVerified: false,
  heldFor: [],
  sealed: false,
  offset: 0,
};

/** What of a sheet enters totals and progress: all that a node above it needs to know. */
export interface SheetView {
  readonly revision: number;
  readonly status: SheetStatus;
  /** Counts in `provisional`, and in `verified` where `verified` is true. */
  readonly standing: Figures | null;
  readonly verified: boolean;
  /** Counts in `all` in the place of what stands. */
  readonly held: Figures | null;
  readonly sealed: boolean;
  readonly closed: boolean;
}

export const UNTOUCHED_VIEW: SheetView = {
  revision: 0,
  status: 'none',
  standing: null,
  verified: false,
  held: null,
  sealed: false,
  closed: false,
};

export function viewOf(sheet: SheetState, closed: boolean): SheetView {
  return {
    revision: sheet.revision,
    status: sheet.status,
    standing: sheet.standing ? sheet.standing.figures : null,
    verified: sheet.standing !== null && sheet.standingVerified,
    held: sheet.status === 'held' && sheet.newest ? sheet.newest.figures : null,
    sealed: sheet.sealed,
    closed,
  };
}

/** A sheet before and after an attempt: null before = untouched. */
export interface SheetChange {
  readonly station: StationCode;
  readonly contest: ContestId;
  readonly before: SheetView | null;
  readonly after: SheetView;
}
