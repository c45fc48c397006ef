/** Paths and bundles as C2SP tlog-tiles writes them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeEntries, encodeEntries, entryOf } from './entries.ts';
import { entriesPath, tilePath, widthAt } from './tile-paths.ts';

describe('a path', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 1, index: 999, width: 7 }, 'tile/1/999.p/7'],
    [{ level: 0, index: 1_000, width: 256 }, 'tile/0/x001/000'],
    [{ level: 2, index: 1_234_067, width: 1 }, 'tile/2/x001/x234/067.p/1'],
  ])('of %j is %s', (place, path) => {
    expect(tilePath(place)).toBe(path);
  });

  it('of entries has no level', () => {
    expect(entriesPath(1_234_067, 256)).toBe('tile/entries/x001/x234/067');
    expect(entriesPath(0, 3)).toBe('tile/entries/000.p/3');
  });

  it('has the width that the size gives at each level', () => {
    const size = 70_000;
    expect([0, 1, 2].map((level) => widthAt(level, 0, size))).toEqual([256, 256, 1]);
    expect([widthAt(0, 273, size), widthAt(1, 1, size), widthAt(0, 274, size)]).toEqual([112, 17, 0]);
  });
});

describe('a bundle', () => {
  it('gives back its entries, and none where it is cut short', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { minLength: 1, maxLength: 20 }), (entries) => {
        const bundle = encodeEntries(entries);
        expect(decodeEntries(bundle)!.map((entry) => [...entry])).toEqual(entries.map((entry) => [...entry]));
        expect(decodeEntries(bundle.subarray(0, -1))).toBeNull();
      }),
    );
  });

  it('holds a record that is too large by its hash and length', () => {
    const largest = new Uint8Array(65_535);
    expect(entryOf(largest)).toBe(largest);
    expect(Buffer.from(entryOf(new Uint8Array(65_536))).toString()).toBe(
      '{"length":65536,"sha256":"de2f256064a0af797747c2b97505dc0b9f3df0de4f489eac731c23ae9ca9cc31"}',
    );
  });
});
