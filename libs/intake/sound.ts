import type { Actor, CheckedSheet } from '#domain';

/** A sheet whose structure is sound and whose sender may submit it. */
export interface Sound {
  readonly value: CheckedSheet;
  readonly actor: Actor;
  /** `election/station/contest` */
  readonly sheet: string;
}
