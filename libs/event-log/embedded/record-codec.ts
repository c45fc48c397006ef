/**
 * How a record lies in lmdb.
 *
 * Key, 14 bytes: log number (4), shard (2), offset (8), big-endian, so that records lie in the order they are read in.
 * Value: log time (6, milliseconds, big-endian), length of the key (2), the key in UTF-8, then the event's bytes.
 */
import type { LogRecord, NewRecord } from '../port.ts';

const KEY_BYTES = 14;
const HEAD = 8;
export const MAX_KEY_BYTES = 65_535;

export function recordKey(log: number, shard: number, offset: number): Buffer {
  const key = Buffer.allocUnsafe(KEY_BYTES);
  key.writeUInt32BE(log, 0);
  key.writeUInt16BE(shard, 4);
  key.writeUInt16BE(0, 6);
  key.writeUIntBE(offset, 8, 6);
  return key;
}

export function offsetOf(key: Uint8Array): number {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readUIntBE(8, 6);
}

export function valueBytes(record: NewRecord): number {
  return HEAD + Buffer.byteLength(record.key, 'utf8') + record.value.length;
}

/** Writes all but the log time into `room`, which has `valueBytes`; returns it. */
export function writeRecordValue(room: Buffer, record: NewRecord): Buffer {
  const keyBytes = room.write(record.key, HEAD, 'utf8');
  room.writeUInt16BE(keyBytes, 6);
  room.set(record.value, HEAD + keyBytes);
  return room;
}

export function writeLogTime(stored: Buffer, logTime: number): void {
  stored.writeUIntBE(logTime, 0, 6);
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
