import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ByteReader, ByteWriter } from './bytes.ts';

/** Numbers around the edges of what a byte or a group of bytes holds. */
const edges = [
  0,
  1,
  126,
  127,
  128,
  16_383,
  16_384,
  2 ** 21,
  2 ** 28 - 2,
  2 ** 28 - 1,
  2 ** 28,
  2 ** 31,
  2 ** 32,
  2 ** 35,
  2 ** 48,
];
const whole = fc.oneof(fc.constantFrom(...edges, Number.MAX_SAFE_INTEGER), fc.maxSafeNat());
const number = fc.oneof(
  whole,
  fc.constant(-1),
  fc.constantFrom(2 ** 53, -2, 0.5),
  fc.double({ noNaN: true }).map((value) => value + 0),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme' }),
  fc.constant('\ud800x'),
);

describe('bytes', () => {
  it('give back what was written, in order', () => {
    const item = fc.oneof(
      fc.record({ kind: fc.constant('whole' as const), value: whole }),
      fc.record({ kind: fc.constant('numbers' as const), value: fc.array(number, { maxLength: 40 }) }),
      fc.record({ kind: fc.constant('figures' as const), value: fc.array(fc.integer({ min: -1, max: 999_999_999 })) }),
      fc.record({ kind: fc.constant('text' as const), value: text }),
      fc.record({ kind: fc.constant('json' as const), value: fc.jsonValue() }),
    );
    const writer = new ByteWriter();
    fc.assert(
      fc.property(fc.array(item), (items) => {
        for (const { kind, value } of items)
          if (kind === 'whole') writer.whole(value);
          else if (kind === 'text') writer.text(value);
          else if (kind === 'json') writer.json(value);
          else writer.numbers(value);
        const reader = new ByteReader(writer.take());
        for (const { kind, value } of items)
          if (kind === 'whole') expect(reader.whole()).toBe(value);
          else if (kind === 'text') expect(reader.text()).toBe(value);
          else if (kind === 'json') expect(reader.json()).toEqual(JSON.parse(JSON.stringify(value)));
          else expect(reader.numbers()).toEqual(value);
        expect(reader.done).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are never written over: earlier values stay as they were', () => {
    const writer = new ByteWriter();
    const values = Array.from({ length: 3_000 }, (_, i) => {
      writer.text(String(i).repeat(i % 700));
      return writer.take();
    });
    values.forEach((value, i) => {
      expect(new ByteReader(value).text()).toBe(String(i).repeat(i % 700));
    });
  });

  it('hold lists of zeros in a few bytes', () => {
    const writer = new ByteWriter();
    writer.numbers(new Array(1_000).fill(0));
    expect(writer.length).toBeLessThan(4);
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuse %d as a whole number', (value) => {
    expect(() => new ByteWriter().whole(value)).toThrow(RangeError);
  });
});
