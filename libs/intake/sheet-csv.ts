/**
 * Sheets as CSV (contracts §2): physical lines in, one outcome for each record out.
 *
 * Records are cut here and not by a CSV library because damage must stay where it is: a quote that is never closed costs
 * its own line, not the rest of the file.
 */
import { isTimestamp, MAX_COUNT, type StructureProblem } from '#domain';
import { countQuotes, splitQuoted } from './csv-record.ts';
import { readHeader, type SheetColumn, type SheetColumns } from './sheet-columns.ts';
import { faultProblem, problem, type SheetFileLine } from './sheet-line.ts';
import type { DamagedLine, LineBatch } from './text-lines.ts';

/** A record (a reason with line breaks in quotes) spans at most so many lines. */
const MAX_RECORD_LINES = 20;

/** Reads records from physical lines; push all batches, then `end`. Never throws. */
export class CsvSheets {
  readonly #known: SheetColumns | undefined;
  #delimiter = ',';
  #columns: readonly SheetColumn[] | undefined;
  /** Lines of a record whose quotes are still open, and the number of the first of them. */
  #pending: readonly (string | DamagedLine)[] = [];
  #first = 1;
  /** Whether the header was refused, and all of the file with it. */
  #refused = false;

  constructor(known: SheetColumns | undefined) {
    this.#known = known;
  }

  get refused(): boolean {
    return this.#refused;
  }

  push(batch: LineBatch): SheetFileLine[] {
    const lines = this.#pending.length > 0 ? [...this.#pending, ...batch.lines] : batch.lines;
    const first = batch.first - this.#pending.length;
    return this.#read(first, lines, false);
  }

  end(): SheetFileLine[] {
    return this.#read(this.#first, this.#pending, true);
  }

  #read(first: number, lines: readonly (string | DamagedLine)[], isEnd: boolean): SheetFileLine[] {
    const found: SheetFileLine[] = [];
    this.#pending = [];
    for (let i = 0; i < lines.length && !this.#refused; ) {
      const line = lines[i]!;
      if (typeof line !== 'string') {
        found.push(this.#damaged(first + i, line));
        i += 1;
        continue;
      }
      if (line.trim() === '') {
        i += 1;
        continue;
      }
      const length = line.includes('"') ? this.#recordLength(lines, i, isEnd) : 1;
      if (length === 'open') {
        this.#pending = lines.slice(i);
        this.#first = first + i;
        return found;
      }
      i += this.#record(first + i, lines, i, length, found);
    }
    return found;
  }

  /** How many lines the record at `i` takes; `open` where that can't be known yet, 0 where its quotes never close. */
  #recordLength(lines: readonly (string | DamagedLine)[], i: number, isEnd: boolean): number | 'open' {
    let quotes = 0;
    for (let j = i; j < i + MAX_RECORD_LINES; j += 1) {
      if (j >= lines.length) return isEnd ? 0 : 'open';
      const line = lines[j]!;
      if (typeof line !== 'string') return 0;
      quotes += countQuotes(line);
      if (quotes % 2 === 0) return j - i + 1;
    }
    return 0;
  }

  /** Reads one record into `found`; returns how many lines it took. */
  #record(
    number: number,
    lines: readonly (string | DamagedLine)[],
    i: number,
    length: number,
    found: SheetFileLine[],
  ): number {
    const own = lines[i] as string;
    if (length === 0) {
      found.push(this.#unreadable(number, problem('', 'unclosed-quote', 'A quote (") is opened and never closed.')));
      return 1;
    }
    if (!this.#columns) {
      const text = lines.slice(i, i + length).join('\n');
      this.#readHeader(number, text, found);
      return length;
    }
    const within = lines.slice(i, i + length) as readonly string[];
    const cells = own.includes('"') ? splitQuoted(within.join('\n'), this.#delimiter) : own.split(this.#delimiter);
    if (length > 1 && (typeof cells === 'string' || cells.length !== this.#columns.length || this.#swallows(within))) {
      found.push(refused(number, problem('', 'unclosed-quote', 'A quote (") is opened on this line and not closed.')));
      return 1;
    }
    found.push(
      typeof cells === 'string' ? refused(number, problem('', 'bad-quotes', cells)) : this.#row(number, cells),
    );
    return length;
  }

  /** Whether a line inside the quotes of a record is a whole row by itself: then the quote was never meant to reach it. */
  #swallows(lines: readonly string[]): boolean {
    return lines.slice(1).some((line) => line.split(this.#delimiter).length === this.#columns?.length);
  }

  #damaged(number: number, { fault }: DamagedLine): SheetFileLine {
    return this.#unreadable(number, faultProblem(fault));
  }

  #unreadable(number: number, why: StructureProblem): SheetFileLine {
    if (this.#columns) return refused(number, why);
    this.#refused = true;
    return { ...refused(number, why), wholeFile: true };
  }

  #readHeader(number: number, text: string, found: SheetFileLine[]): void {
    const header = readHeader(text, this.#known);
    if ('problems' in header) {
      this.#refused = true;
      found.push({ line: number, problems: header.problems, wholeFile: true });
    } else {
      this.#delimiter = header.delimiter;
      this.#columns = header.columns;
    }
  }

  #row(number: number, cells: readonly string[]): SheetFileLine {
    const columns = this.#columns!;
    if (cells.length !== columns.length) {
      const message = `This row has ${cells.length} cells, the header has ${columns.length}; a text or number with the separator in it needs quotes.`;
      return refused(number, problem('', 'ragged-row', message));
    }
    const fields: Record<string, number | string> = {};
    const votes: Record<string, number> = {};
    const raw: Record<string, unknown> = { fields, votes };
    let problems: StructureProblem[] | undefined;
    for (let i = 0; i < cells.length; i += 1) {
      const text = trimSpaces(cells[i]!);
      if (text === '') continue;
      const column = columns[i]!;
      const value = column.kind === 'count' ? readCount(text) : readCell(column, text);
      if (typeof value === 'object' && 'fault' in value) {
        problems ??= [];
        problems.push(problem(column.pointer, value.code, `${column.name} ${value.fault}`));
      } else if (column.group === 'fields') fields[column.key] = value as number | string;
      else if (column.group === 'votes') votes[column.key] = value as number;
      else raw[column.key] = value;
    }
    return problems ? { line: number, problems } : { line: number, raw };
  }
}

function refused(line: number, why: StructureProblem): { line: number; problems: StructureProblem[] } {
  return { line, problems: [why] };
}

/* ------------------------------------------------------------ cells */

interface CellFault {
  readonly code: string;
  readonly fault: string;
}

function readCell(column: SheetColumn, text: string): number | string | readonly string[] | CellFault {
  switch (column.kind) {
    case 'count':
      return readCount(text);
    case 'count-or-time':
      return isTimestamp(text) ? text : readCount(text);
    case 'list':
      return text.split(/ +/);
    case 'text':
      return text.normalize('NFC');
  }
}

/** Digits only, never reinterpreted (contracts, head). */
function readCount(text: string): number | CellFault {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 48 || unit > 57) return { code: 'not-digits', fault: `must be digits only: ${digitsFault(text)}` };
  }
  const value = Number(text);
  if (value <= MAX_COUNT) return value;
  return { code: 'too-large', fault: `must be at most ${MAX_COUNT}; found ${shown(text)}.` };
}

function digitsFault(text: string): string {
  const found = shown(text);
  if (/^-\d/.test(text)) return `${found} is negative.`;
  if (/^\d{1,3}(?:[.,'\s]\d{3})+$/u.test(text))
    return `${found} has a separator, and it is not guessed which number is meant.`;
  if (/^\d+[.,]\d+$/.test(text)) return `${found} has decimals.`;
  if (/^[=+@]/.test(text)) return `${found} is a formula.`;
  if (/^\p{Nd}+$/u.test(text)) return `${found} has digits other than 0 to 9.`;
  return `found ${found}.`;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function trimSpaces(cell: string): string {
  const first = cell.charCodeAt(0);
  const last = cell.charCodeAt(cell.length - 1);
  return first === 32 || first === 9 || last === 32 || last === 9 ? cell.replace(/^[ \t]+|[ \t]+$/g, '') : cell;
}
