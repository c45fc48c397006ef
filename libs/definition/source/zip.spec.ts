import { describe, expect, it } from '@jest/globals';
import { type Zippable, zipSync } from 'fflate';
import { readPackageZip } from '../package/read-package.ts';
import { readSample, sampleFiles } from '../package/sample.ts';
import { Problems } from '../problems.ts';
import { LIMITS, type Limits } from './limits.ts';
import { filesOfZip } from './zip.ts';

const CLIMBER = 'xxxunits.csv';

function sampleZip(prefix = ''): Uint8Array {
  return zipSync(Object.fromEntries([...sampleFiles()].map(([name, bytes]) => [prefix + name, bytes])));
}

async function problemsOfZip(bytes: Uint8Array): Promise<string[]> {
  const result = await readPackageZip(bytes);
  return result.ok ? [] : result.problems.map(({ file, code }) => `${file} ${code}`);
}

function toldOfZip(bytes: Uint8Array, limits: Limits): string[] {
  const problems = new Problems();
  filesOfZip(bytes, problems, limits);
  return problems.list().map(({ file, code }) => `${file} ${code}`);
}

function zipWith(extra: Zippable): Uint8Array {
  return zipSync({ ...Object.fromEntries(sampleFiles()), ...extra });
}

/** A zip in which one name is written over another of the same length, in all places. */
function renamed(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1').replaceAll(from, to);
  return Buffer.from(text, 'latin1');
}

describe('a zip', () => {
  it('is the package, with or without a folder at the top', async () => {
    const plain = readSample();
    for (const bytes of [sampleZip(), sampleZip('my-election/'), zipWith({ 'README.md': new Uint8Array(3) })]) {
      const result = await readPackageZip(bytes);
      expect(result.ok && plain.ok && result.digest === plain.digest).toBe(true);
    }
  });

  it('with what a system adds on its own is read', async () => {
    const result = await readPackageZip(
      zipSync({
        ...Object.fromEntries([...sampleFiles()].map(([name, bytes]) => [`e/${name}`, bytes])),
        '__MACOSX/e/._units.csv': new Uint8Array(9),
        'e/.DS_Store': new Uint8Array(9),
      }),
    );
    expect(result.ok).toBe(true);
  });

  it('that climbs out of its folder is refused', async () => {
    const bytes = zipWith({ [CLIMBER]: new Uint8Array(1) });
    for (const name of ['../units.csv', '/xxunits.csv', 'a\\bunits.csv', 'C:xunits.csv', 'a/../nit.csv'])
      expect(await problemsOfZip(renamed(bytes, CLIMBER, name))).toEqual([`${name} climbs-out`]);
  });

  it('that holds a file twice is refused', async () => {
    expect(await problemsOfZip(renamed(zipWith({ 'unitz.csv': new Uint8Array(1) }), 'unitz.csv', 'units.csv'))).toEqual(
      ['units.csv duplicate-file'],
    );
  });

  it('that unpacks without end is stopped, whatever size it claims', () => {
    const bomb = zipSync({ 'bomb.bin': new Uint8Array(20_000_000) });
    expect(bomb.length).toBeLessThan(30_000);
    const limits: Limits = { ...LIMITS, fileBytes: 1_000_000 };
    expect(toldOfZip(bomb, limits)).toEqual(['bomb.bin too-large']);
    expect(toldOfZip(claimingOneByte(bomb, 'bomb.bin'), limits)).toEqual(['bomb.bin too-large']);
  });

  it('of more bytes or entries than a package may have is stopped', () => {
    const limits: Limits = { totalBytes: 250, fileBytes: 120, entries: 3 };
    const told = (files: Zippable) => toldOfZip(zipSync(files), limits);
    const large = new Uint8Array(100);
    expect(told({ 'a.csv': large, 'b.csv': large })).toEqual([]);
    expect(told({ 'a.csv': large, 'b.csv': large, 'c.csv': large })).toEqual(['c.csv too-large']);
    expect(told({ 'a.csv': new Uint8Array(121) })).toEqual(['a.csv too-large']);
    expect(told({ a: large, b: new Uint8Array(0), c: new Uint8Array(0), d: new Uint8Array(0) })).toEqual([
      '. too-large',
    ]);
  });

  it('that is damaged or none is refused', async () => {
    const bytes = sampleZip();
    expect(await problemsOfZip(new Uint8Array(0))).toEqual(['. broken-zip']);
    expect(await problemsOfZip(new TextEncoder().encode('not a zip at all, but long enough to be one'))).toEqual([
      '. broken-zip',
    ]);
    expect(await problemsOfZip(bytes.subarray(0, bytes.length - 30))).toEqual(['. broken-zip']);
    const flipped = zipSync({
      ...Object.fromEntries(sampleFiles()),
      'notes.csv': [new TextEncoder().encode('1453 voters'), { level: 0 }],
    });
    expect(await problemsOfZip(renamed(flipped, '1453 voters', '1553 voters'))).toEqual(['notes.csv broken-zip']);
  });
});

/** Writes size 1 over the unpacked size of an entry, in its local header and in the directory. */
function claimingOneByte(zip: Uint8Array, name: string): Uint8Array {
  const bytes = Buffer.from(zip);
  const local = bytes.indexOf(name) - 30;
  const central = bytes.lastIndexOf(name) - 46;
  bytes.writeUInt32LE(1, local + 22);
  bytes.writeUInt32LE(1, central + 24);
  return bytes;
}
