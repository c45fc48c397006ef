/** What the public pages ask for beside results: the overview, a search, the corrections. */
import type { ContestKind, Progress, Texts } from '#domain';
import type { AtPosition, AttemptAnswer, UnitName } from './answers.ts';

export interface ContestInOverview {
  readonly id: string;
  readonly name: string;
  readonly names?: Texts;
  readonly seats: number;
  readonly kind: ContestKind;
  /** The unit that all of its stations lie in. */
  readonly unit: string;
  /** Absent where progress is not public. */
  readonly progress?: Progress;
  readonly published: boolean;
  readonly isCertified: boolean;
}

/** What is elected together: the assembly, each council. */
export interface BodyInOverview {
  /** null: a contest that belongs to none. */
  readonly body: string | null;
  readonly contests: number;
  readonly seats: number;
  readonly certified: number;
  /** Over its contests whose progress is public. */
  readonly progress?: Progress;
  /** Its contests, or the first ones where they are many. */
  readonly listed: readonly ContestInOverview[];
}

/** `GET /elections/{e}/overview` */
export interface OverviewAnswer extends AtPosition {
  readonly bodies: readonly BodyInOverview[];
}

export interface FoundUnit extends UnitName {
  readonly isStation: boolean;
  /** From the root down to the parent. */
  readonly path: readonly UnitName[];
}

/** `GET /elections/{e}/units?q=…` */
export interface FoundUnitsAnswer {
  readonly election: string;
  readonly found: readonly FoundUnit[];
  /** How many there are in all. */
  readonly total: number;
}

export interface CorrectionAnswer {
  readonly station: UnitName;
  /** From the root down to the station's parent. */
  readonly path: readonly UnitName[];
  readonly contest: { readonly id: string; readonly name: string; readonly names?: Texts };
  readonly attempt: AttemptAnswer;
}

/** `GET /elections/{e}/corrections`, the newest first */
export interface CorrectionsAnswer extends AtPosition {
  readonly corrections: readonly CorrectionAnswer[];
}
