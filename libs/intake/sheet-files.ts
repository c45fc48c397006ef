/**
 * Files of sheets, NDJSON or CSV (contracts §2), read as a stream in constant memory: one outcome for each line (CSV: for
 * each record) that is not blank, in order. What a file holds never throws; only its source can.
 */
import type { Election } from '#domain';
import { columnsOf, type SheetColumns } from './sheet-columns.ts';
import { CsvSheets } from './sheet-csv.ts';
import { parseSheetJson } from './sheet-json.ts';
import { faultProblem, problem, type SheetFileLine } from './sheet-line.ts';
import { type LineBatch, textLines } from './text-lines.ts';

export type SheetFormat = 'csv' | 'ndjson';

export interface SheetFileOptions {
  /** Left out: NDJSON where the file begins with `{`, else CSV. */
  readonly format?: SheetFormat;
  /** What columns there may be: the election, or its columns. Left out: who takes the sheets judges fields and candidates. */
  readonly election?: Election;
  readonly columns?: SheetColumns;
}

/** Reads the sheets of a file or stream. */
export async function* readSheets(
  source: AsyncIterable<Uint8Array>,
  options: SheetFileOptions = {},
): AsyncGenerator<SheetFileLine> {
  const columns = options.columns ?? (options.election && columnsOf(options.election));
  const reader = new SheetReader(options.format, columns);
  for await (const batch of textLines(source)) {
    yield* reader.push(batch);
    if (reader.refused) return;
  }
  yield* reader.end();
}

class SheetReader {
  readonly #columns: SheetColumns | undefined;
  #format: SheetFormat | undefined;
  #csv: CsvSheets | undefined;
  /** Batches before the format is known. */
  #waiting: LineBatch[] = [];
  #refused = false;

  constructor(format: SheetFormat | undefined, columns: SheetColumns | undefined) {
    this.#format = format;
    this.#columns = columns;
  }

  /** Whether the file was refused as a whole. */
  get refused(): boolean {
    return this.#refused || this.#csv?.refused === true;
  }

  push(batch: LineBatch): SheetFileLine[] {
    if (this.#format) return this.#read(batch);
    this.#waiting.push(batch);
    return this.#sniff(false);
  }

  end(): SheetFileLine[] {
    const found = this.#format ? [] : this.#sniff(true);
    return this.#csv && !this.#csv.refused ? [...found, ...this.#csv.end()] : found;
  }

  /** NDJSON where one of the first two lines begins with `{` (the other may be damaged); no row of a CSV does. */
  #sniff(isEnd: boolean): SheetFileLine[] {
    const lines = this.#waiting.flatMap(({ first, lines }) =>
      lines.map((line, i) => ({ number: first + i, text: typeof line === 'string' ? line.trim() : null })),
    );
    const [one, two] = lines.filter(({ text }) => text !== '').slice(0, 2);
    if (one?.text?.startsWith('[')) {
      this.#refused = true;
      const message = 'This is a JSON list; write one sheet a line (NDJSON), without brackets and commas between them.';
      return [{ line: one.number, problems: [problem('', 'not-ndjson', message)], wholeFile: true }];
    }
    const isJson = one?.text?.startsWith('{') || two?.text?.startsWith('{');
    if (!isJson && !two && !isEnd) return [];
    this.#format = isJson ? 'ndjson' : 'csv';
    return this.#waiting.splice(0).flatMap((batch) => (this.refused ? [] : this.#read(batch)));
  }

  #read(batch: LineBatch): SheetFileLine[] {
    if (this.#format === 'ndjson') return readJsonLines(batch);
    this.#csv ??= new CsvSheets(this.#columns);
    return this.#csv.push(batch);
  }
}

function readJsonLines({ first, lines }: LineBatch): SheetFileLine[] {
  const found: SheetFileLine[] = [];
  lines.forEach((text, i) => {
    const line = first + i;
    if (typeof text !== 'string') found.push({ line, problems: [faultProblem(text.fault)] });
    else if (text.trim() !== '') {
      const parsed = parseSheetJson(text);
      found.push(parsed.ok ? { line, raw: parsed.raw } : { line, problems: parsed.problems });
    }
  });
  return found;
}
