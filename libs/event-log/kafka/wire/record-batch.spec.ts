import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from './crc32c.ts';
import { type BatchRecord, DamagedBatch, readBatches, type StoredRecord, writeBatch } from './record-batch.ts';

const SEQUENCE = { producerId: 7n, producerEpoch: 1, first: 40 };

describe('CRC-32C', () => {
  it('is that of RFC 3720 appendix B.4', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e);
  });
});

describe('a record batch', () => {
  const anyRecords = fc.array(
    fc.record({ key: fc.uint8Array({ maxLength: 200 }), value: fc.uint8Array({ maxLength: 20_000 }) }),
    { minLength: 1, maxLength: 30 },
  );

  it('gives back what was written, from any offset on', () => {
    fc.assert(
      fc.property(anyRecords, fc.nat(40), fc.nat(2 ** 40), (records, from, now) => {
        const read = readAll(writeBatch(records, SEQUENCE, now), from);
        expect(read.map(plain)).toEqual(
          records.map((record, offset) => plain({ ...record, offset, timestamp: now })).slice(from),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is left out where the fetch ends within it', () => {
    const first = writeBatch([record('a')], SEQUENCE, 0);
    const second = writeBatch([record('b')], SEQUENCE, 0);
    second.writeBigInt64BE(1n, 0);
    const cut = Buffer.concat([first, second]).subarray(0, first.length + second.length - 1);
    expect(readAll(cut, 0).map(({ offset }) => offset)).toEqual([0]);
    expect(readBatches(cut, 0, () => true)).toBe(1);
    expect(readAll(Buffer.concat([first, second]), 0).map(({ offset }) => offset)).toEqual([0, 1]);
  });

  it('is refused with any one bit changed after its checksum', () => {
    const batch = writeBatch([record('abc')], SEQUENCE, 0);
    for (let bit = 17 * 8; bit < batch.length * 8; bit += 1) {
      const damaged = Buffer.from(batch);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => readAll(damaged, 0)).toThrow(DamagedBatch);
    }
  });
});

function record(text: string): BatchRecord {
  return { key: Buffer.from('K'), value: Buffer.from(text) };
}

function readAll(bytes: Buffer, from: number): StoredRecord[] {
  const records: StoredRecord[] = [];
  readBatches(bytes, from, (entry) => records.push(entry) > 0);
  return records;
}

function plain({ offset, timestamp, key, value }: StoredRecord): object {
  return { offset, timestamp, key: Buffer.from(key).toString('hex'), value: Buffer.from(value).toString('hex') };
}
