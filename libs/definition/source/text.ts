/**
 * A file's bytes as text: strict UTF-8, no NUL, a byte order mark dropped; and places in it as line and column.
 */
import type { Place, Problems } from '../problems.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = '\ufeff';

/** The text of a file, or undefined with a problem told. */
export function decodeText(file: string, bytes: Uint8Array, problems: Problems): string | undefined {
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    const { place, byte } = firstInvalidByte(bytes);
    const found = byte.toString(16).padStart(2, '0');
    problems.add(
      file,
      place,
      'invalid-utf8',
      `text must be UTF-8; the byte 0x${found} here is not. Save the file as UTF-8`,
    );
    return undefined;
  }
  if (text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
  const nul = text.indexOf('\0');
  if (nul < 0) return text;
  problems.add(
    file,
    placeAt(text, nul),
    'nul-byte',
    'the file holds a NUL byte (0x00), which no text has. Save it anew as UTF-8 text',
  );
  return undefined;
}

/** Line and column, both from 1, of an offset in a text. Lines end with `\n`, `\r\n` or `\r`. */
export function placeAt(text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let i = 0; i < offset; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) {
      line += 1;
      start = i + 1;
    }
  }
  return { line, column: offset - start + 1 };
}

/** Places in one text, many of them: line starts are looked up, not counted anew. */
export class Places {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1);
    }
  }

  at(offset: number): Place {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }
}

/** The longest valid beginning ends where the first invalid byte stands. */
function firstInvalidByte(bytes: Uint8Array): { place: Place; byte: number } {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isValidBeginning(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  const before = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, low), { stream: true });
  return { place: placeAt(before, before.length), byte: bytes[low] ?? bytes.at(-1) ?? 0 };
}

function isValidBeginning(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Text as the definition keeps it. */
export function normal(text: string): string {
  return text.normalize('NFC');
}
