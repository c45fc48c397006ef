import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  formatVerifier,
  headOrigin,
  makeSigningKey,
  publicKeyOf,
  readSigningKey,
  signNote,
  signRotation,
} from '#transparency';
import { verifyExport } from '#verification';
import { Author } from '../../test/kit/author.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { randomFrom } from '../../test/kit/random.ts';
import { tale, write } from '../../test/kit/story.ts';
import { Copy, exported, KEY, temporaryFolder } from '../verification/testing/exported.ts';
import { mirror } from './index.ts';
import { FolderSource } from './testing/folder-source.ts';

const SHARDS = 3;
const election = electionOf(province({ shards: SHARDS }));
const steps = tale(900, 11);
const known = { name: headOrigin(election.definition.id), publicKey: publicKeyOf(KEY) };

let folder: string;
/** What a server showed at first, and later on. */
let earlier: string;
let later: string;
let laterSizes: number[];
/** A copy of what it showed at first. */
let first: string;
/** That copy again, for each test. */
let copy: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  [earlier, later, first, copy] = ['earlier', 'later', 'first', 'copy'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const author = new Author(election);
  write(author, steps.slice(0, 600));
  await exported(author, earlier);
  write(author, steps.slice(600));
  await exported(author, later);
  laterSizes = author.ends.slice();
  await mirror(new FolderSource(earlier), { folder: first });
});
beforeEach(() => cp(first, copy, { recursive: true }));
afterEach(() => rm(copy, { recursive: true, force: true }));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function filesOf(path: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    const name = join(entry.parentPath, entry.name).slice(path.length + 1);
    if (entry.isFile() && !/^(heads|refused-[^/]*)\//.test(name))
      files.set(name, (await readFile(join(path, name))).toString('base64'));
  }
  return new Map([...files].sort());
}

const evidenceIn = async (path: string): Promise<string[]> =>
  (await readdir(path)).filter((name) => name.startsWith('refused-'));

describe('a copy', () => {
  it('has the files of an export, and verifies', async () => {
    expect(await filesOf(copy)).toEqual(await filesOf(earlier));
    expect((await verifyExport(copy, { key: known })).faults).toEqual([]);
  });

  it('is brought up to date, and keeps every head', async () => {
    const { added, description } = await mirror(new FolderSource(later), { folder: copy, key: known });
    expect(added).toBeGreaterThan(0);
    expect(description.position).toBe(laterSizes.map((size, shard) => `${shard}:${size}`).join(','));
    expect(await filesOf(copy)).toEqual(await filesOf(later));
    const heads = await Promise.all(
      (await readdir(join(copy, 'heads'))).map((name) => readFile(join(copy, 'heads', name), 'utf8')),
    );
    expect(heads.sort()).toEqual(
      (await Promise.all([earlier, later].map((from) => readFile(join(from, 'head'), 'utf8')))).sort(),
    );
    const kept = heads.map((note, i) => ({ from: `head ${i}`, note }));
    expect((await verifyExport(copy, { heads: kept })).faults).toEqual([]);
  });

  it('takes nothing anew where nothing is new', async () => {
    const source = new FolderSource(earlier);
    expect(await mirror(source, { folder: copy })).toMatchObject({ added: 0 });
    expect(await filesOf(copy)).toEqual(await filesOf(earlier));
  });

  it('of hashes gets the events once they are out', async () => {
    const author = new Author(election);
    write(author, steps.slice(0, 600));
    const hashes = join(folder, 'hashes');
    await exported(author, hashes, { withEntries: false });
    const own = join(folder, 'own');
    expect((await mirror(new FolderSource(hashes), { folder: own })).description.log).toBe('hashes');
    expect((await verifyExport(own)).faults).toEqual([]);
    expect((await mirror(new FolderSource(later), { folder: own })).description.log).toBe('entries');
    expect(await filesOf(own)).toEqual(await filesOf(later));
  });

  it('goes into no folder that holds something else', async () => {
    const other = await temporaryFolder();
    await writeFile(join(other, 'letter'), 'Dear voters');
    await expect(mirror(new FolderSource(earlier), { folder: other })).rejects.toMatchObject({ code: 'not-an-export' });
    expect(await readdir(other)).toEqual(['letter']);
    await rm(other, { recursive: true });
  });
});

describe.each(Array.from({ length: 10 }, (_, reads) => reads))('a connection lost after %d reads', (reads) => {
  async function carriedOn(path: string, meanwhile: () => Promise<void>): Promise<void> {
    const source = new FolderSource(later);
    source.readsLeft = reads;
    await expect(mirror(source, { folder: path })).rejects.toThrow('connection lost');
    await meanwhile();
    source.readsLeft = Number.POSITIVE_INFINITY;
    await mirror(source, { folder: path });
    expect(await filesOf(path)).toEqual(await filesOf(later));
    expect(await evidenceIn(path)).toEqual([]);
  }

  it('leaves the copy as it was, and is carried on', async () => {
    await carriedOn(copy, async () => {
      expect((await verifyExport(copy)).faults).toEqual([]);
    });
  });

  it('leaves a new copy to be carried on', async () => {
    const own = join(folder, `own-${reads}`);
    await carriedOn(own, async () => {
      expect((await verifyExport(own)).faults).toMatchObject([{ code: 'not-an-export' }]);
    });
  });
});

describe('a move into the copy that was interrupted', () => {
  it.each([
    ['of a new copy', ['export.json', 'head', 'results.csv', 'log/1']],
    ['of its last file', ['export.json']],
    ['of its first file', ['export.json', 'head', 'results.csv', 'log', 'heads', 'definition.json']],
  ])('%s is made again', async (_, left) => {
    for (const path of left) {
      await mkdir(join(copy, 'incoming', path, '..'), { recursive: true });
      await rename(join(copy, path), join(copy, 'incoming', path));
    }
    await mirror(new FolderSource(earlier), { folder: copy });
    expect(await filesOf(copy)).toEqual(await filesOf(earlier));
    expect(await evidenceIn(copy)).toEqual([]);
    expect((await verifyExport(copy)).faults).toEqual([]);
  });
});

const seeds = Array.from({ length: 20 }, (_, seed) => ({ seed }));

describe.each(seeds)('a server that, seed $seed,', ({ seed }) => {
  let server: string;
  beforeEach(() => {
    server = join(folder, `server-${seed}`);
  });
  afterEach(() => rm(server, { recursive: true, force: true }));

  /** The copy is as it was, and what was sent lies beside it. */
  async function refuses(code: string, options = {}): Promise<void> {
    const before = await filesOf(copy);
    await expect(mirror(new FolderSource(server), { folder: copy, ...options })).rejects.toMatchObject({ code });
    expect(await filesOf(copy)).toEqual(before);
    expect((await verifyExport(copy, { key: known })).faults).toEqual([]);
  }

  it('tells another history from some point on, signed with its key', async () => {
    const author = new Author(election);
    write(author, steps.slice(0, 100 + seed * 20));
    write(author, tale(800, 100 + seed));
    await exported(author, server);
    await refuses('log-forked');
    expect(await evidenceIn(copy)).toHaveLength(1);
  });

  it('takes the last events away', async () => {
    const author = new Author(election);
    write(author, steps.slice(0, 599 - seed * 20));
    await exported(author, server);
    await refuses('log-forked');
  });

  it('signs with another key', async () => {
    const author = new Author(election);
    write(author, steps.slice(0, 650));
    await exported(author, server, { key: readSigningKey(makeSigningKey())! });
    await refuses('other-key');
    await expect(
      mirror(new FolderSource(server), { folder: join(folder, `new-${seed}`), key: known }),
    ).rejects.toMatchObject({ code: 'other-key' });
  });

  it('sends an event that is not the one it signed', async () => {
    await cp(later, server, { recursive: true });
    const random = randomFrom(seed);
    const sent = await Copy.of(server, laterSizes);
    // Of the last bundle of a shard that has grown: what the copy has is not asked for again.
    const shard = laterSizes.findIndex((size) => size % 256 !== 0);
    const path = sent.bundlePath(shard, Math.floor(laterSizes[shard]! / 256));
    const bytes = Buffer.from(sent.bytes(path));
    const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x31 && bytes[i]! <= 0x39);
    bytes[digits[Math.floor(random() * digits.length)]!] = 0x30;
    await sent.write(path, bytes);
    await expect(mirror(new FolderSource(server), { folder: copy })).rejects.toMatchObject({
      code: expect.stringMatching(/^log-(rewritten|forked)$/),
    });
    expect(await filesOf(copy)).toEqual(await filesOf(earlier));
  });

  it('edits a figure of the results', async () => {
    await cp(later, server, { recursive: true });
    const sent = await Copy.of(server, laterSizes);
    const lines = sent.text('results.csv').split('\n');
    const at = 1 + Math.floor(randomFrom(seed)() * (lines.length - 2));
    lines[at] = lines[at]!.replace(/\d+$/, (value) => String(Number(value) + 1));
    await sent.write('results.csv', lines.join('\n'));
    await refuses('fingerprint-differs');
  });

  it('changes what it signed: head, checkpoint, or list of record keys', async () => {
    await cp(later, server, { recursive: true });
    const sent = await Copy.of(server, laterSizes);
    for (const [path, code] of [
      ['head', 'bad-signature'],
      ['log/0/checkpoint', 'bad-signature'],
      ['record-keys.ndjson', 'record-keys-changed'],
    ] as const) {
      const text = sent.text(path);
      const places = [...text.matchAll(/\d/g)]
        .map(({ index }) => index)
        .filter((at) => at < text.indexOf('\n\n') >>> 0);
      const at = places[Math.floor(randomFrom(seed)() * places.length)]!;
      await sent.write(path, `${text.slice(0, at)}${(Number(text[at]) + 1) % 10}${text.slice(at + 1)}`);
      await expect(mirror(new FolderSource(server), { folder: copy })).rejects.toMatchObject({
        code: expect.stringMatching(`${code}|file-malformed|other-election|other-definition`),
      });
      expect(await filesOf(copy)).toEqual(await filesOf(earlier));
      await sent.mend();
    }
  });
});

describe('a server whose key is rotated', () => {
  const [next, last, thief] = [1, 2, 3].map(() => readSigningKey(makeSigningKey())!) as [
    typeof KEY,
    typeof KEY,
    typeof KEY,
  ];
  const { id } = election.definition;
  const rotations = signRotation(id, KEY, next);
  let server: string;
  beforeEach(() => {
    server = join(folder, 'rotated');
  });
  afterEach(() => rm(server, { recursive: true, force: true }));

  async function shows(key: typeof KEY, notes: string): Promise<void> {
    const author = new Author(election);
    write(author, steps.slice(0, 700));
    await rm(server, { recursive: true, force: true });
    await exported(author, server, { key, rotations: notes });
  }
  const refuses = async (code: string): Promise<void> => {
    const before = await filesOf(copy);
    await expect(mirror(new FolderSource(server), { folder: copy })).rejects.toMatchObject({ code });
    expect(await filesOf(copy)).toEqual(before);
  };

  it('is followed from key to key, by a copy and by who pinned an older one', async () => {
    await shows(next, rotations);
    await mirror(new FolderSource(server), { folder: copy, key: known });
    expect(await filesOf(copy)).toEqual(await filesOf(server));
    await shows(last, rotations + signRotation(id, next, last));
    const { description } = await mirror(new FolderSource(server), { folder: copy, key: known });
    expect(description.key).toBe(formatVerifier({ name: known.name, publicKey: publicKeyOf(last) }));
    const heads = await Promise.all(
      (await readdir(join(copy, 'heads'))).map(async (name) => ({
        from: name,
        note: await readFile(join(copy, 'heads', name), 'utf8'),
      })),
    );
    expect(await verifyExport(copy, { key: known, heads })).toMatchObject({ faults: [], rotations: 2 });
  });

  it('is refused where the older key did not sign the rotation, or it goes back', async () => {
    await shows(next, rotations);
    await mirror(new FolderSource(server), { folder: copy });
    await shows(KEY, '');
    await refuses('other-key');
    await shows(last, signRotation(id, KEY, last));
    await refuses('other-key');
    await shows(last, rotations + signRotation(id, next, last));
    const sent = await Copy.of(server, laterSizes);
    for (const notes of [
      rotations + signRotation(id, thief, last),
      rotations +
        signRotation(id, next, last)
          .replace(/from .*/, rotations.split('\n')[2]!.replace('to', 'from'))
          .replace(/— (\S+) ./, '— $1 A'),
      rotations,
      '',
    ]) {
      await sent.write('rotations', notes);
      await refuses(notes === '' ? 'other-key' : 'rotation-broken');
    }
  });

  it('takes no head that an older key signed for the newest', async () => {
    await shows(next, rotations);
    const sent = await Copy.of(server, laterSizes);
    const [text] = sent.text('head').split('\n\n');
    await sent.write('head', signNote(`${text}\n`, { name: known.name, key: KEY }));
    await refuses('file-malformed');
  });
});
