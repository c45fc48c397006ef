/** What a figure is made of: which rows are shown, and their running sum. */
import type { ContestSummary, SpelledTotals } from '#wire';

interface Children {
  readonly children: readonly { readonly isStation: boolean }[];
}

/** Whether areas stand between the unit and its sheets: their sums are shown, and lead one level down. */
export function hasAreasBetween({ children }: Children): boolean {
  return children.some(({ isStation }) => !isStation);
}

/** More sheets than this are not shown in one list. */
export const MOST_SHEETS = 500;

type Figures = Pick<ContestSummary, 'candidates' | 'fields' | 'seats'>;

/** Keys of all summed figures of a contest: the votes first, in ballot order. */
export function figureKeysOf({ candidates, fields, seats }: Figures): string[] {
  return [
    ...candidates.map(({ number }) => `votes.${number}`),
    ...fields.flatMap(({ id, type, repeat }) => {
      if (type === 'time') return [];
      return repeat ? Array.from({ length: seats }, (_, i) => `field.${id}.${i + 1}`) : [`field.${id}`];
    }),
  ];
}

/** The key asked for, where the contest has such a figure; else the first. */
export function keyOf(contest: Figures, asked: string | undefined): string | undefined {
  const keys = figureKeysOf(contest);
  return asked !== undefined && keys.includes(asked) ? asked : keys[0];
}

/** A figure of totals or of a sheet; undefined where it is not stated. */
export function figureAt(
  of: { readonly votes: SpelledTotals['votes']; readonly fields: Readonly<Record<string, number | string>> },
  key: string,
): number | undefined {
  const name = key.slice(key.indexOf('.') + 1);
  const value = key.startsWith('votes.') ? of.votes[name] : of.fields[name];
  return typeof value === 'number' ? value : undefined;
}

/** The sum after each row; a row without a value adds nothing. */
export function runningSums(values: readonly (number | undefined)[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value ?? 0;
    return sum;
  });
}
