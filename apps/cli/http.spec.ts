/** The same commands, with --url, against a running server. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Installation } from '../server/installation.ts';
import { openEmbedded } from '../standalone/embedded.ts';
import { type RunningServer, startServer } from '../standalone/server.ts';
import { mustManageDevices } from './testing/device-commands.ts';
import { ELECTION, makeRehearsal, type Rehearsal } from './testing/rehearsal.ts';
import { type Ran, tally } from './testing/run-tally.ts';

let rehearsal: Rehearsal;
let installation: Installation;
let server: RunningServer;
const tokens = new Map<string, string>();

beforeAll(async () => {
  rehearsal = await makeRehearsal();
  installation = await openEmbedded(rehearsal.data, { command: 'spec' });
  server = await startServer(installation, { port: 0, pages: null });
  for (const role of ['manager', 'clerk', 'certifier', 'observer'] as const)
    tokens.set(role, (await installation.accounts.add({ role, unit: null })).token);
});

afterAll(async () => {
  await server.close();
  await installation.close();
});

/** Runs a command at the server, with the token of a role. */
function as(role: string, argv: readonly string[], stdin?: string): Promise<Ran> {
  const token = tokens.get(role);
  return tally(['--url', server.url, ...argv], {
    env: token ? { TALLY_TOKEN: token } : {},
    ...(stdin !== undefined && { stdin }),
  });
}

describe('an election at a server, in this order', () => {
  test('open; again is a no-op; not by a clerk; not without a token', async () => {
    expect(await as('clerk', ['open', rehearsal.pack])).toMatchObject({ code: 1, out: '' });
    expect(await as('nobody', ['open', rehearsal.pack])).toMatchObject({ code: 1, out: '' });
    expect((await as('manager', ['open', rehearsal.pack])).out).toContain(`opened ${ELECTION}`);
    expect((await as('manager', ['open', rehearsal.pack])).out).toContain('open already');
  });

  test('import; again: unchanged; refused lines with their number', async () => {
    const { count, sheets, csvOf } = rehearsal;
    expect(await as('clerk', ['import', ELECTION, sheets])).toEqual({
      code: 0,
      out: `accepted ${count}, held 0, unchanged 0, conflict 0, refused 0\n`,
      err: '',
    });
    expect((await as('clerk', ['import', ELECTION, sheets])).out).toContain(`unchanged ${count}, `);
    const [header, row] = csvOf(10).split('\n');
    const bad = [header, row?.replace('09101-01', '9101-01'), row?.replace(',70,', ',-70,')].join('\n');
    const { code, out, err } = await as('clerk', ['import', ELECTION, '-'], bad);
    expect([code, out]).toEqual([1, 'accepted 0, held 0, unchanged 0, conflict 0, refused 2\n']);
    expect(err).toMatch(/-:2: refused: .*did you mean "09101-01"[\s\S]*-:3: refused: C must be digits only/);
    expect((await as('clerk', ['import', ELECTION, '-'], 'station,contest,Ghost\nx,y,1\n')).err).toContain('Ghost');
    expect((await as('observer', ['import', ELECTION, sheets])).code).toBe(1);
  });

  test('results and fingerprint are those of the embedded command', async () => {
    const csv = await as('observer', ['results', ELECTION, '--depth', 'all', '--format', 'csv']);
    const { out } = await as('observer', ['fingerprint', ELECTION]);
    expect(out).toBe(`${createHash('sha256').update(csv.out).digest('hex')}\n`);
    const root = await as('observer', [
      'results',
      ELECTION,
      '--format',
      'csv',
      '--contest',
      'na-1',
      '--track',
      'provisional',
    ]);
    expect(root.out).toContain('09,na-1,provisional,votes.1,80\n');
    expect(root.out).not.toContain('091,');
    const table = await as('observer', ['results', ELECTION, '--depth', '2', '--level', 'commune']);
    expect(table.out).toMatch(/^09101 +Xã Suối Mơ +3\/3 /m);
    const { asOf } = JSON.parse((await as('observer', ['results', ELECTION, '--json'])).out);
    const then = await as('observer', ['results', ELECTION, '--json', '--at', asOf, '--contest', 'na-1']);
    expect(JSON.parse(then.out).nodes).toMatchObject([{ unit: '09', contest: 'na-1', progress: { counted: 8 } }]);
  });

  test('findings, history, lineage', async () => {
    const findings = await as('observer', [
      'findings',
      ELECTION,
      '--format',
      'csv',
      '--unit',
      '09101',
      '--severity',
      'warning',
    ]);
    expect(findings.out).toMatch(
      /^station,contest,revision,status,rule,severity\n(09101-0\d,[a-z]+-\d+,1,accepted,[a-z.-]+,warning\n)+$/,
    );
    expect((await as('observer', ['history', ELECTION, '09101-01', 'na-1'])).out).toContain(
      'reason: import sheets.csv',
    );
    const found = await as('observer', [
      'history',
      ELECTION,
      '--unit',
      '09101',
      '--outcome',
      'accepted',
      '--format',
      'csv',
    ]);
    expect(found.out).toMatch(/^position,logTime,[\s\S]*\n\d:\d+,.*,09101-01,na-1,accepted,/);
    const json = JSON.parse((await as('observer', ['history', ELECTION, '--unit', '09101', '--json'])).out);
    expect(json).toMatchObject({ election: ELECTION, position: expect.stringMatching(/^0:\d+/) });
    expect((await as('observer', ['history', ELECTION, '--contest', 'nope'])).err).toContain('na-1');
    expect((await as('observer', ['lineage', ELECTION, '091', 'na-1', 'votes.1'])).out).toContain('votes.1 = 80');
  });

  test('replay, certify, reopen', async () => {
    const replay = await as('manager', ['replay', ELECTION, '--switch']);
    expect(replay).toMatchObject({ code: 0, err: '' });
    expect(replay.out).toContain('nodes compared 54, different 0\n');
    const print = (await as('observer', ['fingerprint', ELECTION, '--contest', 'na-1'])).out.trim();
    const wrong = await as('certifier', [
      'certify',
      ELECTION,
      'na-1',
      '--fingerprint',
      '0'.repeat(64),
      '--reason',
      'no',
    ]);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain(print);
    expect(
      (await as('certifier', ['certify', ELECTION, 'na-1', '--fingerprint', print, '--reason', 'Session'])).code,
    ).toBe(0);
    expect((await as('certifier', ['reopen', ELECTION, 'na-1', '--reason', 'Court'])).code).toBe(0);
    expect((await as('certifier', ['reopen', ELECTION, 'na-1', '--reason', 'Court'])).code).toBe(1);
  });

  test('freeze, lift', async () => {
    const frozen = await as('manager', ['freeze', ELECTION, '--reason', 'checked again']);
    expect([frozen.code, frozen.out]).toEqual([0, expect.stringMatching(/^frozen since /)]);
    expect((await as('manager', ['freeze', ELECTION, '--reason', 'checked again'])).err).toContain('frozen already');
    expect((await as('manager', ['lift', ELECTION, '--reason', 'right'])).out).toMatch(/^lifted; it stood from /);
    expect((await as('manager', ['lift', ELECTION, '--reason', 'right'])).code).toBe(1);
  });

  test('tokens', async () => {
    const { code, out } = await as('manager', ['token', 'add', '--role', 'clerk', '--unit', '09101', '--json']);
    expect(code).toBe(0);
    const { id, token, ...rest } = JSON.parse(out);
    expect(rest).toEqual({ role: 'clerk', unit: '09101', election: ELECTION });
    tokens.set('local-clerk', token);
    const lines = rehearsal.csvOf(12).split('\n');
    const foreign = lines.find((line) => line.startsWith('09104'));
    expect(
      (await as('local-clerk', ['import', ELECTION, '-'], [lines[0], lines[1], foreign].join('\n'))).out,
    ).toContain('accepted 1,');
    expect((await as('manager', ['token', 'list'])).out).toContain(id);
    expect((await as('manager', ['token', 'revoke', id])).code).toBe(0);
    expect((await as('manager', ['token', 'revoke', 'nobody'])).code).toBe(1);
    expect((await as('local-clerk', ['fingerprint', ELECTION])).code).toBe(1);
  });

  test('devices: enrolled by key or file, listed, revoked with a reason', async () => {
    await mustManageDevices((...argv) => as('manager', argv), rehearsal.folder);
  });

  test.each([
    [['results', 'vi-du-2021'], 'There is no election "vi-du-2021"'],
    [['results', ELECTION, '--unit', '9'], 'unit'],
    [['results', ELECTION, '--contest', 'na-2'], 'did you mean na-1?'],
    [['results', ELECTION, '--level', 'x'], 'province, district, commune, station'],
    [['results', ELECTION, '--body', 'nna', '--format', 'csv'], 'did you mean na?'],
    [['results', ELECTION, '--at', '0:999,1:1'], 'beyond'],
  ])('what does not exist is said: %j', async (argv, words) => {
    const { code, out, err } = await as('observer', argv);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(words);
  });

  test('a package with problems is not sent', async () => {
    expect(await as('manager', ['open', join(rehearsal.folder, 'nowhere')])).toMatchObject({ code: 1, out: '' });
  });
});
