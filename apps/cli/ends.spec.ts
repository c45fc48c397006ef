/** How commands end: exit codes, and what is said where something is wrong. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openEmbedded } from '../standalone/embedded.ts';
import { ELECTION, makeRehearsal, type Rehearsal } from './testing/rehearsal.ts';
import { tally } from './testing/run-tally.ts';

let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await makeRehearsal();
  await tally(here('open', rehearsal.pack));
  await tally(here('import', ELECTION, rehearsal.sheets));
});

const here = (...argv: string[]): string[] => ['--data', rehearsal.data, ...argv];

describe('what does not exist is said with what does', () => {
  test.each([
    [['results', 'vi-du-2021'], 'There is no election "vi-du-2021"'],
    [['results', ELECTION, '--unit', '9'], 'did you mean 09?'],
    [['results', ELECTION, '--contest', 'na-2'], 'did you mean na-1?'],
    [['results', ELECTION, '--level', 'Commune'], 'did you mean commune?'],
    [['results', ELECTION, '--level', 'x'], 'province, district, commune, station'],
    [['results', ELECTION, '--body', 'x'], 'There is no body "x"'],
    [['results', ELECTION, '--at', '0:999,1:1'], 'beyond'],
    [['findings', ELECTION, '--rule', 'vn.nothing'], 'There is no rule'],
    [['history', ELECTION, '09101-01', 'xa-09104'], 'has no station at or below 09101-01'],
  ])('%j', async (argv, words) => {
    const { code, out, err } = await tally(here(...argv));
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(words);
  });
});

describe('wrong usage ends with 2', () => {
  test.each([
    [[]],
    [['nonsense']],
    [['results']],
    [['results', 'e', '--nonsense']],
    [['results', 'e', '--depth', '-1']],
    [['results', 'e', '--depth', '1.5']],
    [['results', 'e', '--format', 'xml']],
    [['results', 'e', '--track', 'counted']],
    [['results', 'e', '--at', 'yesterday']],
    [['results', 'e', '--contest', 'a', '--body', 'b']],
    [['init', 'x']],
    [['init', 'x', '--template', 'mars']],
    [['token']],
    [['token', 'add', '--role', 'king', '--unit', 'x']],
    [['certify', 'e', 'c', '--reason', 'x']],
    [['certify', 'e', 'c', '--fingerprint', 'abc', '--reason', 'x']],
    [['fingerprint', 'e', '--data', 'a', '--url', 'http://b']],
    [['fingerprint', 'e', '--url', 'b']],
    [['lineage', 'e', 'u', 'c', 'C']],
  ])('%j', async (argv) => {
    const { code, out, err } = await tally(argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).not.toBe('');
  });
});

describe('a store that cannot be reached ends with 3', () => {
  test('no data folder', async () => {
    const { code, err } = await tally(['--data', join(rehearsal.folder, 'none'), 'results', ELECTION]);
    expect(code).toBe(3);
    expect(err).toContain('no data folder');
    expect(existsSync(join(rehearsal.folder, 'none'))).toBe(false);
  });

  test('a folder that another process owns, and how to reach that', async () => {
    const owner = await openEmbedded(rehearsal.data, { command: 'tally serve' });
    owner.ownership.announce('http://127.0.0.1:4321');
    const { code, err } = await tally(here('fingerprint', ELECTION));
    await owner.close();
    expect(code).toBe(3);
    expect(err).toContain('--url http://127.0.0.1:4321');
    expect((await tally(here('fingerprint', ELECTION))).code).toBe(0);
  });

  test('nobody listens at the address', async () => {
    const { code, err } = await tally(['--url', 'http://127.0.0.1:9', 'fingerprint', ELECTION]);
    expect(code).toBe(3);
    expect(err).toContain('Cannot reach http://127.0.0.1:9');
  });
});

test('help has examples, for every command; the version', async () => {
  const commands = [
    'init',
    'check',
    'open',
    'import',
    'results',
    'history',
    'lineage',
    'findings',
    'fingerprint',
    'replay',
    'certify',
    'reopen',
  ];
  for (const argv of [
    [],
    ...commands.map((name) => [name]),
    ['token', 'add'],
    ['token', 'list'],
    ['token', 'revoke'],
    ['key', 'show'],
    ['key', 'rotate'],
    ['device', 'add'],
    ['device', 'list'],
    ['device', 'revoke'],
  ]) {
    const { code, out } = await tally([...argv, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/Examples?:\n {2}\$ /);
  }
  expect(await tally(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
});

test('a package with problems: each with file, line and column, on stdout; ends with 1', async () => {
  const bad = join(rehearsal.folder, 'bad');
  await mkdir(bad);
  for (const file of ['election.json', 'contests.csv', 'candidates.csv', 'electorates.csv'])
    await copyFile(join(rehearsal.pack, file), join(bad, file));
  await writeFile(
    join(bad, 'units.csv'),
    (await readFile(join(rehearsal.pack, 'units.csv'), 'utf8')).replace(',commune,', ',komune,'),
  );
  const { code, out } = await tally(['check', bad]);
  expect(code).toBe(1);
  expect(out).toMatch(/^units\.csv:\d+:\d+: .*komune/m);
  expect((await tally(['open', bad, '--data', join(rehearsal.folder, 'never')])).code).toBe(1);
  expect(existsSync(join(rehearsal.folder, 'never'))).toBe(false);
});

test('who stops reading ends the command quietly', async () => {
  const closed = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const { code, err } = await tally(here('results', ELECTION, '--depth', 'all', '--format', 'csv'), { stdout: closed });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect((await tally(here('fingerprint', ELECTION))).code).toBe(0);
});

test('Ctrl-C during an import: what was sent is settled and told, the folder is given back', async () => {
  const stop = new AbortController();
  stop.abort();
  const { code, out, err } = await tally(here('import', ELECTION, rehearsal.sheets), { signal: stop.signal });
  expect(code).toBe(130);
  expect(out).toMatch(/^accepted 0, held 0/);
  expect(err).toContain('run the same import again');
  expect((await tally(here('fingerprint', ELECTION))).code).toBe(0);
});

test('Ctrl-C while standard input has nothing more to say', async () => {
  const stop = new AbortController();
  const [header, row] = rehearsal.csvOf(13).split('\n');
  async function* silent(): AsyncGenerator<Buffer> {
    yield Buffer.from(`${header}\n${row}\n`);
    stop.abort();
    await new Promise(() => undefined);
  }
  const { code, out } = await tally(here('import', ELECTION, '-'), { stdin: silent(), signal: stop.signal });
  expect(code).toBe(130);
  expect(out).toMatch(/^accepted \d, held 0/);
});

test('a report that cannot be written: nothing is taken in', async () => {
  const { code, out, err } = await tally(
    here('import', ELECTION, rehearsal.sheets, '--report', join(rehearsal.folder, 'no/such')),
  );
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('Nothing was taken in');
});

describe('the script', () => {
  const script = join(process.cwd(), 'apps/cli/tally.mjs');

  test('says what to do where nothing is built', async () => {
    await mkdir(join(rehearsal.folder, 'bare/apps/cli'), { recursive: true });
    await copyFile(script, join(rehearsal.folder, 'bare/apps/cli/tally.mjs'));
    const failed = promisify(execFile)(process.execPath, [join(rehearsal.folder, 'bare/apps/cli/tally.mjs')]);
    await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('npm run build') });
  });

  const whenBuilt = existsSync('dist/apps/cli/main.js') ? test : test.skip;
  whenBuilt('runs what was built', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      script,
      '--data',
      rehearsal.data,
      'fingerprint',
      ELECTION,
    ]);
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
  });
});
