import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LAST, readShardAndOffset, type StoreKey, writeKey } from './keys.ts';

const bytesOf = (key: StoreKey) => {
  const target = Buffer.alloc(2_048);
  return target.subarray(0, writeKey(key, target, 0));
};
const compare = (a: StoreKey, b: StoreKey) => Buffer.compare(bytesOf(a), bytesOf(b));

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\0', '\u0001', '-', '.', 'A', 'a'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
});
const number = fc.oneof(fc.nat(), fc.integer({ min: 2 ** 31, max: LAST - 1 }));

describe('keys', () => {
  it('lie in the order of their texts by bytes, then of their numbers', () => {
    fc.assert(
      fc.property(fc.tuple(text, text, number), fc.tuple(text, text, number), (a, b) => {
        const inTexts = [0, 1].map((i) => Buffer.compare(Buffer.from(String(a[i])), Buffer.from(String(b[i]))));
        const expected = inTexts[0] || inTexts[1] || Math.sign(a[2] - b[2]);
        expect(compare(a, b)).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('end before LAST, whatever follows', () => {
    fc.assert(
      fc.property(text, fc.oneof(text, number), (first, second) => {
        expect(compare([first, second], [first, LAST])).toBe(-1);
        expect(compare([first], [first, second])).toBe(-1);
      }),
    );
  });

  it('of long texts fit, differ, and keep the order of their beginnings', () => {
    const long = (end: string) => ['ü'.repeat(60_000) + end, '語'.repeat(60_000), 1, 2] as const;
    expect(bytesOf(long('a')).length).toBeLessThan(1_978);
    expect(compare(long('a'), long('b'))).not.toBe(0);
    expect(compare(['a'.repeat(500)], ['b'.repeat(500)])).toBe(-1);
    expect(bytesOf(['\0'.repeat(200), '\u0001'.repeat(200), 1, 2]).length).toBeLessThan(1_978);
  });

  it('give back shard and offset', () => {
    fc.assert(
      fc.property(text, number, number, (first, shard, offset) => {
        const bytes = bytesOf([first, shard, offset]);
        expect(readShardAndOffset(bytes, 0, bytes.length)).toEqual([shard, offset]);
      }),
    );
  });
});
