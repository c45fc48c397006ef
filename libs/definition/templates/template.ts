/** Texts of a package's files by name. */
export type Template = Readonly<Record<string, string>>;

export function jsonFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

type Cell = string | number;

/** Rows as CSV; the cells of templates need no quoting. */
export function csvFile(header: string, rows: readonly (readonly Cell[])[]): string {
  return `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;
}
