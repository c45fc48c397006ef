/** The second verifier, in Go, counts what Tally counts, and finds what was done to an export. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readPackage } from '#definition';
import { buildElection, keyOfRecord } from '#domain';
import {
  checkpointPath,
  cosignedPath,
  type ExportDescription,
  formatHash,
  formatVerifier,
  headOrigin,
  leafHash,
  makeSigningKey,
  publicKeyOf,
  readSigningKey,
  shardFolder,
  shardOrigin,
  signNote,
  signRotation,
} from '#transparency';
import { type CheckedDevices, verifyExport } from '#verification';
import { tally } from '../../apps/cli/testing/run-tally.ts';
import { embeddedHost } from '../../apps/standalone/demo/embedded-host.ts';
import { Demo } from '../../apps/standalone/demo/index.ts';
import { DEMO_ID } from '../../apps/standalone/demo/package.ts';
import { openEmbedded } from '../../apps/standalone/embedded.ts';
import { startServer } from '../../apps/standalone/server.ts';
import { Recount } from '../../libs/verification/recount.ts';
import { Copy, exported, KEY, temporaryFolder } from '../../libs/verification/testing/exported.ts';
import { Author, figuresOf } from '../kit/author.ts';
import { Device } from '../kit/devices.ts';
import { writeEightLevels } from '../kit/eight-levels.ts';
import { electionOf, province } from '../kit/elections.ts';
import { foreign } from '../kit/foreign.ts';
import { MemoryLog } from '../kit/memory-log.ts';
import { until } from '../kit/models.ts';
import { randomFrom } from '../kit/random.ts';
import { tale, write } from '../kit/story.ts';
import { GEORGIA, Georgia } from '../services/georgia.ts';
import type { Ran } from '../services/tally-command.ts';
import { buildGo, runProgram } from './go-program.ts';

/** Of all results of Georgia 2013, as the authority published them. */
const GEORGIA_PRINT = 'c80e5c4d82c371fdc046df4e3916b8754d5e3df8c51cb8c49500c2c525c857bd';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  program = await buildGo('verifier', folder);
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const count = (path: string, ...key: string[]): Promise<Ran> => runProgram(program, [path, ...key], folder);

/** What Tally's own verification says, as the second verifier prints it. */
async function toldByTally(path: string): Promise<string> {
  const { faults, election, definition, position, accepted, rejected, counted, devices } = await verifyExport(path);
  expect(faults).toEqual([]);
  const reasons = Object.entries(rejected).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `election ${election}`,
    `definition ${definition}`,
    `position ${position}`,
    `accepted ${accepted}`,
    `rejected ${reasons.reduce((sum, [, times]) => sum + times, 0)}`,
    ...reasons.map(([reason, times]) => `rejected as ${reason} ${times}`),
    ...toldOfDevices(devices!),
    `fingerprint ${counted?.fingerprint}\n`,
  ].join('\n');
}

function toldOfDevices({ enrolled, revoked, signed, verified, unknown, afterRevocation }: CheckedDevices): string[] {
  if (enrolled + signed === 0) return [];
  return [
    `devices ${enrolled} enrolled, ${revoked} revoked`,
    `signed ${signed}, verified ${verified}, by unknown devices ${unknown}, after revocation ${afterRevocation.length}`,
  ];
}

async function exportOf(data: string, election: string): Promise<{ path: string; print: string; key: string }> {
  const path = join(folder, `export of ${election}`);
  expect(await tally(['--data', data, 'export', election, path])).toMatchObject({ code: 0 });
  const { out } = await tally(['--data', data, 'fingerprint', election]);
  const { key } = JSON.parse(await readFile(join(path, 'export.json'), 'utf8')) as ExportDescription;
  return { path, print: out.trim(), key };
}

describe('the second verifier', () => {
  it('counts Georgia 2013', async () => {
    const georgia = new Georgia();
    try {
      const data = join(folder, 'georgia');
      for (const argv of [
        ['open', georgia.pack],
        ['import', GEORGIA.election, georgia.file],
      ])
        expect(await tally(['--data', data, ...argv])).toMatchObject({ code: 0 });
      const { path, print, key } = await exportOf(data, GEORGIA.election);
      const ran = await count(path, key);
      expect(ran).toMatchObject({ code: 0, err: '' });
      expect(ran.out).toMatch(/\naccepted 3711\nrejected 0\n/);
      expect(ran.out).toContain(`fingerprint ${GEORGIA_PRINT}\n`);
      expect(print).toBe(GEORGIA_PRINT);
    } finally {
      georgia.remove();
    }
  }, 180_000);

  it('counts the demonstration, and a copy of it that was taken from its server', async () => {
    const data = join(folder, 'demo');
    const copy = join(folder, 'copy of the demonstration');
    await playDemonstration(data, async (url) => {
      const { fingerprint } = (await (await fetch(`${url}/fingerprint`)).json()) as { fingerprint: string };
      const heads = async (): Promise<string> => (await fetch(`${url}/log/heads`)).text();
      await until(async () => (await heads()).includes(`fingerprint ${fingerprint}`));
      expect(await tally(['mirror', url, copy])).toMatchObject({ code: 0 });
    });
    const { path, print, key } = await exportOf(data, DEMO_ID);
    const ran = await count(path, key);
    expect(ran).toEqual({ code: 0, err: '', out: await toldByTally(path) });
    expect(ran.out).toContain(`fingerprint ${print}\n`);
    expect(await count(copy, key)).toEqual(ran);
  }, 120_000);

  it.each([
    { seed: 1, shards: 1, entry: 'single', holdOn: 'error' },
    { seed: 2, shards: 4, entry: 'single', holdOn: 'warning' },
    { seed: 3, shards: 3, entry: 'double', holdOn: 'error' },
    { seed: 4, shards: 5, entry: 'double', holdOn: 'never' },
    { seed: 5, shards: 2, entry: 'double', holdOn: 'warning' },
  ] as const)('counts what happens by chance: $entry entry, $shards shards, seed $seed', async ({ seed, ...more }) => {
    const author = new Author(electionOf(province(more)));
    write(author, tale(1_500, seed));
    const log = new MemoryLog(author.election.definition.id, more.shards, author.records);
    log.add({ shard: 0, key: 'K1', value: Buffer.alloc(70_000, 'x') });
    log.add({ shard: more.shards - 1, key: '', value: Buffer.from([0xff, 0x00]) });
    const path = join(folder, `tale-${seed}`);
    await exported(author, path, { log });
    expect(await count(path)).toEqual({ code: 0, err: '', out: await toldByTally(path) });
  });

  it('counts eight levels, of which branches skip some, with electorates and fields that repeat by seats', async () => {
    const read = await readPackage(await writeEightLevels(await mkdtemp(join(folder, 'eight-levels-'))));
    if (!read.ok) throw new Error('the package is not sound');
    const author = new Author(buildElection(read.definition, read.digest));
    write(author, tale(2_500, 12));
    const path = join(folder, 'export of eight levels');
    await exported(author, path);
    expect(await count(path)).toEqual({ code: 0, err: '', out: await toldByTally(path) });
  });

  it('checks what devices signed, and finds a signature of another sheet', async () => {
    const author = new Author(electionOf(province({ shards: 3 })));
    const { election } = author;
    const odd = 'đếm lại, "\\ \b\f\n\t\u007f\u2028 <&> \ufffd 😀';
    for (let n = 1; n <= 9; n += 1) {
      author.submit(`K${1 + (n % 8)}-1`, 'all', figuresOf(election, 'all', n), {
        device: Device.number(n),
        reason: odd,
      });
      author.enrol(['P', 'K3', 'K4-1'][n % 3]!, Device.number(n));
    }
    author.enrol('K3', { id: Device.number(20).id, key: Device.number(21).key });
    author.revoke('P', Device.number(3));
    author.enrol('K5', Device.number(30));
    author.revoke('K5', Device.number(30));
    author.submit('K5-2', 'all', figuresOf(election, 'all', 1), { device: Device.number(30) });
    author.revoke('nowhere', Device.number(3), { shard: 0, key: 'P' });
    const path = join(folder, 'signed');
    await exported(author, path);
    const ran = await count(path);
    expect(ran).toEqual({ code: 0, err: '', out: await toldByTally(path) });
    expect(ran.out).toMatch(/\ndevices 10 enrolled, 2 revoked\nsigned 10, verified [4-9], by unknown devices [1-6], /);
    expect(ran.out).toContain(', after revocation 1\n');

    const { value, shard, key } = author.records.find((one) => Buffer.from(one.value).includes('"signature"'))!;
    const event = { ...JSON.parse(Buffer.from(value).toString()), id: author.nextId };
    const { offset } = author.put(Buffer.from(JSON.stringify(event)), shard, key);
    author.enrol(event.subject.split('/')[0], Device.number(1));
    await exported(author, join(folder, 'signed wrongly'));
    const { code, err } = await count(join(folder, 'signed wrongly'));
    expect({ code, err }).toEqual({
      code: 1,
      err: `event ${shard}:${offset}: is not signed by its device ${Device.number(1).id}\n`,
    });
  });

  it('follows rotations of the key, and finds one that is not signed by the key before it', async () => {
    const keys = [1, 2, 3].map(() => readSigningKey(makeSigningKey())!) as [typeof KEY, typeof KEY, typeof KEY];
    const author = new Author(electionOf(province({ shards: 2 })));
    const { id } = author.election.definition;
    const verifier = (key: typeof KEY) => formatVerifier({ name: headOrigin(id), publicKey: publicKeyOf(key) });
    const rotations = signRotation(id, keys[0], keys[1]) + signRotation(id, keys[1], keys[2]);
    const path = join(folder, 'rotated');
    await exported(author, path, { key: keys[2], rotations });
    for (const key of keys) expect(await count(path, verifier(key))).toMatchObject({ code: 0, err: '' });
    const other = await count(path, verifier(KEY));
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('not the one that was given') });
    const copy = await Copy.of(path, author.ends.slice());
    for (const wrong of [
      signRotation(id, keys[0], keys[1]) + signRotation(id, keys[0], keys[2]),
      rotations.replace(verifier(keys[1]), verifier(KEY)),
      signRotation(id, keys[0], keys[1]),
      rotations.slice(0, -9),
      signRotation('elsewhere', keys[1], keys[2]),
    ]) {
      await copy.write('rotations', wrong);
      expect(await count(path)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^rotations: /) });
      expect((await verifyExport(path)).faults.map(({ code }) => code)).toEqual(['rotation-broken']);
    }
  });

  it.each([7, 8, 9])('judges records of other programs as Tally does, seed %i', async (seed) => {
    const random = randomFrom(seed);
    const author = new Author(electionOf(province({ shards: 3, entry: seed % 2 ? 'single' : 'double' })));
    write(author, tale(1_200, seed));
    const log = new MemoryLog(author.election.definition.id, 3);
    const recount = new Recount(author.election);
    const add = (shard: number, key: string, value: Uint8Array) => {
      const { offset } = log.add({ shard, key, value });
      const given = keyOfRecord(author.election, value);
      recount.add(shard, offset, value, given === null || given === key ? null : key);
    };
    for (const { shard, key, value } of author.records) {
      add(shard, key, value);
      add(shard, key, foreign(value, random));
    }
    const path = join(folder, `foreign-${seed}`);
    await exported(author, path, { log, results: [...recount.csv()].join('') });
    const ran = await count(path);
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(withoutConflicts(ran.out)).toEqual(withoutConflicts(await toldByTally(path)));
    expect(recount.rejected.size).toBeGreaterThan(12);
  });
});

/**
 * Whether an id came again with the same content is told by the order of members too, which no program of Tally's ever
 * changes: both are rejected.
 */
function withoutConflicts(told: string): string[] {
  return told.split('\n').filter((line) => !/ (repeat|idempotency-conflict) /.test(line));
}

/** Plays the whole night in a few seconds; then `after` is given the address of the election. */
async function playDemonstration(data: string, after: (url: string) => Promise<void>): Promise<void> {
  const installation = await openEmbedded(data, { command: 'test' });
  const services = { ...installation, headTiming: { lookMs: 50, restMs: 200, everyMs: 300_000 } };
  const server = await startServer(services, { port: 0, pages: null });
  const demo = new Demo();
  const context = { url: server.url, folder: data, say: () => undefined, again: '', seconds: 4 };
  try {
    await demo.start(embeddedHost(installation), context);
    await demo.ended();
    await after(`${server.url}/api/v1/elections/${DEMO_ID}`);
  } finally {
    await demo.stop();
    await server.close();
    await installation.close();
  }
}

describe('the second verifier finds', () => {
  let copy: Copy;
  const author = new Author(electionOf(province({ shards: 2 })));

  beforeAll(async () => {
    write(author, tale(900, 6));
    const path = join(folder, 'to be changed');
    await exported(author, path);
    copy = await Copy.of(path, author.ends.slice());
  });
  afterEach(() => copy.mend());

  async function findsOnly(...lines: (string | RegExp)[]): Promise<void> {
    const { code, out, err } = await count(copy.folder);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trimEnd().split('\n')).toEqual(
      lines.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
    );
  }

  it('an event that was changed, also where the tiles were made to fit', async () => {
    const entries = copy.entries(1);
    entries[300] = Buffer.from(Buffer.from(entries[300]!).toString('latin1').replace('2021', '2022'), 'latin1');
    await copy.writeEntries(1, entries);
    const root = 'log/1/: the events, or their hashes, do not give the root that was signed';
    await findsOnly('event 1:300: is not the one whose hash its tile has', root);
    await copy.writeTiles(1, entries);
    await findsOnly(root);
  });

  it('an event that was removed, and a log that was cut off', async () => {
    await copy.writeEntries(0, copy.entries(0).toSpliced(-1, 1));
    await findsOnly(/^log\/0\/tile\/entries\/.*: has not \d+ entries$/);
    await copy.mend();
    await copy.remove(copy.bundlePath(0, 0));
    await findsOnly(/^log\/0\/tile\/entries\/000.*: is missing$/);
  });

  it('a tile that was damaged', async () => {
    const path = copy.paths.find((one) => one.startsWith('log/0/tile/0/'))!;
    const bytes = Buffer.from(copy.bytes(path));
    bytes[5]! ^= 1;
    await copy.write(path, bytes);
    await findsOnly(`${path}: is damaged; the events it is about are as they were signed`);
  });

  it('a figure that was edited, and a row that was taken out or put in', async () => {
    const lines = copy.text('results.csv').split('\n');
    const [, row, value] = /^(.*),(\d+)$/.exec(lines[40]!)!;
    const write = (changed: readonly string[]) => copy.write('results.csv', changed.join('\n'));
    await write(lines.with(40, `${row},${Number(value) + 1}`));
    await findsOnly(`results.csv: ${row}: published ${Number(value) + 1}, counted ${value}`);
    await write(lines.toSpliced(40, 1));
    await findsOnly(`results.csv: ${row}: not published, counted ${value}`);
    await write(lines.toSpliced(41, 0, `${row}.0,7`));
    await findsOnly(`results.csv: ${row}.0: published 7, and there is no such figure`);
    await copy.write('results.csv', copy.text('results.csv').replaceAll('\n', '\r\n'));
    await findsOnly('results.csv: has the right rows, but not byte for byte');
  });

  it('a signature that was forged', async () => {
    const other = readSigningKey(makeSigningKey())!;
    const name = headOrigin(author.election.definition.id);
    const head = copy.text('head').split('\n\n')[0]!;
    await copy.write('head', signNote(`${head}\n`, { name, key: other }));
    await findsOnly(/^head: is not signed by /);
    await copy.write('head', copy.text('head').replace(/fingerprint ./, 'fingerprint 0'));
    await findsOnly(/^head: is not signed by .*: invalid signature/);
    await copy.mend();
    const path = `${shardFolder(1)}/checkpoint`;
    await copy.write(
      path,
      copy.text(path).replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`),
    );
    await findsOnly(/^log\/1\/checkpoint: is not signed by .*: invalid signature/);
    await copy.write(path, copy.text(`${shardFolder(0)}/checkpoint`));
    await findsOnly(/^log\/1\/checkpoint: is not signed by /);
  });

  it('what witnesses cosigned of another history, or of a longer one', async () => {
    const path = cosignedPath(1);
    const cosigned = copy.text(checkpointPath(1));
    await copy.write(path, cosigned);
    expect(await count(copy.folder)).toMatchObject({ code: 0, err: '' });
    const [origin, size, , , ...rest] = cosigned.split('\n');
    const name = shardOrigin(author.election.definition.id, 1);
    for (const [told, words] of [
      [size, 'was signed over other events: the log does not go on from it'],
      [`${size}0`, `is over ${size}0 events, and the log has ${size}`],
    ]) {
      await copy.write(
        path,
        signNote(`${origin}\n${told}\n${formatHash(leafHash(Buffer.from('x')))}\n`, { name, key: KEY }),
      );
      await findsOnly(`${path}: ${words}`);
      expect((await verifyExport(copy.folder)).faults.map(({ code }) => code)).toEqual(['log-forked']);
    }
    await copy.write(path, `${origin}\n${size}\n${rest.join('\n')}`);
    await findsOnly(new RegExp(`^${path}: `));
  });

  it('everything made anew with another key, where the key is given', async () => {
    const path = join(folder, 'by another key');
    const { key } = await exported(author, path, { key: readSigningKey(makeSigningKey())! });
    expect(await count(path, key)).toMatchObject({ code: 0 });
    const known = JSON.parse(copy.text('export.json')) as ExportDescription;
    const ran = await count(path, known.key);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining('not the one that was given') });
  });

  it('a fingerprint that was signed over other results', async () => {
    const { fingerprint } = JSON.parse(copy.text('export.json')) as { fingerprint: string };
    const forged = fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const head = copy.text('head').split('\n\n')[0]!.replace(fingerprint, forged);
    await copy.write('head', signNote(`${head}\n`, { name: headOrigin(author.election.definition.id), key: KEY }));
    await findsOnly(/^export.json: names the fingerprint /);
    await copy.write('export.json', copy.text('export.json').replace(fingerprint, forged));
    await findsOnly(`head: the fingerprint that was signed is ${forged}, of what was counted ${fingerprint}`);
  });

  it('another definition, and a list of record keys that was changed', async () => {
    await copy.write('definition.json', copy.text('definition.json').replace('Candidate', 'Somebody'));
    await findsOnly(/^definition.json: has the digest /);
    await copy.mend();
    await copy.write('record-keys.ndjson', copy.text('record-keys.ndjson').replace('"offset":', '"offset":1'));
    await findsOnly('record-keys.ndjson: is not the list that was signed');
  });

  it('what is wrong with results that are there in part; where none are, there is nothing to compare', async () => {
    const name = headOrigin(author.election.definition.id);
    const { fingerprint, ...told } = JSON.parse(copy.text('export.json')) as ExportDescription;
    const head = copy
      .text('head')
      .split('\n\n')[0]!
      .replace(/\nfingerprint .*/, '');
    await copy.write('head', signNote(`${head}\n`, { name, key: KEY }));
    await copy.write('export.json', JSON.stringify({ ...told, results: 'public', fingerprint: null }));
    const lines = copy.text('results.csv').split('\n').toSpliced(30, 50);
    await copy.write('results.csv', lines.join('\n'));
    const out = expect.stringContaining(`\nfingerprint ${fingerprint}\nno fingerprint was signed: `);
    expect(await count(copy.folder)).toEqual({ code: 0, err: '', out });
    await copy.write('results.csv', lines.join('\n').replace(/,(\d+)\n/, ',$10\n'));
    await findsOnly(/^results\.csv: .*: published \d+0, counted \d+$/);
    await copy.remove('results.csv');
    expect(await count(copy.folder)).toEqual({ code: 0, err: '', out });
  });

  it('that only the hashes are there, and checks those', async () => {
    const path = join(folder, 'hashes');
    await exported(author, path, { withEntries: false });
    expect(await count(path)).toMatchObject({ code: 0, out: expect.stringMatching(/\nnot counted: .*\n$/) });
  });
});
