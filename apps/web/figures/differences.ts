/** What differs between two positions: every figure before and after. */
import type { Progress } from '#domain';
import type { SpelledTotals } from '#wire';

export interface Difference {
  readonly key: string;
  /** undefined: nothing received, which is not zero. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** null where neither has it. */
  readonly difference: number | null;
}

export function difference(key: string, before: number | undefined, after: number | undefined): Difference {
  const isNothing = before === undefined && after === undefined;
  return { key, before, after, difference: isNothing ? null : (after ?? 0) - (before ?? 0) };
}

export function differs({ before, after }: Difference): boolean {
  return before !== after;
}

export function differencesOf(
  keys: readonly string[],
  figureAt: (totals: SpelledTotals, key: string) => number | undefined,
  before: SpelledTotals | undefined,
  after: SpelledTotals | undefined,
): Difference[] {
  const value = (totals: SpelledTotals | undefined, key: string) => totals && figureAt(totals, key);
  return keys.map((key) => difference(key, value(before, key), value(after, key)));
}

export const COMPARED_PROGRESS = ['received', 'counted', 'verified', 'registeredCounted'] as const;
export type ComparedProgress = (typeof COMPARED_PROGRESS)[number];

export function progressDifferences(before: Progress | undefined, after: Progress | undefined): Difference[] {
  return COMPARED_PROGRESS.map((name) => difference(name, before?.[name], after?.[name]));
}
