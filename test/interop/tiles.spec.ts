/** Go's own packages for transparency logs verify what libs/transparency makes: tiles, proofs, checkpoints. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bundlesOf,
  consistencyProof,
  cosign,
  encodeEntries,
  entriesPath,
  formatCheckpoint,
  formatHash,
  formatVerifier,
  inclusionProof,
  leafHash,
  makeSigningKey,
  nodesFromTiles,
  publicKeyOf,
  readSigningKey,
  rootAt,
  shardOrigin,
  signNote,
  TILE_WIDTH,
  TiledTree,
  tilePath,
  widthAt,
} from '#transparency';
import { buildGo, runProgram } from './go-program.ts';

/** Reaches into the third level of tiles, with a partial one in each. */
const SIZE = 66_000;
const ORIGIN = shardOrigin('town-rehearsal', 0);
const key = readSigningKey(makeSigningKey())!;
const verifier = formatVerifier({ name: ORIGIN, publicKey: publicKeyOf(key) });
const entry = (i: number): Uint8Array => Buffer.from(`{"entry":${i}}`);

let folder: string;
let log: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-interop-'));
  log = join(folder, 'log');
  program = await buildGo('tiles', folder);
  await writeLog();
}, 180_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(log, path)), { recursive: true });
  await writeFile(join(log, path), content);
}

async function writeLog(): Promise<void> {
  const tiles = new Map<string, Uint8Array>();
  const tree = new TiledTree((tile) => tiles.set(tilePath(tile), tile.bytes));
  for (let i = 0; i < SIZE; i += 1) tree.append(leafHash(entry(i)));
  for (const tile of tree.unfinished()) tiles.set(tilePath(tile), tile.bytes);
  for (const [path, bytes] of tiles) await put(path, bytes);
  for (let index = 0; index < bundlesOf(SIZE); index += 1) {
    const width = widthAt(0, index, SIZE);
    const entries = Array.from({ length: width }, (_, i) => entry(index * TILE_WIDTH + i));
    await put(entriesPath(index, width), encodeEntries(entries));
  }
  const text = formatCheckpoint({ origin: ORIGIN, size: tree.size, root: tree.root() });
  // Signatures of witnesses are passed over by who does not know them.
  await put('checkpoint', cosign(signNote(text, { name: ORIGIN, key }), { name: 'witness', key }, new Date()));
}

async function writeProofs(): Promise<string> {
  const nodes = nodesFromTiles(SIZE, (place) => readFile(join(log, tilePath(place))));
  const rootText = async (size: number): Promise<string> => formatHash(await rootAt(size, nodes));
  const inclusion = [];
  for (const size of [1, 2, 255, 256, 257, 65_536, 65_537, SIZE])
    for (const index of new Set([0, size >> 1, size - 1]))
      inclusion.push({
        index,
        size,
        leaf: formatHash(leafHash(entry(index))),
        root: await rootText(size),
        proof: (await inclusionProof(index, size, nodes)).map(formatHash),
      });
  const consistency = [];
  for (const older of [1, 2, 255, 256, 257, 1_000, 65_535, 65_536, 65_537, SIZE])
    consistency.push({
      older,
      newer: SIZE,
      olderRoot: await rootText(older),
      newerRoot: await rootText(SIZE),
      proof: (await consistencyProof(older, SIZE, nodes)).map(formatHash),
    });
  const path = join(folder, 'proofs.json');
  await writeFile(path, JSON.stringify({ inclusion, consistency }));
  return path;
}

describe('golang.org/x/mod/sumdb', () => {
  it('verifies checkpoint, tiles, entries and proofs', async () => {
    const ran = await runProgram(program, [log, verifier, await writeProofs()], folder);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toMatch(new RegExp(`^entries ${SIZE} proofs 31 root `));
  });

  it('refuses a checkpoint of another key, and an entry that was changed', async () => {
    const other = readSigningKey(makeSigningKey())!;
    const otherKey = formatVerifier({ name: ORIGIN, publicKey: publicKeyOf(other) });
    expect((await runProgram(program, [log, otherKey], folder)).code).toBe(1);
    const path = entriesPath(3, TILE_WIDTH);
    const bundle = await readFile(join(log, path));
    bundle[bundle.length - 2]! ^= 1;
    await put(path, bundle);
    const ran = await runProgram(program, [log, verifier], folder);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('entry 1023 ') });
  });
});
