/**
 * How a record lies in lmdb.
 *
 * Key, 14 bytes: log number (4), shard (2), offset (8), big-endian, so that records lie in the order they are read in.
 * Value: log time (6, milliseconds, big-endian), length of the key (2), the key in UTF-8, then the event's bytes.
 */
import type { LogRecord, NewRecord } from '../port.ts';

export const RECORD_KEY_BYTES = 14;
const HEAD = 8;
export const MAX_KEY_BYTES = 65_535;

export function writeRecordKey(into: Buffer, at: number, log: number, shard: number, offset: number): void {
  into.writeUInt32BE(log, at);
  into.writeUInt16BE(shard, at + 4);
  into.writeUInt16BE(0, at + 6);
  into.writeUIntBE(offset, at + 8, 6);
}

export function recordKey(log: number, shard: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(RECORD_KEY_BYTES);
  writeRecordKey(key, 0, log, shard, offset);
  return key;
}

export function offsetOf(key: Uint8Array): number {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readUIntBE(8, 6);
}

export function valueBytes(record: NewRecord): number {
  return HEAD + Buffer.byteLength(record.key, 'utf8') + record.value.length;
}

/** Writes the value and returns where it ends. */
export function writeRecordValue(into: Buffer, at: number, logTime: number, record: NewRecord): number {
  const keyBytes = into.write(record.key, at + HEAD, 'utf8');
  into.writeUIntBE(logTime, at, 6);
  into.writeUInt16BE(keyBytes, at + 6);
  const start = at + HEAD + keyBytes;
  into.set(record.value, start);
  return start + record.value.length;
}

export function logTimeOf(stored: Buffer): number {
  return stored.readUIntBE(0, 6);
}

export function readRecord(offset: number, stored: Buffer): LogRecord {
  const start = HEAD + stored.readUInt16BE(6);
  return {
    offset,
    logTime: logTimeOf(stored),
    key: stored.toString('utf8', HEAD, start),
    value: stored.subarray(start),
  };
}
