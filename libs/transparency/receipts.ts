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
