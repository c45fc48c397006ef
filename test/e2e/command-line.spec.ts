/** Georgia 2013 through the command line as users run it: the real binary, embedded and against a running server. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../services/checkout.ts';
import { GEORGIA, Georgia } from '../services/georgia.ts';
import { type Ran, runTally } from '../services/tally-command.ts';
import { TallyServer } from '../services/tally-server.ts';

const E = GEORGIA.election;
const ALL = ['results', E, '--depth', 'all', '--format', 'csv'];
const georgia = new Georgia();
const expected = georgia.expectedCsv();
const print = sha256(expected);
const summary = (accepted: number, unchanged: number): string =>
  `accepted ${accepted}, held 0, unchanged ${unchanged}, conflict 0, refused 0\n`;
const done = (out: string): Ran => ({ code: 0, out, err: '' });

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function countRules(csv: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of csv.trimEnd().split('\n').slice(1)) {
    const rule = line.split(',')[4]!;
    counts[rule] = (counts[rule] ?? 0) + 1;
  }
  return counts;
}

const RULES = {
  'ballots.fewer-than-signed': 424,
  'ballots.more-than-signed': 4,
  'voters.more-than-listed': 1,
  'ballots.received-too-few': 2,
};

/** A file with the first precinct of the first district recounted: candidate 41 has ten votes more. */
function recountFile(): string {
  const { header, lines } = georgia.lines();
  const columns = header.split(',');
  const cells = lines.find((line) => line.startsWith('1-1,'))!.split(',');
  const at = columns.indexOf('votes.41');
  cells[at] = String(Number(cells[at]) + 10);
  const file = join(georgia.folder, 'recount.csv');
  writeFileSync(file, `${header},cause,reason\n${cells.join(',')},recount,counted again\n`);
  return file;
}

afterAll(() => georgia.remove());

describe('Georgia 2013 in a data folder', () => {
  const data = join(georgia.folder, 'embedded');
  const tally = (...argv: string[]): Promise<Ran> => runTally(['--data', data, ...argv]);

  it('checks and opens the package; opening it again changes nothing', async () => {
    const checked = await tally('check', georgia.pack);
    expect([checked.code, checked.err]).toEqual([0, '']);
    expect(checked.out).toContain('3794 units, 3707 stations, 1 contests, 23 candidates, 4 rules');
    expect(existsSync(data)).toBe(false);
    const wanting = await tally('check', 'no-such-folder');
    expect([wanting.code, wanting.out]).toEqual([1, expect.stringContaining('no-such-folder: ')]);
    expect((await tally('open', georgia.pack)).out).toMatch(/^opened georgia-2013: 3794 units/);
    const again = await tally('open', georgia.pack);
    expect([again.code, again.out.includes('open already')]).toEqual([0, true]);
    const other = new Georgia({ shards: 1 });
    const refused = await tally('open', other.pack);
    expect([refused.code, refused.out]).toEqual([1, '']);
    other.remove();
  });

  it('imports all 3,707 protocols, and none of them twice', async () => {
    expect(await tally('import', E, georgia.file)).toEqual(done(summary(3_707, 0)));
    expect(await tally('import', E, georgia.file)).toEqual(done(summary(0, 3_707)));
  });

  it('prints totals of every unit that a plain addition gives, to the byte; their hash is the fingerprint', async () => {
    const { code, out, err } = await tally(...ALL);
    expect([code, err, sha256(out)]).toEqual([0, '', print]);
    expect(out === expected).toBe(true);
    expect(await tally('fingerprint', E)).toEqual(done(`${print}\n`));
    expect(await tally('fingerprint', E, '--contest', GEORGIA.contest)).toEqual(done(`${print}\n`));
  });

  it('gives candidate 41 62.0875 % of the signatures less invalid, in table, csv and json', async () => {
    const table = await tally('results', E);
    expect(table.out).toMatch(/^41 +1012569 +62\.09 +Giorgi Margvelashvili$/m);
    const { out } = await tally('results', E, '--format', 'csv');
    const value = (key: string): bigint =>
      BigInt(new RegExp(`^GE,president,provisional,${key},(\\d+)$`, 'm').exec(out)![1]!);
    const whole = value('field.signed') - value('field.invalid');
    expect((2n * 1_000_000n * value('votes.41') + whole) / (2n * whole)).toBe(620_875n);
    const { nodes, position, asOf } = JSON.parse((await tally('results', E, '--format', 'json')).out);
    expect(nodes).toHaveLength(1);
    expect(nodes[0]).toMatchObject({
      unit: 'GE',
      contest: 'president',
      progress: { stations: 3_707, received: 3_707, counted: 3_707, verified: 0, held: 0 },
      tracks: { provisional: { votes: { 41: 1_012_569 }, shareOf: 1_630_875 } },
    });
    expect(nodes[0].tracks.verified).toBeUndefined();
    expect(position).toMatch(/^0:\d+,1:\d+,2:\d+,3:\d+$/);
    expect(Date.now() - Date.parse(asOf)).toBeLessThan(600_000);
  });

  it('narrows results by unit, depth, level and track', async () => {
    const rows = async (...argv: string[]): Promise<string[]> => {
      const { code, out } = await tally('results', E, '--format', 'csv', ...argv);
      expect(code).toBe(0);
      return [
        ...new Set(
          out
            .trimEnd()
            .split('\n')
            .slice(1)
            .map((line) => line.split(',')[0]!),
        ),
      ];
    };
    expect(await rows('--unit', 'TB')).toEqual(['TB']);
    expect(await rows('--depth', '1')).toHaveLength(13);
    expect(await rows('--depth', 'all', '--level', 'district')).toHaveLength(74);
    expect(await rows('--unit', 'D1', '--depth', '1')).toHaveLength(40);
    const { out } = await tally('results', E, '--format', 'csv', '--track', 'verified');
    expect(out.split('\n').filter((line) => !line.includes(',,progress.'))).toEqual([
      'unit,contest,track,key,value',
      '',
    ]);
  });

  it('fires the four rules as often as the data breaks them', async () => {
    expect(countRules((await tally('findings', E, '--format', 'csv')).out)).toEqual(RULES);
    const one = await tally('findings', E, '--format', 'csv', '--rule', 'ballots.received-too-few', '--unit', 'GE');
    expect(countRules(one.out)).toEqual({ 'ballots.received-too-few': 2 });
  });

  it('rebuilds without a difference, and goes on with what was rebuilt', async () => {
    const { code, out, err } = await tally('replay', E);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('nodes compared 3794, different 0\n');
    expect(out.split(print)).toHaveLength(3);
    expect((await tally('replay', E, '--switch')).code).toBe(0);
    expect((await tally('fingerprint', E)).out).toBe(`${print}\n`);
  });

  it('keeps every revision: history, lineage, and results as they were', async () => {
    const before = JSON.parse((await tally('results', E, '--json')).out);
    expect((await tally('import', E, recountFile())).out).toBe(summary(1, 0));
    expect((await tally('fingerprint', E)).out).not.toBe(`${print}\n`);

    const history = JSON.parse((await tally('history', E, '1-1', 'president', '--json')).out);
    const attempts = (history.sheets ?? [history])[0].attempts;
    expect(attempts).toMatchObject([
      { outcome: 'accepted', revision: 1, reason: 'import sheets.csv' },
      {
        outcome: 'accepted',
        revision: 2,
        cause: 'recount',
        reason: 'counted again',
        changed: [{ key: 'votes.41', before: 444, after: 454 }],
      },
    ]);
    const text = await tally('history', E, '1-1');
    expect(text.out).toContain('votes.41 444 → 454');

    const lineage = JSON.parse((await tally('lineage', E, 'D1', 'president', 'votes.41', '--json')).out);
    const sum = lineage.sheets.reduce(
      (total: number, { votes }: { votes: Record<string, number> }) => total + votes['41']!,
      0,
    );
    expect([lineage.sheets.length, sum, lineage.total.votes['41']]).toEqual([39, 18_386, 18_386]);
    expect(lineage.sheets.find(({ station }: { station: string }) => station === '1-1')).toMatchObject({
      corrections: 1,
    });

    for (const at of [before.position, before.asOf]) {
      const { code, out } = await tally(...ALL, '--at', at);
      expect([code, sha256(out)]).toEqual([0, print]);
    }
    const start = await tally('results', E, '--format', 'csv', '--at', '0:1,1:1,2:1,3:1');
    expect(start.out).toContain('GE,president,,progress.received,0\n');
    expect(start.out).not.toContain('votes.');
  });

  it.each([
    [[], 2, /Usage/],
    [['results'], 2, /missing required argument/],
    [['bogus'], 2, /unknown command/],
    [['results', E, '--depth', 'some'], 2, /depth/],
    [['results', E, '--format', 'xml'], 2, /format/],
    [['results', E, '--data', 'a', '--url', 'http://127.0.0.1:1'], 2, /not both/],
    [['results', 'georgia-2014'], 1, /georgia-2013/],
    [['results', E, '--unit', 'D99'], 1, /D99/],
    [['import', E, 'no-such-file.csv'], 1, /no-such-file/],
    [['fingerprint', E, '--url', 'http://127.0.0.1:1'], 3, /127\.0\.0\.1:1/],
  ])('%j ends with %d and says why', async (argv, code, words) => {
    const given = argv.includes('--url') ? argv : ['--data', data, ...argv];
    const ran = await runTally(given);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.err).toMatch(words);
    expect(ran.err).not.toMatch(/^ +at .*\.js/m);
  });

  it('tells who owns a folder, and where to go instead', async () => {
    const server = await TallyServer.start({ data });
    for (const argv of [
      ['results', E],
      ['import', E, georgia.file],
    ]) {
      const { code, out, err } = await tally(...argv);
      expect([code, out]).toEqual([3, '']);
      expect(err).toContain(`--url ${server.url}`);
      expect(err).toContain(String(server.pid));
      expect(err).toContain('tally-server');
    }
    await server.stop();
    expect((await tally('fingerprint', E)).code).toBe(0);
  });

  it('loses and doubles nothing when an import is killed and run again', async () => {
    const folder = join(georgia.folder, 'killed');
    expect((await runTally(['--data', folder, 'open', georgia.pack])).code).toBe(0);
    for (const ms of [250, 330, 410, 490, 570]) {
      const argv = [join(root, 'apps/cli/tally.mjs'), '--data', folder, 'import', E, georgia.file];
      const child = spawn(process.execPath, argv, { stdio: 'ignore' });
      const timer = setTimeout(() => child.kill('SIGKILL'), ms);
      await once(child, 'exit');
      clearTimeout(timer);
    }
    const { code, out } = await runTally(['--data', folder, 'import', E, georgia.file]);
    const [, accepted, unchanged] = /^accepted (\d+), held 0, unchanged (\d+), conflict 0, refused 0\n$/.exec(out)!;
    expect([code, Number(accepted) + Number(unchanged)]).toEqual([0, 3_707]);
    expect(await runTally(['--data', folder, 'fingerprint', E])).toEqual(done(`${print}\n`));
  });
});

describe('Georgia 2013 at a running server', () => {
  const tokens: Record<string, string> = {};
  let server: TallyServer;

  /** A command at the server, as an account of a role. */
  function as(role: string, ...argv: string[]): Promise<Ran> {
    const token = tokens[role];
    return runTally(['--url', server.url, ...argv], { env: token ? { TALLY_TOKEN: token } : {} });
  }

  beforeAll(async () => {
    server = await TallyServer.start({ data: join(georgia.folder, 'server') });
    tokens.manager = server.token!;
  });

  afterAll(() => server.stop());

  it('opens with a manager’s token, makes accounts, and refuses who has none', async () => {
    expect((await as('nobody', 'open', georgia.pack)).code).toBe(1);
    expect((await as('manager', 'open', georgia.pack)).out).toMatch(/^opened georgia-2013/);
    for (const role of ['clerk', 'observer', 'certifier']) {
      const { code, out, err } = await as('manager', 'token', 'add', '--role', role, '--unit', 'GE', '--election', E);
      expect([code, err.includes('tally_')]).toEqual([0, false]);
      tokens[role] = out.trim();
    }
    tokens.wrong = 'tally_wrong';
    for (const role of ['nobody', 'wrong', 'observer', 'manager']) {
      const { code, out, err } = await as(role, 'import', E, georgia.file);
      expect([role, code, out, err === '']).toEqual([role, 1, '', false]);
    }
  });

  it('imports, imports again, and gives the same results, fingerprint and findings', async () => {
    expect(await as('clerk', 'import', E, georgia.file)).toEqual(done(summary(3_707, 0)));
    expect(await as('clerk', 'import', E, georgia.file)).toEqual(done(summary(0, 3_707)));
    for (const role of ['observer', 'nobody']) {
      const { code, out } = await as(role, ...ALL);
      expect([role, code, sha256(out)]).toEqual([role, 0, print]);
    }
    expect(await as('observer', 'fingerprint', E)).toEqual(done(`${print}\n`));
    expect(countRules((await as('observer', 'findings', E, '--format', 'csv')).out)).toEqual(RULES);
    const file = await fetch(`${server.url}/api/v1/elections/${E}/results.csv`);
    expect(sha256(await file.text())).toBe(print);
  });

  it('replays, shows history and lineage, looks back, and certifies what has this fingerprint', async () => {
    const replay = await as('manager', 'replay', E);
    expect([replay.code, replay.out.split('\n')[0]]).toEqual([0, 'nodes compared 3794, different 0']);
    const before = JSON.parse((await as('observer', 'results', E, '--json')).out);
    expect((await as('clerk', 'import', E, recountFile())).out).toBe(summary(1, 0));
    expect((await as('observer', 'history', E, '1-1')).out).toContain('votes.41 444 → 454');
    const lineage = await as('observer', 'lineage', E, 'D1', 'president', 'votes.41');
    expect(lineage.out).toContain('votes.41 = 18386');
    expect(sha256((await as('observer', ...ALL, '--at', before.position)).out)).toBe(print);
    const certify = ['certify', E, 'president', '--reason', 'Session of the board', '--fingerprint'];
    const wrong = await as('certifier', ...certify, print);
    expect([wrong.code, wrong.out]).toEqual([1, '']);
    const now = (await as('observer', 'fingerprint', E, '--contest', 'president')).out.trim();
    expect(now).not.toBe(print);
    expect((await as('certifier', ...certify, now)).code).toBe(0);
  });
});
