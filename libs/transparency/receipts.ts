/**
 * Receipts: the operator's signed word, given at once, that an event lies at a place of the log. The tree proves it
 * later. A receipt whose event is not there is proof against whoever signed it.
 *
 *     tally/<election>/receipt
 *     <shard>:<offset>
 *     <leaf hash, base64>
 */
import type { ElectionId } from '#domain';
import { formatHash, parseHash } from './checkpoint.ts';
import type { Hash } from './hashing.ts';

export interface ReceiptClaim {
  readonly election: ElectionId;
  readonly shard: number;
  readonly offset: number;
  readonly leaf: Hash;
}

export function receiptOrigin(election: ElectionId): string {
  return `tally/${election}/receipt`;
}

export function formatReceipt({ election, shard, offset, leaf }: ReceiptClaim): string {
  return `${receiptOrigin(election)}\n${shard}:${offset}\n${formatHash(leaf)}\n`;
}

/** From the text of an opened note; null where it is none. */
export function parseReceipt(text: string): ReceiptClaim | null {
  const match = /^tally\/([A-Za-z0-9._-]{1,64})\/receipt\n(\d{1,5}):(\d{1,15})\n([A-Za-z0-9+/=]{44})\n$/.exec(text);
  const leaf = match && parseHash(match[4]!);
  return match && leaf ? { election: match[1]!, shard: Number(match[2]), offset: Number(match[3]), leaf } : null;
}

/** Digits and letters that can't be taken for each other (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first 40 bits of the leaf hash, for reading aloud: `K7QM-3PXD`. */
export function receiptCode(leaf: Hash): string {
  let bits = 0n;
  for (const byte of leaf.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  let code = '';
  for (let at = 35n; at >= 0n; at -= 5n) code += ALPHABET[Number((bits >> at) & 31n)];
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** `<shard>-<offset>-<code>`: where the event lies, and a check that it is the right one. */
export function receiptId({ shard, offset, leaf }: Omit<ReceiptClaim, 'election'>): string {
  return `${shard}-${offset}-${receiptCode(leaf)}`;
}

/** null where the text is no receipt's id. */
export function parseReceiptId(text: string): { shard: number; offset: number; code: string } | null {
  const match = /^(\d{1,5})-(\d{1,15})-([0-9A-Z]{4}-[0-9A-Z]{4})$/.exec(text.toUpperCase());
  return match && { shard: Number(match[1]), offset: Number(match[2]), code: match[3]! };
}
