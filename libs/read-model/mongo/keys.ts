/**
 * `_id`s that sort as the port promises.
 *
 * An attempt's is one number, shard × 2^40 + offset: exact for 8,192 shards of a million million records. The others
 * are texts: codes, a space between them (it sorts before every character of a code), numbers with leading zeros.
 * Characters outside of ASCII are spelled as the bytes of their UTF-8, so that every server sorts by bytes. What is
 * too long for an index is cut and its hash added: an attempt is filed under whatever station its sender wrote.
 */
import { hash } from 'node:crypto';

const SHARD_STEP = 2 ** 40;
const MAX_TEXT = 200;
const PLAIN = /^[ -~]*$/;

export function attemptId(shard: number, offset: number): number {
  return shard * SHARD_STEP + offset;
}

export function offsetOf(id: number): number {
  return id % SHARD_STEP;
}

export function shardOf(id: number): number {
  return Math.floor(id / SHARD_STEP);
}

/** Codes, then numbers of up to 13 digits. */
export function key(...parts: readonly (string | number)[]): string {
  return parts.map((part) => (typeof part === 'number' ? String(part).padStart(13, '0') : text(part))).join(' ');
}

/** Bounds of all keys that begin with these parts and have more. */
export function below(...parts: readonly (string | number)[]): { readonly $gte: string; readonly $lt: string } {
  const start = key(...parts);
  return { $gte: `${start} `, $lt: `${start}!` };
}

function text(part: string): string {
  const spelled = PLAIN.test(part) ? part : Buffer.from(part, 'utf8').toString('latin1');
  return spelled.length > MAX_TEXT ? spelled.slice(0, MAX_TEXT - 64) + hash('sha256', part) : spelled;
}
