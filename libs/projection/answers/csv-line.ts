/** A line of CSV (RFC 4180) for people: what a spreadsheet would take for a formula is marked as text with an apostrophe. */
import { stringify } from 'csv-stringify/sync';

/** Ends in `\n`. Nothing and `null` are empty cells. */
export function csvLine(cells: readonly (string | number | null | undefined)[]): string {
  return stringify([cells], { escape_formulas: true });
}
