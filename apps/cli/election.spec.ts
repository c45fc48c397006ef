/** The life of an election on the command line, each test going on where the one before it ended. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openEmbeddedModels } from '#read-model/embedded';
import { openModelStore } from '../../libs/read-model/embedded/store.ts';
import { Encoder } from '../../libs/read-model/embedded/write-plan.ts';
import { mustManageDevices } from './testing/device-commands.ts';
import { ELECTION, makeRehearsal, type Rehearsal } from './testing/rehearsal.ts';
import { tally } from './testing/run-tally.ts';

let rehearsal: Rehearsal;

beforeAll(async () => {
  rehearsal = await makeRehearsal();
});

const here = (...argv: string[]): string[] => ['--data', rehearsal.data, ...argv];

describe('an election, in this order', () => {
  test('init writes a package into a new folder, and into no other', async () => {
    const dir = join(rehearsal.folder, 'new');
    const { code, out } = await tally(['init', dir, '--template', 'generic']);
    expect(code).toBe(0);
    expect(out).toContain(`next: tally check ${dir}`);
    expect((await tally(['check', dir])).code).toBe(0);
    expect(await tally(['init', dir, '--template', 'generic'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('not empty'),
    });
  });

  test('check sums up a sound package', async () => {
    const { code, out, err } = await tally(['check', rehearsal.pack]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`${ELECTION}: 13 units, 8 stations, 6 contests`);
  });

  test('open; again is a no-op; another package under the id is refused', async () => {
    expect((await tally(here('open', rehearsal.pack))).out).toContain(`opened ${ELECTION}`);
    const again = await tally(here('open', rehearsal.pack));
    expect(again.code).toBe(0);
    expect(again.out).toContain('open already');
    const other = join(rehearsal.folder, 'other');
    await mkdir(other);
    for (const file of ['election.json', 'units.csv', 'contests.csv', 'candidates.csv', 'electorates.csv'])
      await copyFile(join(rehearsal.pack, file), join(other, file));
    const units = join(other, 'units.csv');
    await writeFile(units, (await readFile(units, 'utf8')).replace('Suối Mơ', 'Suối Khác'));
    const refused = await tally(here('open', other));
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('another package');
  });

  test('import prints the summary line; again: all unchanged', async () => {
    expect(await tally(here('import', ELECTION, rehearsal.sheets))).toEqual({
      code: 0,
      out: `accepted ${rehearsal.count}, held 0, unchanged 0, conflict 0, refused 0\n`,
      err: '',
    });
    const again = await tally(here('import', ELECTION, rehearsal.sheets, rehearsal.sheets));
    expect(again).toEqual({
      code: 0,
      out: `accepted 0, held 0, unchanged ${2 * rehearsal.count}, conflict 0, refused 0\n`,
      err: '',
    });
  });

  test('import tells refused and conflicting lines, on stderr or in a report, and ends with 1', async () => {
    const text = ['station,contest,C,expectedRevision,reason', '9101-01,na-1,"1,234",,', '9101-01,na-1,5,,', 'x'].join(
      '\n',
    );
    const { code, out, err } = await tally(here('import', ELECTION, '-'), { stdin: text });
    expect(code).toBe(1);
    expect(out).toBe('accepted 0, held 0, unchanged 0, conflict 0, refused 3\n');
    const lines = err.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^-:2: refused: C must be digits only: "1,234"/);
    expect(lines[1]).toMatch(/^-:3: refused: .*did you mean "09101-01"/);
    expect(lines[2]).toMatch(/^-:4: refused: This row has 1 cells, the header has 5/);
    const stale = rehearsal
      .csvOf(11)
      .split('\n')
      .slice(0, 2)
      .map((line, i) => `${line}${i === 0 ? ',expectedRevision' : ',0'}`);
    const report = join(rehearsal.folder, 'report.txt');
    const conflict = await tally(here('import', ELECTION, '-', '--report', report), { stdin: stale.join('\n') });
    expect(conflict).toEqual({ code: 0, out: 'accepted 0, held 0, unchanged 0, conflict 1, refused 0\n', err: '' });
    expect(await readFile(report, 'utf8')).toMatch(/^-:2: conflict: Another revision came first/);
  });

  test('import takes in nothing where a file is missing', async () => {
    const { code, err, out } = await tally(
      here('import', ELECTION, rehearsal.sheets, join(rehearsal.folder, 'nowhere.csv')),
    );
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('nowhere.csv');
  });

  test('results: the CSV of everything has the fingerprint', async () => {
    const csv = await tally(here('results', ELECTION, '--depth', 'all', '--format', 'csv'));
    expect(csv.out.startsWith('unit,contest,track,key,value\n09,')).toBe(true);
    const { out } = await tally(here('fingerprint', ELECTION));
    expect(out).toBe(`${createHash('sha256').update(csv.out).digest('hex')}\n`);
    const one = await tally(here('results', ELECTION, '--depth', 'all', '--format', 'csv', '--contest', 'na-1'));
    const print = await tally(here('fingerprint', ELECTION, '--contest', 'na-1', '--json'));
    expect(JSON.parse(print.out)).toMatchObject({
      contest: 'na-1',
      fingerprint: createHash('sha256').update(one.out).digest('hex'),
    });
  });

  test('results: a table with shares and its position; JSON; levels, bodies, tracks, an earlier position', async () => {
    const table = await tally(here('results', ELECTION, '--contest', 'na-1'));
    expect(table.out).toContain('REHEARSAL');
    expect(table.out).toMatch(/^1 +80 +20\.00 +Nguyễn Văn Mẫu$/m);
    expect(table.out).toMatch(/at position \d+:\d+,\d+:\d+, as of /);
    const many = await tally(
      here('results', ELECTION, '--depth', 'all', '--level', 'commune', '--track', 'all', '--track', 'provisional'),
    );
    expect(many.out).toMatch(/^09101 +Xã Suối Mơ +all +3\/3 /m);
    const json = JSON.parse((await tally(here('results', ELECTION, '--json', '--body', 'na'))).out);
    expect(json.nodes).toMatchObject([
      { unit: '09', contest: 'na', tracks: { provisional: { fields: { C: 560 }, votes: {} } } },
    ]);
    const early = await tally(here('results', ELECTION, '--at', '0:1,1:1', '--format', 'csv', '--contest', 'na-1'));
    expect(early.out).toContain('09,na-1,,progress.received,0\n');
  });

  test('findings, history, lineage', async () => {
    const csv = await tally(here('findings', ELECTION, '--format', 'csv', '--severity', 'warning', '--unit', '09101'));
    expect(csv.out).toMatch(
      /^station,contest,revision,status,rule,severity\n(09101-0\d,[a-z]+-\d+,1,accepted,[a-z.-]+,warning\n)+$/,
    );
    const history = await tally(here('history', ELECTION, '09101-01', 'na-1'));
    expect(history.out).toContain('reason: import sheets.csv');
    expect(history.out).toContain('rejected: stale-revision');
    expect(JSON.parse((await tally(here('history', ELECTION, '09101-01', '--json'))).out)).toHaveLength(4);
    const found = await tally(here('history', ELECTION, '--outcome', 'rejected', '--unit', '09101'));
    expect(found.out).toMatch(/^09101-01\/na-1\n.* rejected: stale-revision[\s\S]*\d attempts? at position 0:\d+/);
    const { attempts, position } = JSON.parse((await tally(here('history', ELECTION, '--json'))).out);
    const rows = (await tally(here('history', ELECTION, '--format', 'csv'))).out.trimEnd().split('\n');
    expect(rows).toHaveLength(attempts.length + 1);
    expect(position).toMatch(/^0:\d+/);
    expect((await tally(here('history', ELECTION, '09101-01', '--outcome', 'rejected'))).code).toBe(2);
    expect((await tally(here('history', ELECTION, '--from', 'noon'))).code).toBe(2);
    expect((await tally(here('history', ELECTION, '--rule', 'no-such-rule'))).code).toBe(1);
    const lineage = await tally(here('lineage', ELECTION, '091', 'na-1', 'votes.1'));
    expect(lineage.out).toMatch(/8 sheets[\s\S]*votes\.1 = 80\n/);
  });

  test('replay compares every node, and can put the new model in place', async () => {
    const { code, out } = await tally(here('replay', ELECTION, '--switch'));
    expect(code).toBe(0);
    expect(out).toMatch(/^nodes compared 54, different 0\nlive {5}([0-9a-f]{64})\nrebuilt {2}\1\n/);
    expect(out).toContain('in place');
    expect((await tally(here('fingerprint', ELECTION))).code).toBe(0);
  });

  test('replay names the figures that were changed in the store, and heals them', async () => {
    const models = await openEmbeddedModels(rehearsal.data);
    const { current } = (await models.pointer(ELECTION))!;
    const snapshot = await (await models.open(ELECTION, current))!.snapshot();
    const [part] = await snapshot.totals('09101', 'na-1');
    snapshot.close();
    await models.close();
    const { provisional } = part!.totals;
    const sums = provisional.sums.with(-1, 1_000);
    const edited = { ...part!, totals: { ...part!.totals, provisional: { ...provisional, sums } } };
    const store = openModelStore(join(rehearsal.data, 'model', ELECTION, `v${current}`));
    const { table, key, value } = new Encoder(store).totals(edited);
    await table.put(key, value);
    await store.root.close();
    const { code, out, err } = await tally(here('replay', ELECTION));
    expect([code, out.split('\n')[0]]).toEqual([1, 'nodes compared 54, different 1']);
    expect(err).toBe(
      `09101/na-1: no event explains it: changed in the store\n  provisional votes.5: live 1000, rebuilt ${provisional.sums.at(-1)}\n`,
    );
    expect((await tally(here('replay', ELECTION, '--switch'))).code).toBe(1);
    expect((await tally(here('replay', ELECTION))).code).toBe(0);
  });

  test('certify binds the present fingerprint only; reopen', async () => {
    const print = (await tally(here('fingerprint', ELECTION, '--contest', 'na-1'))).out.trim();
    const wrong = await tally(here('certify', ELECTION, 'na-1', '--fingerprint', '0'.repeat(64), '--reason', 'no'));
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain(print);
    expect((await tally(here('certify', ELECTION, 'na-1', '--fingerprint', print, '--reason', 'Session'))).code).toBe(
      0,
    );
    expect((await tally(here('certify', ELECTION, 'na-1', '--fingerprint', print, '--reason', 'Session'))).code).toBe(
      1,
    );
    expect((await tally(here('reopen', ELECTION, 'na-1', '--reason', 'Court'))).code).toBe(0);
  });

  test('freeze, lift: what everybody may see stands still, said once', async () => {
    const frozen = await tally(here('freeze', ELECTION, '--reason', 'checked again'));
    expect([frozen.code, frozen.out]).toEqual([0, expect.stringMatching(/^frozen since \S+Z, at 0:\d+,1:\d+\n$/)]);
    const again = await tally(here('freeze', ELECTION, '--reason', 'checked again'));
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('frozen already')]);
    const lifted = await tally(here('lift', ELECTION, '--reason', 'right', '--json'));
    expect(JSON.parse(lifted.out)).toMatchObject({ reason: 'checked again', lifted: { reason: 'right' } });
    expect((await tally(here('lift', ELECTION, '--reason', 'right'))).code).toBe(1);
  });

  test('tokens: the secret once, the account acts within its area, a revoked one not at all', async () => {
    const add = await tally(here('token', 'add', '--role', 'clerk', '--unit', '09101', '--name', 'Anna', '--json'));
    const { id, token } = JSON.parse(add.out);
    expect(JSON.parse(add.out)).toEqual({ id, role: 'clerk', unit: '09101', election: null, token });
    const list = await tally(here('token', 'list'));
    expect(list.out).toContain(id);
    expect(list.out).not.toContain(token);
    const env = { TALLY_TOKEN: token };
    const lines = rehearsal.csvOf(12).trimEnd().split('\n');
    const own = lines.findIndex((line) => line.startsWith('09101-01'));
    const foreign = lines.findIndex((line) => line.startsWith('09104-01'));
    const { code, out, err } = await tally(here('import', ELECTION, '-'), {
      env,
      stdin: [lines[0], lines[own], lines[foreign]].join('\n'),
    });
    expect([code, out]).toEqual([1, 'accepted 1, held 0, unchanged 0, conflict 0, refused 1\n']);
    expect(err).toContain('clerk for 09101');
    expect((await tally(here('replay', ELECTION), { env })).code).toBe(1);
    expect((await tally(here('token', 'revoke', id))).code).toBe(0);
    expect((await tally(here('fingerprint', ELECTION), { env })).code).toBe(1);
    expect((await tally(here('token', 'revoke', 'nobody'))).code).toBe(1);
    expect((await tally(here('token', 'add', '--role', 'clerk', '--unit', '9101'))).err).toContain(
      'did you mean 09101',
    );
  });

  test('receipts: one for each sheet that an import took in, without a server', async () => {
    const [header, row] = rehearsal.csvOf(31).split('\n');
    const file = join(rehearsal.folder, 'receipts.ndjson');
    const stdin = `${header}\n${row}\n`;
    const run = () => tally(here('import', ELECTION, '-', '--receipts', file), { stdin });
    expect((await run()).out).toContain('accepted 1, ');
    const { receipt, ...told } = JSON.parse(await readFile(file, 'utf8'));
    expect(told).toEqual({ file: '-', line: 2, id: expect.any(String), station: '09101-01', contest: 'na-1' });
    expect(receipt).toMatchObject({ election: ELECTION, id: expect.stringMatching(/^\d+-\d+-\w{4}-\w{4}$/) });
    const folder = join(rehearsal.folder, 'with receipts');
    expect((await tally(here('export', ELECTION, folder))).code).toBe(0);
    const verified = await tally(['verify', folder, '--receipt', file]);
    expect(verified.out).toContain(
      `The event of the receipt ${receipt.id} (${file}) is in the log, at ${receipt.attempt}.`,
    );
    expect((await run()).out).toContain('unchanged 1, ');
    expect(await readFile(file, 'utf8')).toBe('');
  });

  test('devices: enrolled by key or file, listed, revoked with a reason', async () => {
    await mustManageDevices((...argv) => tally(here(...argv)), rehearsal.folder);
  });

  test('double entry: awaiting and disputed are counted; the second entry comes from another account', async () => {
    const twice = join(rehearsal.folder, 'twice');
    await mkdir(twice);
    for (const file of ['units.csv', 'contests.csv', 'candidates.csv', 'electorates.csv'])
      await copyFile(join(rehearsal.pack, file), join(twice, file));
    const definition = JSON.parse(await readFile(join(rehearsal.pack, 'election.json'), 'utf8'));
    await writeFile(
      join(twice, 'election.json'),
      JSON.stringify({ ...definition, id: 'twice-rehearsal', entry: 'double' }),
    );
    expect((await tally(here('open', twice))).code).toBe(0);
    const first = await tally(here('import', 'twice-rehearsal', rehearsal.sheets));
    expect(first.out).toBe(
      `accepted 0, held 0, unchanged 0, conflict 0, refused 0, awaiting ${rehearsal.count}, disputed 0\n`,
    );
    const added = await tally(here('token', 'add', '--role', 'clerk', '--unit', '09', '--election', 'twice-rehearsal'));
    const second = await tally(here('import', 'twice-rehearsal', rehearsal.sheets), {
      env: { TALLY_TOKEN: added.out.trim() },
    });
    expect(second.out).toBe(
      `accepted ${rehearsal.count}, held 0, unchanged 0, conflict 0, refused 0, awaiting 0, disputed 0\n`,
    );
  });
});
