/** Receipts as they are handed out: the signed word that an event lies at a place of the log. */
import type { KeyObject } from 'node:crypto';
import type { ElectionId } from '#domain';
import { entryOf, formatReceipt, leafHash, receiptCode, receiptId, receiptOrigin, signNote } from '#transparency';

export interface SignedReceipt {
  /** `SHARD-OFFSET-CODE` */
  readonly id: string;
  readonly election: ElectionId;
  readonly code: string;
  /** Leaf hash, lower-case hex. */
  readonly digest: string;
  /** `SHARD:OFFSET` */
  readonly attempt: string;
  readonly note: string;
}

/** A record of the log, and where it lies. */
export interface PlacedRecord {
  readonly shard: number;
  readonly offset: number;
  readonly value: Uint8Array;
}

export function signReceipt(
  election: ElectionId,
  { shard, offset, value }: PlacedRecord,
  key: KeyObject,
): SignedReceipt {
  const claim = { election, shard, offset, leaf: leafHash(entryOf(value)) };
  return {
    id: receiptId(claim),
    election,
    code: receiptCode(claim.leaf),
    digest: Buffer.from(claim.leaf).toString('hex'),
    attempt: `${shard}:${offset}`,
    note: signNote(formatReceipt(claim), { name: receiptOrigin(election), key }),
  };
}

/** What the receipt of a record is called; it costs no signature. */
export function receiptIdOf({ shard, offset, value }: PlacedRecord): string {
  return receiptId({ shard, offset, leaf: leafHash(entryOf(value)) });
}
