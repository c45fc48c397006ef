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

/** So many lines are looked at to tell what a file is. */
const LOOK_LINES = 3;
const LIST = /^\s*\[\s*(?:\{|$)/;
const STATION_COLUMN = /\bstation"?\s*(?:[,;\t]|$)/;
const CONTEST_COLUMN = /\bcontest"?\s*(?:[,;\t]|$)/;

export type SheetFormat = 'csv' | 'ndjson';

export interface SheetFileOptions {
  /** Left out: NDJSON where the file begins with `{`, else CSV. */
  readonly format?: SheetFormat;
  /** What columns there may be: the election, or its columns. Left out: who takes the sheets judges fields and candidates. */
  readonly election?: Election;
  readonly columns?: SheetColumns;
}

/** Reads the sheets of a file or stream. One `next` at a time, as `for await` does. */
export function readSheets(
  source: AsyncIterable<Uint8Array>,
  options: SheetFileOptions = {},
): AsyncIterableIterator<SheetFileLine> {
  return new OneByOne(readPieces(source, options));
}

async function* readPieces(
  source: AsyncIterable<Uint8Array>,
  options: SheetFileOptions,
): AsyncGenerator<readonly SheetFileLine[]> {
  const columns = options.columns ?? (options.election && columnsOf(options.election));
  const reader = new SheetReader(options.format, columns);
  for await (const batch of textLines(source)) {
    yield reader.push(batch);
    if (reader.refused) return;
  }
  yield reader.end();
}

/** What comes in pieces, one by one: a generator would wait three times for each line, which is there already. */
class OneByOne<T> implements AsyncIterableIterator<T> {
  readonly #pieces: AsyncGenerator<readonly T[]>;
  #piece: readonly T[] = [];
  #at = 0;

  constructor(pieces: AsyncGenerator<readonly T[]>) {
    this.#pieces = pieces;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#at === this.#piece.length) return this.#nextPiece();
    const value = this.#piece[this.#at]!;
    this.#at += 1;
    return Promise.resolve({ done: false, value });
  }

  async #nextPiece(): Promise<IteratorResult<T>> {
    while (this.#at === this.#piece.length) {
      const { done, value } = await this.#pieces.next();
      if (done) return { done, value: undefined };
      this.#piece = value;
      this.#at = 0;
    }
    return this.next();
  }

  async return(): Promise<IteratorResult<T>> {
    this.#piece = [];
    this.#at = 0;
    await this.#pieces.return(undefined);
    return { done: true, value: undefined };
  }
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

  /** CSV where the first line is a header; NDJSON where one of the first lines begins with `{` (others may be damaged). */
  #sniff(isEnd: boolean): SheetFileLine[] {
    const beginnings = this.#waiting.flatMap(({ first, lines }) =>
      lines.slice(0, LOOK_LINES).map((line, i) => ({
        number: first + i,
        char: typeof line === 'string' ? line.trimStart().charAt(0) : line.begins,
        isList: typeof line === 'string' && LIST.test(line),
        isHeader: typeof line === 'string' && STATION_COLUMN.test(line) && CONTEST_COLUMN.test(line),
      })),
    );
    const found = beginnings.filter(({ char }) => char !== '').slice(0, LOOK_LINES);
    if (found[0]?.isList) {
      this.#refused = true;
      const message = 'This is a JSON list; write one sheet a line (NDJSON), without brackets and commas between them.';
      return [{ line: found[0].number, problems: [problem('', 'not-ndjson', message)], wholeFile: true }];
    }
    const isHeader = found[0]?.isHeader === true;
    const isJson = !isHeader && found.some(({ char }) => char === '{');
    if (!isHeader && !isJson && found.length < LOOK_LINES && !isEnd) return [];
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
      found.push(readJsonLine(line, text));
    }
  });
  return found;
}

/** `-0` equals 0 for JavaScript and would be sent on as 0. */
const MINUS_ZERO = /[:,[\s]-0[\s,}\]]/;
const STRINGS = /"(?:[^"\\]|\\.)*"/gs;

function readJsonLine(line: number, text: string): SheetFileLine {
  const parsed = parseSheetJson(text);
  if (!parsed.ok) return { line, problems: parsed.problems };
  if (MINUS_ZERO.test(text) && MINUS_ZERO.test(text.replace(STRINGS, '""')))
    return { line, problems: [problem('', 'negative', 'Counts must not be negative; found -0.')] };
  return { line, raw: parsed.raw };
}
