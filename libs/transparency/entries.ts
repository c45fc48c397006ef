/** Entries and their bundles (C2SP tlog-tiles, "Log entries"): each entry behind its length, two bytes, big-endian. */
import { createHash } from 'node:crypto';
import { canonicalBytes, MAX_EVENT_BYTES } from '#domain';

/** What enters the tree for a record: its bytes; of one that is larger than an event may be, their hash and length. */
export function entryOf(record: Uint8Array): Uint8Array {
  if (record.length <= MAX_EVENT_BYTES) return record;
  return canonicalBytes({ sha256: createHash('sha256').update(record).digest('hex'), length: record.length });
}

export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > MAX_EVENT_BYTES) throw new RangeError(`an entry of ${entry.length} bytes`);
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry);
  }
  return Buffer.concat(parts);
}

/** The entries of a bundle; null where its bytes end in the middle of one. */
export function decodeEntries(bytes: Uint8Array): Uint8Array[] | null {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length) return null;
    const end = at + 2 + ((bytes[at]! << 8) | bytes[at + 1]!);
    if (end > bytes.length) return null;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
