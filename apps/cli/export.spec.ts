/** `tally export` and `tally verify` on a small rehearsal, each test going on where the one before it ended. */
import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openEmbeddedTrees } from '#log-tree/embedded';
import {
  COSIGNATURE,
  checkpointPath,
  cosign,
  formatVerifier,
  makeSigningKey,
  parseCheckpoint,
  publicKeyOf,
  readSigningKey,
} from '#transparency';
import { ELECTION, makeRehearsal, type Rehearsal } from './testing/rehearsal.ts';
import { tally } from './testing/run-tally.ts';

let rehearsal: Rehearsal;
let fingerprint: string;

beforeAll(async () => {
  rehearsal = await makeRehearsal();
  expect((await tally(here('open', rehearsal.pack))).code).toBe(0);
  expect((await tally(here('import', ELECTION, rehearsal.sheets))).code).toBe(0);
  fingerprint = (await tally(here('fingerprint', ELECTION))).out.trim();
});

afterAll(() => rm(rehearsal.folder, { recursive: true, force: true }));

const here = (...argv: string[]): string[] => ['--data', rehearsal.data, ...argv];
const dir = (name: string): string => join(rehearsal.folder, name);
const keyIn = (out: string): string => /^key (.+)$/m.exec(out)![1]!;

describe('an export', () => {
  test('is written and verified, and says what that proves', async () => {
    const exported = await tally(here('export', ELECTION, dir('first')));
    expect(exported).toMatchObject({ code: 0 });
    expect(exported.out).toContain(`fingerprint ${fingerprint}\n`);
    expect(exported.err).toContain('not published yet: the events');
    const verified = await tally(['verify', dir('first')]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain(`The fingerprint is ${fingerprint}`);
    expect(verified.out).toContain('not proved:\n- That the key is that of the election');
  });

  test('has the bytes of the results and a key that only its owner may read', async () => {
    const { out } = await tally(here('results', ELECTION, '--depth', 'all', '--format', 'csv'));
    expect(await readFile(join(dir('first'), 'results.csv'), 'utf8')).toBe(out);
    const { mode } = await stat(join(rehearsal.data, 'keys', `${ELECTION}.pem`));
    expect(mode & 0o777).toBe(0o600);
  });

  test('is verified with the key and an earlier head, and not with another key', async () => {
    const { out } = await tally(here('export', ELECTION, dir('first')));
    const head = dir('head-of-before');
    await writeFile(head, await readFile(join(dir('first'), 'head')));
    await writeFile(rehearsal.sheets, rehearsal.csvOf(11));
    expect((await tally(here('import', ELECTION, rehearsal.sheets))).code).toBe(0);
    expect((await tally(here('export', ELECTION, dir('first')))).code).toBe(0);
    const verified = await tally(['verify', dir('first'), '--key', keyIn(out), '--head', head]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain('The log goes on from the 1 earlier heads given');
    const other = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(await tally(['verify', dir('first'), '--key', other])).toMatchObject({
      code: 1,
      err: expect.stringContaining('[other-key]'),
    });
  });

  test('has what witnesses cosigned of it', async () => {
    const note = await readFile(join(dir('first'), checkpointPath(0)), 'utf8');
    const signer = { name: 'w1', key: readSigningKey(makeSigningKey())! };
    const witness = formatVerifier({ name: 'w1', publicKey: publicKeyOf(signer.key) }, COSIGNATURE);
    const line = cosign(note, signer, new Date()).slice(note.length);
    const { size } = parseCheckpoint(note)!;
    const trees = await openEmbeddedTrees(rehearsal.data);
    await trees.of(ELECTION).keepCosignature({ shard: 0, witness, size, line });
    await trees.close();
    expect((await tally(here('export', ELECTION, dir('first')))).code).toBe(0);
    const verified = await tally(['verify', dir('first'), '--witness', witness]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toMatch(new RegExp(`goes on from what w1 saw at .*: ${size} events of shard 0\\.`));
  });

  test('that was interrupted is carried on', async () => {
    const whole = await filesOf(dir('first'));
    await rm(join(dir('first'), 'export.json'));
    await rm(join(dir('first'), 'log', '0', 'checkpoint'));
    expect(await tally(['verify', dir('first')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('interrupted'),
    });
    expect((await tally(here('export', ELECTION, dir('first')))).code).toBe(0);
    expect(await filesOf(dir('first'))).toEqual(whole);
    expect((await tally(['verify', dir('first')])).code).toBe(0);
  });

  test('goes into no folder that holds something else', async () => {
    await mkdir(dir('other'));
    await writeFile(join(dir('other'), 'letter.txt'), 'Dear voters');
    expect(await tally(here('export', ELECTION, dir('other')))).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not empty'),
    });
  });

  test('for the public has neither events nor what is not out, and is verified as far as it goes', async () => {
    const exported = await tally(here('export', ELECTION, dir('public'), '--public'));
    expect(exported).toMatchObject({ code: 0, err: '' });
    expect(exported.out).toContain('the hashes of the events, not the events');
    expect((await filesOf(dir('public'))).filter((path) => path.includes('entries'))).toEqual([]);
    const verified = await tally(['verify', dir('public')]);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain('these are not published yet, only their hashes');
    expect(await tally(here('export', ELECTION, dir('first'), '--public'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('which are not public now'),
    });
  });

  test('is not signed with a key that others may read', async () => {
    const key = join(rehearsal.data, 'keys', `${ELECTION}.pem`);
    await chmod(key, 0o644);
    expect(await tally(here('export', ELECTION, dir('first')))).toMatchObject({
      code: 1,
      err: expect.stringContaining('chmod 600'),
    });
    await chmod(key, 0o600);
  });
});

describe('verify', () => {
  test('says what is wrong, in words and as JSON', async () => {
    await appendFile(join(dir('first'), 'results.csv'), 'zz,zz,provisional,votes.1,3\n');
    expect(await tally(['verify', dir('first')])).toMatchObject({
      code: 1,
      out: 'found wanting: see above what and where\n',
      err: 'tally: zz,zz,provisional,votes.1: published 3, and there is no such figure [results-differ]\n',
    });
    const { out, code } = await tally(['verify', dir('first'), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out).faults).toEqual([expect.objectContaining({ code: 'results-differ' })]);
  });

  test('takes a folder, a key, heads and receipts that are there', async () => {
    expect((await tally(['verify', dir('nowhere')])).code).toBe(1);
    expect((await tally(['verify', dir('first'), '--key', 'key'])).code).toBe(2);
    expect((await tally(['verify', dir('first'), '--head', dir('none')])).code).toBe(2);
    expect((await tally(['verify', dir('first'), '--receipt', dir('none')])).code).toBe(2);
  });
});

async function filesOf(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();
}
