/** Tables of text for people. */

export interface TableColumn {
  readonly head: string;
  /** Numbers stand to the right. */
  readonly align?: 'left' | 'right';
}

/** Aligned lines, each ending in `\n`; the head is left out where no column has one. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const heads = columns.map(({ head }) => head);
  const all = heads.some((head) => head !== '') ? [heads, ...rows] : [...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => width(row[i] ?? '')), 0));
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, i) => {
        const cell = row[i] ?? '';
        const space = ' '.repeat(widths[i]! - width(cell));
        return align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return all.map((row) => `${line(row)}\n`).join('');
}

function width(text: string): number {
  return [...text].length;
}

/** A share in percent with two decimals, half up, in whole-number arithmetic; "–" of nothing (domain.md). */
export function share(part: number, whole: number | undefined): string {
  if (!whole) return '–';
  const base = BigInt(whole);
  const hundredths = (20_000n * BigInt(part) + base) / (2n * base);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}
