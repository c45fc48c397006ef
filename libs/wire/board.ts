/** What the operations board shows, and where the newsroom and screens get the same: for accounts that may read the area. */
import type { Progress, Severity, SheetStatus, Texts } from '#domain';
import type { AtPosition, AttemptAnswer } from './answers.ts';

/** What minutes are looked for by; `late` are those missing though they were expected by now. */
export type MinutesState =
  | 'missing'
  | 'late'
  | 'held'
  | 'disputed'
  | 'awaiting'
  | 'returned'
  | 'annulled'
  | 'sealed'
  | 'closed';

/** Progress over every contest asked for, a minutes counted once for each; `due`: expected by now, `missing`: not received. */
export interface BoardCounts extends Progress {
  readonly missing: number;
  readonly due: number;
}

export interface BoardUnit {
  readonly unit: string;
  readonly isStation: boolean;
  readonly counts: BoardCounts;
}

/** Where the expectation comes from: minutes after the close of the polls, and more for each hundred voters. */
export interface Expectation {
  /** RFC 3339 */
  readonly closes: string;
  readonly afterCloseMinutes: number;
  readonly minutesPerHundredVoters: number;
}

/** `GET …/board/{unit}?contest` */
export interface BoardAnswer extends AtPosition {
  readonly unit: string;
  readonly contest: string | null;
  readonly counts: BoardCounts;
  readonly children: readonly BoardUnit[];
  readonly expectation: Expectation;
}

export interface MinutesRow {
  readonly station: string;
  readonly name: string;
  readonly names?: Texts;
  readonly contest: string;
  readonly status: SheetStatus;
  readonly revision: number;
  readonly sealed: boolean;
  readonly closed: boolean;
  readonly registered: number | null;
  /** RFC 3339 */
  readonly expectedAt: string;
}

/** `GET …/board/{unit}/minutes?state&contest&after&limit`: `next` is the `after` of the rest; null where this is all. */
export interface MinutesAnswer extends AtPosition {
  readonly unit: string;
  readonly state: MinutesState;
  readonly minutes: readonly MinutesRow[];
  readonly next: string | null;
}

export interface ArrivalPoint {
  /** RFC 3339 */
  readonly time: string;
  readonly received: number;
}

/** `GET …/board/{unit}/arrivals?contest` */
export interface ArrivalsAnswer extends AtPosition {
  readonly unit: string;
  readonly contest: string;
  readonly stations: number;
  readonly arrived: readonly ArrivalPoint[];
  readonly expected: readonly ArrivalPoint[];
  readonly expectation: Expectation;
}

export interface RuleCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly sheets: number;
  /** Of them held, for this or another reason. */
  readonly held: number;
}

/** `GET …/board/{unit}/rules?contest` */
export interface RulesAnswer extends AtPosition {
  readonly unit: string;
  readonly rules: readonly RuleCount[];
}

/** One line of the feed: an attempt, and what it was about. */
export interface AttemptMessage extends AttemptAnswer {
  readonly election: string;
  readonly subject: string | null;
  readonly station: string | null;
  readonly contest: string | null;
}

/** `GET …/board/{unit}/attempts?outcome&limit`: the newest of the area, newest first. */
export interface AttemptsAnswer extends AtPosition {
  readonly unit: string;
  readonly attempts: readonly AttemptMessage[];
}

/**
 * `GET …/attempts?…`: what fits, by log time; `next` is the `after` of the rest, null where this is all. A page may be
 * short, or empty, and have a next one: it ends once enough was looked at.
 */
export interface AttemptSearchAnswer extends AttemptsAnswer {
  readonly next: string | null;
}

export interface ShardState {
  readonly shard: number;
  /** Next offset to be folded, and to be written. */
  readonly folded: number;
  readonly end: number;
  readonly eventsLastMinute: number;
}

export type ProcessRole = 'api' | 'gateway' | 'projector' | 'standalone';

/** A process of the installation, as it said last. */
export interface ProcessState {
  /** Host and process id. */
  readonly id: string;
  readonly role: ProcessRole;
  /** RFC 3339, as is `heardAt`. */
  readonly startedAt: string;
  readonly heardAt: string;
  /** False where nothing was heard of it for longer than it is ever silent. */
  readonly isHeardOf: boolean;
  /** Of this election: those that it folds. */
  readonly shards: readonly number[];
  /** Of its live feed; null where it has none. */
  readonly clients: number | null;
}

/** `GET …/operation`: how far the read model is behind the log, and how much comes in. */
export interface OperationAnswer extends AtPosition {
  readonly lag: { readonly events: number; readonly ms: number };
  readonly shards: readonly ShardState[];
  readonly eventsLastMinute: number;
  readonly eventsLastTenMinutes: number;
  readonly processes: readonly ProcessState[];
}
