/** `tally mirror`, `verify URL`, `verify --receipt` and `export --url` at a running server, each test going on from the last. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../../test/kit/models.ts';
import { type PackageOptions } from '../standalone/testing/package.ts';
import { sheetOf, Town } from '../standalone/testing/town.ts';
import { tally } from './testing/run-tally.ts';

const ELECTION = 'town';
const TIMING = { lookMs: 50, restMs: 200, everyMs: 300_000 };
const OPEN: PackageOptions = { id: ELECTION, publish: { results: 'closed', log: 'closed' } };

let town: Town;
let folder: string;
const dir = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-mirror-'));
  town = await Town.open(OPEN, {}, { headTiming: TIMING });
});

afterAll(async () => {
  await town.close();
  await rm(folder, { recursive: true, force: true });
});

/** Waits until a head with the fingerprint of all there is was signed. */
async function signed(): Promise<string> {
  const { json } = await town.get('fingerprint');
  await until(async () => {
    const { heads } = (await town.get('log/heads')).json;
    return heads[0]?.note.includes(`fingerprint ${json.fingerprint}\n`) === true;
  });
  return json.fingerprint;
}

describe('a server', () => {
  test('is verified by its address, by that of a page, and by that of the api', async () => {
    await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
    const { fingerprint } = (await town.get('fingerprint')).json;
    for (const path of ['', '/vi/town', '/en/town/s-1?contest=mayor', '/api/v1/elections/town']) {
      const { code, out, err } = await tally(['verify', town.server.url + path]);
      expect([path, code, err]).toEqual([path, 0, '']);
      expect(out).toContain(`The fingerprint is ${fingerprint}.`);
    }
    expect(await tally(['verify', `${town.server.url}/vi/nowhere`])).toMatchObject({ code: 1, out: '' });
    expect(await tally(['verify', 'http://127.0.0.1:1/vi/town'])).toMatchObject({ code: 3, out: '' });
  });

  test('is not verified with another key', async () => {
    const other = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(await tally(['verify', town.server.url, '--key', other])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('[other-key]'),
    });
  });
});

describe('a copy', () => {
  test('is taken, brought up to date, and holds the receipt of what was sent', async () => {
    expect((await tally(['mirror', town.server.url, dir('copy')])).out).toMatch(/^copied town at .* events more\n/);
    const sent = await town.submit(sheetOf('s-2', { 1: 7, 2: 5 }));
    await writeFile(dir('receipt'), sent.text);
    const fingerprint = await signed();
    const before = await tally(['verify', dir('copy'), '--receipt', dir('receipt')]);
    expect(before).toMatchObject({ code: 0, err: '' });
    expect(before.out).toContain(`this copy ends before ${sent.json.attempt}`);
    const mirrored = await tally(['mirror', town.server.url, dir('copy')]);
    expect(mirrored).toMatchObject({ code: 0, err: '' });
    expect(mirrored.out).toContain(': 1 events more\n');
    expect(mirrored.out).toContain(`fingerprint ${fingerprint}\n`);
    const after = await tally(['verify', dir('copy'), '--receipt', dir('receipt')]);
    expect(after.out).toContain(`is in the log, at ${sent.json.attempt}.`);
  });

  test('holds a receipt with its proof against the log', async () => {
    const { json } = await town.submit(sheetOf('s-3', { 1: 2, 2: 3 }));
    await signed();
    const proven = (await town.get(`receipts/${json.receipt.id}`)).json;
    expect(proven.proof).toBeDefined();
    await writeFile(dir('proven'), JSON.stringify(proven));
    const hurt = { ...proven, proof: [...proven.proof].reverse().slice(1) };
    await writeFile(dir('hurt'), JSON.stringify(hurt));
    await writeFile(dir('edited'), JSON.stringify({ ...proven, note: proven.note.replace(/\n\d+:/, '\n0:7') }));
    expect((await tally(['mirror', town.server.url, dir('copy')])).code).toBe(0);
    expect((await tally(['verify', dir('copy'), '--receipt', dir('proven')])).code).toBe(0);
    for (const [name, code] of [
      ['hurt', 'receipt-contradicted'],
      ['edited', 'bad-signature'],
    ] as const)
      expect(await tally(['verify', dir('copy'), '--receipt', dir(name)])).toMatchObject({
        code: 1,
        err: expect.stringContaining(`[${code}]`),
      });
  });

  test('goes on by itself until it is stopped, and over a server that is away', async () => {
    const stop = new AbortController();
    const running = tally(['mirror', town.server.url, dir('copy'), '--every', '0.002'], { signal: stop.signal });
    await town.submit(sheetOf('s-1', { 1: 11, 2: 20 }, { expectedRevision: 1, reason: 'recount' }));
    const fingerprint = await signed();
    await until(async () => (await readFile(join(dir('copy'), 'head'), 'utf8')).includes(fingerprint));
    stop.abort();
    const { code, out } = await running;
    expect(code).toBe(130);
    expect(out.match(/^copied town/gm)!.length).toBeGreaterThan(1);
    expect(await tally(['mirror', 'http://127.0.0.1:1/vi/town', dir('copy')])).toMatchObject({ code: 3 });
    expect((await tally(['verify', dir('copy')])).code).toBe(0);
  });
});

describe('a witness', () => {
  test('cosigns what it copied, and others hold the log against that', async () => {
    const asWitness = ['--cosign', dir('witness.pem'), '--as', 'witness.example.org/w1'];
    expect(await tally(['mirror', town.server.url, dir('seen'), '--cosign', dir('witness.pem')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('--as'),
    });
    const { code, out } = await tally(['mirror', town.server.url, dir('seen'), ...asWitness]);
    expect(code).toBe(0);
    const witness = /^witness (.+)$/m.exec(out)![1]!;
    const cosigned = ['0', '1'].map((shard) => join(dir('seen'), 'cosigned', shard));
    const given = cosigned.flatMap((file) => ['--cosigned', file]);
    const verified = await tally(['verify', town.server.url, ...given, '--witness', witness]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toMatch(/goes on from what witness\.example\.org\/w1 saw at .*: \d+ events of shard 1\./);
    expect(verified.out).not.toContain('shown this same log');
    expect((await tally(['mirror', town.server.url, dir('seen'), ...asWitness])).out).toContain(`witness ${witness}`);
  });

  test('is believed for what it signed only, and only where it is known', async () => {
    const file = join(dir('seen'), 'cosigned', '0');
    const note = await readFile(file, 'utf8');
    const { out } = await tally(['mirror', town.server.url, dir('seen'), '--cosign', dir('witness.pem'), '--as', 'w1']);
    const known = /^witness (.+)$/m.exec(out)![1]!;
    await writeFile(file, note);
    for (const more of [[], ['--witness', known]])
      expect(await tally(['verify', town.server.url, '--cosigned', file, ...more])).toMatchObject({
        code: 1,
        err: expect.stringContaining('[not-cosigned]'),
      });
    expect((await tally(['verify', town.server.url, '--cosigned', file, '--witness', 'w1+00000000+AQID'])).code).toBe(
      2,
    );
  });
});

describe('an export of a server', () => {
  test('is of this moment, and verifies', async () => {
    await town.submit(sheetOf('s-2', { 1: 8, 2: 5 }, { expectedRevision: 1, reason: 'recount' }));
    const { json } = await town.get('fingerprint');
    const env = { TALLY_TOKEN: town.tokens.manager };
    const exported = await tally(['--url', town.server.url, 'export', ELECTION, dir('export')], { env });
    expect(exported).toMatchObject({ code: 0, err: '' });
    expect(exported.out).toContain(`fingerprint ${json.fingerprint}\n`);
    expect((await tally(['verify', dir('export')])).code).toBe(0);
  });
});

describe('receipts of an import', () => {
  test('are written a line for each sheet that was taken in, and held against the log all together', async () => {
    const lines = ['s-1', 's-2', 's-1'].map((station, n) => {
      const { expectedRevision: _, ...sheet } = sheetOf(station, { 1: 50 + n, 2: 5 });
      return sheet;
    });
    await writeFile(dir('sheets.ndjson'), [...lines, lines[2]].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const argv = ['--url', town.server.url, 'import', ELECTION, dir('sheets.ndjson'), '--receipts', dir('receipts')];
    const env = { TALLY_TOKEN: town.tokens.clerk };
    expect((await tally(argv, { env })).out).toBe('accepted 3, held 0, unchanged 1, conflict 0, refused 0\n');
    const receipts = (await readFile(dir('receipts'), 'utf8')).trim().split('\n');
    expect(receipts.map((line) => JSON.parse(line))).toMatchObject(
      [1, 2, 3].map((line) => ({ file: dir('sheets.ndjson'), line, receipt: { note: expect.any(String) } })),
    );
    await signed();
    const verified = await tally(['verify', town.server.url, '--receipt', dir('receipts')]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out.match(/The event of the receipt/g)).toHaveLength(3);
    const [first, second] = receipts.map((line) => JSON.parse(line));
    const exchanged = [{ ...first, receipt: second.receipt }, second];
    await writeFile(dir('exchanged'), exchanged.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const wrong = await tally(['verify', town.server.url, '--receipt', dir('exchanged')]);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/exchanged:1 .* is the receipt of another sheet \[receipt-contradicted\]\n$/);
  });
});

describe('a key that is rotated', () => {
  const at = (role: 'manager' | 'clerk', ...argv: string[]) =>
    tally(['--url', town.server.url, ...argv], { env: { TALLY_TOKEN: town.tokens[role] } });

  test('names the next one; copies, pins and receipts from before go on being checked', async () => {
    const first = (await at('manager', 'key', 'show', ELECTION)).out.trim();
    expect((await at('clerk', 'key', 'rotate', ELECTION)).code).toBe(1);
    const rotated = await at('manager', 'key', 'rotate', ELECTION);
    expect(rotated.code).toBe(0);
    const second = rotated.out.trim();
    expect(second).not.toBe(first);
    expect((await town.post('log/key/rotate', 'manager', { key: first })).json.code).toBe('other-key');
    const { text } = await town.get('log/key');
    expect(text).toMatch(/^tally\/town\/head\+\S+\ntally\/town\/rotation\nfrom /);
    expect(text).toContain(`from ${first}\nto ${second}\n\n— tally/town/rotation `);
    expect((await at('manager', 'key', 'show', ELECTION)).out).toBe(text);

    const sent = await town.submit(sheetOf('s-4', { 1: 4, 2: 5 }));
    await writeFile(dir('receipt of the second key'), sent.text);
    const receipts = ['--receipt', dir('receipt'), '--receipt', dir('proven')];
    const verified = await tally(['verify', town.server.url, '--key', first, ...receipts]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain(
      'The key was rotated once: each key is named by the one before it, and the key you gave',
    );
    expect((await tally(['mirror', town.server.url, dir('copy'), '--key', first])).out).toContain(`key ${second}\n`);
    expect((await at('manager', 'key', 'rotate', ELECTION)).code).toBe(0);
    await signed();
    const mirrored = await tally(['mirror', town.server.url, dir('copy'), '--key', first]);
    expect(mirrored).toMatchObject({ code: 0, err: '' });
    const kept = ['--receipt', dir('receipt of the second key'), '--head', join(dir('export'), 'head')];
    const whole = await tally(['verify', dir('copy'), '--key', second, ...receipts, ...kept]);
    expect(whole).toMatchObject({ code: 0, err: '' });
    expect(whole.out).toContain('The key was rotated 2 times');
    const cosigned = join(dir('seen'), 'cosigned', '0');
    const witness = /^witness (.+)$/m.exec(
      (await tally(['mirror', town.server.url, dir('seen'), '--cosign', dir('witness.pem'), '--as', 'w1'])).out,
    )![1]!;
    expect((await tally(['verify', dir('copy'), '--cosigned', cosigned, '--witness', witness])).code).toBe(0);
  });
});
