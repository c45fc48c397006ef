/** One sheet of the plain count: its revisions on a pile, and which of them counts. */
import type { SheetStatus } from '#domain';

/** Numbers and times by the names that results give them: `field.H`, `votes.3`; times as `time.T`. */
export type Names = Readonly<Record<string, number | string>>;

export interface Copy {
  readonly names: Names;
  /** Everybody who entered or changed a figure of it. */
  readonly by: readonly string[];
  readonly revision: number;
  /** Offset of the event that brought it. */
  readonly offset: number;
}

export class PlainSheet {
  /** Revision 1, 2, 3 … */
  readonly copies: Copy[] = [];
  /** The other of two entries that differ. */
  rival: Copy | null = null;
  status: SheetStatus = 'none';
  counting: Copy | null = null;
  signed = false;
  holds: string[] = [];
  sealed = false;
  /** Offset of the last change of the sheet, or of its station. */
  stamp = 0;

  get top(): Copy | null {
    return this.copies.at(-1) ?? null;
  }

  get held(): Copy | null {
    return this.status === 'held' ? this.top : null;
  }
}

/** The revision of a sheet that counts in a track. */
export function countedIn(sheet: PlainSheet, track: string): Copy | null {
  if (track === 'all') return sheet.held ?? sheet.counting;
  if (track === 'verified') return sheet.signed ? sheet.counting : null;
  return sheet.counting;
}

/** Whether the sheet is not where the sender of an act saw it. */
export function isElsewhere(sheet: PlainSheet, seen: { revision: number; offset: number } | undefined): boolean {
  return seen !== undefined && !(seen.revision === sheet.copies.length && seen.offset === sheet.stamp);
}

export function areSame(a: Names, b: Names): boolean {
  const sorted = (names: Names): string => JSON.stringify(Object.entries(names).sort());
  return sorted(a) === sorted(b);
}
