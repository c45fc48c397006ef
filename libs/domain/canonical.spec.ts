import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalText } from './canonical.ts';

describe('canonical JSON', () => {
  it('is what the reference implementation of RFC 8785 writes', () => {
    const values = fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 });
    fc.assert(
      fc.property(values, (value) => {
        expect(canonicalText(value)).toBe(canonicalize(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('sorts members by UTF-16 code units, whatever order they came in and however often', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '10', '2', '\ud83d\ude00', '\u0080', '\u00f6', 'a', 'A', '__proto__'];
    const expected = canonicalize(JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:0`).join()}}`));
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (shuffled) => {
        const text = `{${shuffled.map((name) => `${JSON.stringify(name)}:0`).join()}}`;
        expect(canonicalText(JSON.parse(text))).toBe(expected);
      }),
    );
  });

  it('writes numbers as ECMAScript does', () => {
    for (const number of [0, -0, 1e21, 1e-7, 4.5, 2e-3, 1e30, 5e-324, 999_999_999])
      expect(canonicalText(number)).toBe(JSON.stringify(number));
  });

  it('leaves out members that are undefined', () => {
    expect(canonicalText({ b: undefined, a: 1, c: { d: undefined } })).toBe('{"a":1,"c":{}}');
  });

  it('refuses what JSON cannot say', () => {
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol('s'), () => 0, [undefined]])
      expect(() => canonicalText(value)).toThrow(TypeError);
  });
});
