/**
 * Record batches of message format 2 (https://kafka.apache.org/documentation/#messageformat), written and read without
 * compression. kafkajs has a codec of its own that costs some 15 µs a record and does not check checksums on reading.
 */
import { crc32c } from './crc32c.ts';

/** Fields of the header by their place in a batch. */
const LENGTH = 8;
const MAGIC = 16;
const CRC = 17;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const FIRST_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const PRODUCER_EPOCH = 51;
const FIRST_SEQUENCE = 53;
const COUNT = 57;
const HEADER_BYTES = 61;
/** `Length` counts what follows it. */
const BEFORE_LENGTH = 12;

const COMPRESSION = 0b111;
const LOG_APPEND_TIME = 0b1000;
const CONTROL = 0b10_0000;

export interface BatchRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Which producer writes a batch, and the number of its first record: what a broker tells a repeat by. */
export interface Sequence {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly first: number;
}

export interface StoredRecord {
  readonly offset: number;
  /** As the broker stored it, milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** What is wrong with bytes that a broker sent. */
export class DamagedBatch extends Error {}

const NOTHING = new Uint8Array(0);

/** How many bytes a record takes in a batch, or a few more. */
export function recordBytes({ key, value }: BatchRecord): number {
  return key.length + value.length + 24;
}

/** `now` stands in for the log's own time, which the broker sets. */
export function writeBatch(records: readonly BatchRecord[], sequence: Sequence, now: number): Buffer {
  const size = records.reduce((sum, record) => sum + recordBytes(record), HEADER_BYTES);
  const batch = Buffer.allocUnsafe(size);
  let at = HEADER_BYTES;
  for (let i = 0; i < records.length; i += 1) at = writeRecord(batch, at, i, records[i]!);
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(at - BEFORE_LENGTH, LENGTH);
  batch.writeInt32BE(-1, LENGTH + 4);
  batch.writeInt8(2, MAGIC);
  batch.writeInt16BE(0, ATTRIBUTES);
  batch.writeInt32BE(records.length - 1, LAST_OFFSET_DELTA);
  batch.writeBigInt64BE(BigInt(now), FIRST_TIMESTAMP);
  batch.writeBigInt64BE(BigInt(now), MAX_TIMESTAMP);
  batch.writeBigInt64BE(sequence.producerId, PRODUCER_ID);
  batch.writeInt16BE(sequence.producerEpoch, PRODUCER_EPOCH);
  batch.writeInt32BE(sequence.first, FIRST_SEQUENCE);
  batch.writeInt32BE(records.length, COUNT);
  batch.writeUInt32BE(crc32c(batch, ATTRIBUTES, at), CRC);
  return batch.subarray(0, at);
}

/** Record => length attributes timestampDelta offsetDelta key value headers */
function writeRecord(batch: Buffer, start: number, offsetDelta: number, { key, value }: BatchRecord): number {
  const size =
    3 + varintBytes(offsetDelta) + varintBytes(key.length) + key.length + varintBytes(value.length) + value.length;
  let at = writeVarint(batch, start, size);
  batch[at] = 0;
  batch[at + 1] = 0;
  at = writeVarint(batch, at + 2, offsetDelta);
  at = writeVarint(batch, at, key.length);
  batch.set(key, at);
  at = writeVarint(batch, at + key.length, value.length);
  batch.set(value, at);
  at += value.length;
  batch[at] = 0;
  return at + 1;
}

/**
 * Reads records from the batches of a fetch, which may begin before the offset asked for and end within a batch.
 * `take` is given every record from `from` on and says whether it wants another one. A control record (another program's
 * transaction) is given like any other, so that no offset is missing. Returns where the next fetch begins, unless `take`
 * ended it. Throws `DamagedBatch`.
 */
export function readBatches(bytes: Buffer, from: number, take: (record: StoredRecord) => boolean): number {
  let next = from;
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const end = at + BEFORE_LENGTH + bytes.readInt32BE(at + LENGTH);
    if (end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    mustMatchChecksum(batch);
    const last = lastOffset(batch);
    if (last >= next) {
      if (!readBatch(batch, next, take)) break;
      next = last + 1;
    }
    at = end;
  }
  return next;
}

function lastOffset(batch: Buffer): number {
  return Number(batch.readBigInt64BE(0)) + batch.readInt32BE(LAST_OFFSET_DELTA);
}

/** Returns whether another record is wanted. */
function readBatch(batch: Buffer, from: number, take: (record: StoredRecord) => boolean): boolean {
  const attributes = readableAttributes(batch);
  const firstOffset = Number(batch.readBigInt64BE(0));
  const firstTimestamp = Number(batch.readBigInt64BE(FIRST_TIMESTAMP));
  const stampedByLog = (attributes & LOG_APPEND_TIME) !== 0;
  const maxTimestamp = Number(batch.readBigInt64BE(MAX_TIMESTAMP));
  const cursor = new Cursor(batch, HEADER_BYTES);
  for (let left = batch.readInt32BE(COUNT); left > 0; left -= 1) {
    const next = cursor.varint();
    const end = cursor.at + next;
    cursor.at += 1;
    const timestamp = firstTimestamp + cursor.varint();
    const offset = firstOffset + cursor.varint();
    if (offset >= from) {
      const key = cursor.bytes();
      const value = cursor.bytes();
      if (!take({ offset, timestamp: stampedByLog ? maxTimestamp : timestamp, key, value })) return false;
    }
    cursor.at = end;
  }
  return true;
}

function mustMatchChecksum(batch: Buffer): void {
  const offset = batch.readBigInt64BE(0);
  if (batch[MAGIC] !== 2) throw new DamagedBatch(`the batch at ${offset} has message format ${batch[MAGIC]}, not 2`);
  if (crc32c(batch, ATTRIBUTES) !== batch.readUInt32BE(CRC))
    throw new DamagedBatch(`the batch at ${offset} does not match its checksum`);
}

function readableAttributes(batch: Buffer): number {
  const attributes = batch.readInt16BE(ATTRIBUTES);
  if ((attributes & COMPRESSION) === 0 || (attributes & CONTROL) !== 0) return attributes;
  const offset = batch.readBigInt64BE(0);
  throw new DamagedBatch(`the batch at ${offset} is compressed; set compression.type=uncompressed on the topic`);
}

class Cursor {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Zigzag, as in Protocol Buffers; deltas of time may need more than 32 bits. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new DamagedBatch('a batch ends within a record');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
  }

  /** Null bytes read as none. */
  bytes(): Uint8Array {
    const length = this.varint();
    if (length <= 0) return NOTHING;
    const start = this.at;
    this.at += length;
    return this.#bytes.subarray(start, this.at);
  }
}

/** Of numbers from 0 to 2^30. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest >= 0x80; rest >>>= 7) bytes += 1;
  return bytes;
}

function writeVarint(to: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value * 2;
  for (; rest >= 0x80; rest >>>= 7) to[at++] = (rest & 0x7f) | 0x80;
  to[at] = rest;
  return at + 1;
}
