/**
 * Keys of lmdb, ordered by bytes: texts in UTF-8, each ended by a zero byte, numbers in six bytes, highest first.
 *
 * Writing never fails, since a key that is refused in the middle of an lmdb batch would leave the batch half-written:
 * the bytes 0 and 1 in a text are escaped (keeping the order), and a text too long for a key is cut and its hash
 * added. (An attempt is filed under whatever station its sender wrote.) Of keys, only shard
 * and offset are read back: values say the rest.
 */
import { hash } from 'node:crypto';

export type KeyPart = string | number;
export type StoreKey = readonly KeyPart[];

/** Two texts of this many characters, at three bytes each, and numbers stay below lmdb's limit of 1,978 bytes. */
const MAX_TEXT = 200;
const END = 0;
const ESCAPE = 1;
/** As a part of a range's end: after every number, and after every text (no byte of UTF-8 is 255). */
export const LAST = 2 ** 48 - 1;

/** Writes a key and returns where it ends. */
export function writeKey(parts: StoreKey, target: Uint8Array, start: number): number {
  let at = start;
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i]!;
    at = typeof part === 'number' ? writeNumber(part, target, at) : writeText(part, target, at);
  }
  return at;
}

function writeNumber(value: number, target: Uint8Array, at: number): number {
  const high = Math.floor(value / 2 ** 32);
  target[at] = high >>> 8;
  target[at + 1] = high;
  target[at + 2] = value >>> 24;
  target[at + 3] = value >>> 16;
  target[at + 4] = value >>> 8;
  target[at + 5] = value;
  return at + 6;
}

function writeText(text: string, target: Uint8Array, start: number): number {
  if (text.length > MAX_TEXT) return writeText(shortened(text), target, start);
  let at = start;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 127 || code <= ESCAPE) return writeBytes(Buffer.from(text, 'utf8'), target, start);
    target[at++] = code;
  }
  target[at++] = END;
  return at;
}

function writeBytes(bytes: Uint8Array, target: Uint8Array, start: number): number {
  let at = start;
  for (const byte of bytes) {
    if (byte <= ESCAPE) {
      target[at++] = ESCAPE;
      target[at++] = byte + 1;
    } else target[at++] = byte;
  }
  target[at++] = END;
  return at;
}

function shortened(text: string): string {
  return text.slice(0, MAX_TEXT - 64) + hash('sha256', text);
}

/** The two numbers at the end of a key that ends in shard and offset; meaningless for other keys. */
export function readShardAndOffset(source: Uint8Array, _start: number, end: number): StoreKey {
  return [readNumber(source, end - 12), readNumber(source, end - 6)];
}

function readNumber(source: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + 6; i += 1) value = value * 256 + source[i]!;
  return value;
}
