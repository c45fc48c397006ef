/** Sorting of table rows. A missing value is not zero: it stands last, whichever way the rest is sorted. */

export type SortDirection = 'ascending' | 'descending';

export interface SortOrder {
  readonly column: string;
  readonly direction: SortDirection;
}

export type SortValue = number | string | null;

/** A stable sort by the values of one column; rows without a value go last, in their own order. */
export function sortRows<Row>(
  rows: readonly Row[],
  sortBy: (row: Row) => SortValue,
  direction: SortDirection,
  compareTexts: (a: string, b: string) => number,
): Row[] {
  const sign = direction === 'ascending' ? 1 : -1;
  return rows
    .map((row) => ({ row, value: sortBy(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      if (typeof a.value === 'string' && typeof b.value === 'string') return sign * compareTexts(a.value, b.value);
      return sign * (Number(a.value) - Number(b.value));
    })
    .map(({ row }) => row);
}

/** What pressing a column's header does: first its natural direction, then the other, then the package's order again. */
export function nextOrder(now: SortOrder | null, column: string, natural: SortDirection): SortOrder | null {
  if (now?.column !== column) return { column, direction: natural };
  if (now.direction !== natural) return null;
  return { column, direction: natural === 'ascending' ? 'descending' : 'ascending' };
}

/**
 * Rows in the order they are shown now, new ones at the end: used while somebody points at or types in a table, so that
 * nothing moves under the finger.
 */
export function keepOrder<Row>(rows: readonly Row[], shown: readonly string[], keyOf: (row: Row) => string): Row[] {
  const places = new Map(shown.map((key, place) => [key, place]));
  const placeOf = (row: Row): number => places.get(keyOf(row)) ?? shown.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}
