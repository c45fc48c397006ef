/**
 * CSV with places: RFC 4180 with a header line; `,`, `;` or tab between cells; columns found by name.
 *
 * Rows are parsed without places, which is fast enough for a nation; only where something is wrong the text is looked
 * through for the line and column of a cell.
 */
import { parse } from 'csv-parse/sync';
import { type Place, type Problems, shown } from '../problems.ts';
import { type CsvPlaces, csvPlaces } from './csv-places.ts';
import { normal, Places } from './text.ts';

const RECORD_ENDS = ['\r\n', '\n', '\r'];
const DELIMITERS = [',', ';', '\t'] as const;
const LONGEST_RECORD = 500_000;

export interface Columns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** `name_<lang>` is allowed for these; for any, where the languages are not known. */
  readonly languages: readonly string[] | undefined;
}

export class CsvTable {
  readonly file: string;
  readonly #rows: readonly string[][];
  readonly #columns: ReadonlyMap<string, number>;
  readonly #text: string;
  readonly #delimiter: string;
  readonly #problems: Problems;
  #cells: CsvPlaces | undefined;
  #places: Places | undefined;

  constructor(file: string, text: string, delimiter: string, rows: readonly string[][], problems: Problems) {
    this.file = file;
    this.#text = text;
    this.#delimiter = delimiter;
    this.#rows = rows;
    this.#columns = new Map((rows[0] ?? []).map((name, i) => [name.trim(), i]));
    this.#problems = problems;
  }

  /** Rows below the header. */
  get length(): number {
    return this.#rows.length - 1;
  }

  /** A cell, trimmed and normalised; undefined where it is empty or its column is not there ("not given"). */
  cell(row: number, column: string): string | undefined {
    const index = this.#columns.get(column);
    const value = index === undefined ? undefined : this.#rows[row + 1]?.[index];
    if (value === undefined || value === '') return undefined;
    const trimmed = value.trim();
    return trimmed === '' ? undefined : normal(trimmed);
  }

  /** Tells a problem with a cell; without a column, with the row. `character`: place inside the cell, from 0. */
  problem(row: number, column: string | undefined, code: string, message: string, character = 0): void {
    if (this.#problems.full) this.#problems.add(this.file, undefined, code, message);
    else this.#problems.add(this.file, this.#placeOf(row, column, character), code, message);
  }

  /** Checks the header and the length of every row. Row -1 is the header. */
  check({ required, optional, languages }: Columns): boolean {
    const names = this.#rows[0] ?? [];
    const before = this.#problems.count;
    const known = [...required, ...optional];
    const seen = new Set<string>();
    names.forEach((cell, index) => {
      const name = cell.trim();
      const message = seen.has(name)
        ? `column ${shown(name)} stands twice; keep one`
        : columnFault(name, known, required, languages);
      if (message)
        this.#problems.add(
          this.file,
          this.#placeOfIndex(0, index),
          seen.has(name) ? 'duplicate-column' : 'unknown-column',
          message,
        );
      seen.add(name);
    });
    for (const name of required)
      if (!this.#columns.has(name))
        this.problem(-1, undefined, 'missing-column', `column "${name}" is missing; expected are ${known.join(', ')}`);
    this.#checkLengths(names.length);
    return this.#problems.count === before;
  }

  #checkLengths(expected: number): void {
    for (let record = 1; record < this.#rows.length; record += 1) {
      const found = this.#rows[record]!.length;
      if (found === expected) continue;
      const message = `this row has ${found} cells, the header has ${expected}; texts with the separator in them need double quotes`;
      this.#problems.add(this.file, this.#placeOfIndex(record, 0), 'ragged-row', message);
    }
  }

  #placeOf(row: number, column: string | undefined, character: number): Place {
    const place = this.#placeOfIndex(row + 1, column === undefined ? 0 : (this.#columns.get(column) ?? 0));
    return { line: place.line, column: place.column + character };
  }

  #placeOfIndex(record: number, index: number): Place {
    this.#cells ??= csvPlaces(this.#text, this.#delimiter);
    this.#places ??= new Places(this.#text);
    const cells = this.#cells.records[record] ?? [0];
    return this.#places.at(cells[index] ?? cells[0] ?? 0);
  }
}

/** Reads a table; undefined with problems told where it is none. */
export function readCsv(file: string, text: string, columns: Columns, problems: Problems): CsvTable | undefined {
  if (text.trim() === '') {
    const message = `the file is empty; it needs the header line ${columns.required.join(',')}`;
    problems.add(file, { line: 1, column: 1 }, 'empty', message);
    return undefined;
  }
  const delimiter = sniffDelimiter(text);
  const rows = parseRows(file, text, delimiter, problems);
  if (!rows) return undefined;
  const table = new CsvTable(file, text, delimiter, rows, problems);
  return table.check(columns) ? table : undefined;
}

function parseRows(file: string, text: string, delimiter: string, problems: Problems): string[][] | undefined {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: RECORD_ENDS,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LONGEST_RECORD,
    });
  } catch (error) {
    const places = new Places(text);
    const { faults } = csvPlaces(text, delimiter);
    for (const { offset, message } of faults) problems.add(file, places.at(offset), 'csv-syntax', message);
    if (faults.length === 0) {
      const { message, lines } = error as { message: string; lines?: number };
      problems.add(file, lines === undefined ? undefined : { line: lines, column: 1 }, 'csv-syntax', message);
    }
    return undefined;
  }
}

/** The one of `,`, `;` and tab that stands most often in the header line. */
function sniffDelimiter(text: string): string {
  const header = /[^\r\n]+/.exec(text)?.[0] ?? '';
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function columnFault(
  name: string,
  known: readonly string[],
  required: readonly string[],
  languages: readonly string[] | undefined,
): string | undefined {
  if (known.includes(name)) return undefined;
  if (name === '') return 'this column has no name';
  const language = /^name_(.+)$/.exec(name)?.[1];
  if (language !== undefined) {
    if (!languages || languages.includes(language)) return undefined;
    return `column ${shown(name)} is for a language that is not among the languages of election.json (${languages.join(', ')})`;
  }
  const wanted = known.find((one) => one.toLowerCase() === name.toLowerCase());
  if (wanted) return `unknown column ${shown(name)}; did you mean "${wanted}"?`;
  return `unknown column ${shown(name)}; known are ${known.join(', ')} and name_<language> (${required.join(', ')} must be there)`;
}
