/**
 * The physical lines of a byte stream, in batches and in constant memory. A damaged line is told and stands alone:
 * lines before and after it are read as if it were not there.
 */
import { isUtf8 } from 'node:buffer';

/** A line of more bytes than this is refused without being kept. */
export const MAX_LINE_BYTES = 262_144;

export type LineFault = 'too-long' | 'not-utf8' | 'nul';

/** A line that can't be read as text. */
export interface DamagedLine {
  readonly fault: LineFault;
  /** Its first byte that is not blank, as a character: what kind of line it was. */
  readonly begins: string;
}

/** Lines without their ends; the first has the number `first` (from 1), the others follow. */
export interface LineBatch {
  readonly first: number;
  readonly lines: readonly (string | DamagedLine)[];
}

const LF = 10;
const CR = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
/** So far a line end is looked for before a file is taken to end its lines with CR alone. */
const LOOK_AHEAD = 65_536;

/** Lines end with LF or CRLF; with CR alone where a CSV file has no LF in its first 64 kB. A BOM is dropped. */
export async function* textLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<LineBatch> {
  const splitter = new LineSplitter();
  for await (const chunk of source) {
    const batch = splitter.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (batch) yield batch;
  }
  const rest = splitter.end();
  if (rest) yield rest;
}

class LineSplitter {
  #next = 1;
  /** The line that has begun: its bytes so far, unless it is too long already. */
  #parts: Buffer[] = [];
  #size = 0;
  #tooLong: DamagedLine | undefined;
  #separator: typeof LF | typeof CR | undefined;

  push(chunk: Buffer): LineBatch | undefined {
    if (this.#separator === undefined) {
      const read = this.#begin(chunk);
      return read && this.#split(read, this.#separator ?? LF);
    }
    return this.#split(chunk, this.#separator);
  }

  end(): LineBatch | undefined {
    const lines: (string | DamagedLine)[] = [];
    const first = this.#next;
    if (this.#separator === undefined && this.#size > 0) {
      const all = this.#take();
      this.#separator = lonelyEnd(all);
      const batch = this.#split(all, this.#separator);
      if (batch) lines.push(...batch.lines);
    }
    if (this.#tooLong) lines.push(this.#tooLong);
    else if (this.#size > 0) lines.push(...this.#linesOf(this.#take()));
    return lines.length > 0 ? { first, lines } : undefined;
  }

  /** Waits for the first line end, which tells how lines end; returns what is to be split then. */
  #begin(chunk: Buffer): Buffer | undefined {
    this.#parts.push(chunk);
    this.#size += chunk.length;
    const hasLf = chunk.includes(LF);
    if (!hasLf && this.#size < LOOK_AHEAD) return undefined;
    const all = this.#take();
    this.#separator = hasLf ? LF : lonelyEnd(all);
    return all;
  }

  #take(): Buffer {
    const all = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.#size);
    this.#parts = [];
    this.#size = 0;
    return all;
  }

  #split(chunk: Buffer, separator: number): LineBatch | undefined {
    const last = chunk.lastIndexOf(separator);
    if (last < 0) {
      this.#keep(chunk);
      return undefined;
    }
    const lines: (string | DamagedLine)[] = [];
    let start = 0;
    if (this.#tooLong) {
      lines.push(this.#tooLong);
      this.#tooLong = undefined;
      start = chunk.indexOf(separator) + 1;
    }
    if (start <= last) {
      this.#parts.push(chunk.subarray(start, last));
      this.#size += last - start;
      for (const line of this.#linesOf(this.#take(), separator)) lines.push(line);
    }
    this.#keep(chunk.subarray(last + 1));
    return this.#number(lines, lines.length);
  }

  #keep(bytes: Buffer): void {
    if (this.#tooLong || bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#size += bytes.length;
    if (this.#size <= MAX_LINE_BYTES) return;
    this.#tooLong = damage('too-long', this.#parts[0]!.toString('latin1', 0, LOOK_BEGIN));
    this.#parts = [];
    this.#size = 0;
  }

  #number(lines: (string | DamagedLine)[], count: number): LineBatch {
    const first = this.#next;
    this.#next += count;
    return { first, lines };
  }

  /** The lines of a block that ends where a line ends. */
  #linesOf(block: Buffer, separator: number = this.#separator ?? LF): (string | DamagedLine)[] {
    const bytes = this.#next === 1 && startsWithMark(block) ? block.subarray(BYTE_ORDER_MARK.length) : block;
    if (!isUtf8(bytes))
      return bytesOfLines(bytes, separator).map((line) =>
        isUtf8(line) ? sound(line.toString('utf8')) : damage('not-utf8', line.toString('latin1', 0, LOOK_BEGIN)),
      );
    const lines: (string | DamagedLine)[] = bytes.toString('utf8').split(separator === LF ? '\n' : '\r');
    const suspect = bytes.includes(CR) || bytes.includes(0) || bytes.length > MAX_LINE_BYTES / 3;
    return suspect ? lines.map((line) => sound(line as string)) : lines;
  }
}

/** How lines end where no LF is found; JSON may have a CR within a line. */
function lonelyEnd(bytes: Buffer): typeof LF | typeof CR {
  const isJson = bytes
    .toString('latin1', 0, LOOK_BEGIN)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
    .startsWith('{');
  return !isJson && bytes.includes(CR) ? CR : LF;
}

function startsWithMark(bytes: Buffer): boolean {
  return BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
}

function bytesOfLines(block: Buffer, separator: number): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; ; ) {
    const end = block.indexOf(separator, start);
    lines.push(block.subarray(start, end < 0 ? block.length : end));
    if (end < 0) return lines;
    start = end + 1;
  }
}

/** So many bytes of a damaged line are looked at to tell what it was. */
const LOOK_BEGIN = 100;

function damage(fault: LineFault, start: string): DamagedLine {
  return { fault, begins: start.trimStart().charAt(0) };
}

function sound(line: string): string | DamagedLine {
  if (line.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(line) > MAX_LINE_BYTES)
    return damage('too-long', line.slice(0, LOOK_BEGIN));
  if (line.includes('\0')) return damage('nul', line.slice(0, LOOK_BEGIN));
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
