/**
 * Where the cells of a CSV text stand, and where its quoting goes wrong (RFC 4180). Only read when a problem is told;
 * the values themselves are csv-parse's.
 */
export interface CsvFault {
  readonly offset: number;
  readonly message: string;
}

export interface CsvPlaces {
  /** For each record that is no empty line: the offsets of the first character of each cell. */
  readonly records: readonly (readonly number[])[];
  readonly faults: readonly CsvFault[];
}

const QUOTE = '"';

export function csvPlaces(text: string, delimiter: string): CsvPlaces {
  const records: number[][] = [];
  const faults: CsvFault[] = [];
  let cells: number[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    cells.push(start);
    at = text[at] === QUOTE ? quotedEnd(text, at, delimiter, faults) : plainEnd(text, at, delimiter, faults);
    if (text[at] === delimiter) {
      at += 1;
      if (at === text.length) cells.push(at);
      else if (isLineEnd(text[at])) {
        cells.push(at);
      } else continue;
    }
    const isEmptyLine = cells.length === 1 && at === start;
    if (!isEmptyLine) records.push(cells);
    cells = [];
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
  }
  return { records, faults };
}

function isLineEnd(unit: string | undefined): boolean {
  return unit === '\n' || unit === '\r';
}

/** The end of a cell without quotes: the delimiter, line end or end of text. */
function plainEnd(text: string, start: number, delimiter: string, faults: CsvFault[]): number {
  let at = start;
  while (at < text.length && text[at] !== delimiter && !isLineEnd(text[at])) {
    if (text[at] === QUOTE) {
      const message =
        'a double quote stands inside a cell without quotes; put the cell in double quotes and double this one';
      faults.push({ offset: at, message });
    }
    at += 1;
  }
  return at;
}

function quotedEnd(text: string, start: number, delimiter: string, faults: CsvFault[]): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf(QUOTE, at);
    if (quote < 0) {
      faults.push({ offset: start, message: 'the double quote that opens this cell is never closed' });
      return text.length;
    }
    const next = text[quote + 1];
    if (next === QUOTE) at = quote + 2;
    else if (next === undefined || next === delimiter || isLineEnd(next)) return quote + 1;
    else {
      faults.push({
        offset: quote + 1,
        message:
          'after the closing double quote only a separator or the line end may stand; double a quote that belongs to the text',
      });
      return plainEnd(text, quote + 1, delimiter, []);
    }
  }
}
