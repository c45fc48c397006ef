/**
 * Georgia 2013 over HTTP while the server is killed with -9 and started again at random instants: nothing acknowledged
 * is lost, nothing counts twice, and the fingerprint is that of a quiet import. Then it dies in the middle of a replay.
 *
 * The long night, which prints what happened (after `npm run build`):
 * `TALLY_KILLS=25 TALLY_SEED=1 NODE_OPTIONS=--experimental-vm-modules npx jest test/e2e/kill`.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { verified } from '../faults/verified.ts';
import { ElectionClient } from '../services/election-client.ts';
import { GEORGIA, Georgia } from '../services/georgia.ts';
import { histories, missingFrom } from '../services/ledger.ts';
import { type Ran, runTally } from '../services/tally-command.ts';
import { TallyServer } from '../services/tally-server.ts';
import { Storm } from './storm.ts';

const KILLS = Number(process.env.TALLY_KILLS ?? 6);
const SEED = Number(process.env.TALLY_SEED ?? 2013);
const CLIENTS = 20;
/** Clients that share an account, and so the ids of a file. */
const SHARING = 10;

const georgia = new Georgia();
const data = join(georgia.folder, 'stormy');
let server: TallyServer | undefined;
let client: ElectionClient;
/** Of a quiet import. */
let print: string;

afterAll(async () => {
  await server?.stop();
  georgia.remove();
});

it(`loses nothing and doubles nothing in ${KILLS} deaths of the server under ${CLIENTS} clients`, async () => {
  const quiet = join(georgia.folder, 'quiet');
  expect((await runTally(['--data', quiet, 'open', georgia.pack])).code).toBe(0);
  expect((await runTally(['--data', quiet, 'import', GEORGIA.election, georgia.file])).code).toBe(0);
  print = (await runTally(['--data', quiet, 'fingerprint', GEORGIA.election])).out.trim();

  server = await TallyServer.start({ data });
  const opened = { election: GEORGIA.election, folder: georgia.pack, root: GEORGIA.root };
  client = await ElectionClient.open(server.url, server.token!, opened, ['clerk', 'observer']);
  const tokens = [];
  for (let i = 0; i < CLIENTS; i += 1)
    tokens.push(
      i < SHARING
        ? client.tokens.clerk!
        : (await client.ask('POST', 'tokens', 'manager', { role: 'clerk', unit: GEORGIA.root })).json.token,
    );
  const sheets = georgia.sheets();
  const storm = new Storm({ data, server, tokens, election: GEORGIA.election, sheets, kills: KILLS, seed: SEED });
  const report = await storm.run().finally(() => {
    server = storm.server;
  });

  expect(report.counts.kills).toBe(KILLS);
  expect(report.contradictions).toEqual([]);
  const known = await histories(client, sheets);
  expect(missingFrom(known, report.acknowledged)).toEqual([]);
  expect(missingFrom(known, [{ ...report.acknowledged[0]!, attempt: '0:0' }])).toHaveLength(1);
  const accepted = [...known.values()].map(
    (attempts) => attempts.filter(({ outcome }) => outcome === 'accepted').length,
  );
  expect(accepted.filter((count) => count !== 1)).toEqual([]);
  const { progress } = (await client.results(GEORGIA.root, GEORGIA.contest)).nodes[0];
  expect(progress).toMatchObject({ stations: GEORGIA.sheets, received: GEORGIA.sheets, counted: GEORGIA.sheets });
  const fingerprint = async (): Promise<string> => (await client.ask('GET', 'fingerprint')).json.fingerprint;
  expect(await fingerprint()).toBe(print);
  const receipts = report.acknowledged.filter(({ receipt }) => receipt !== undefined);
  expect(receipts.length).toBeGreaterThan(KILLS);
  expect(await verified(client.url, GEORGIA.election, client.tokens.observer!, receipts)).toEqual([]);
  const attempts = [...known.values()].reduce((sum, list) => sum + list.length, 0);
  if (process.env.TALLY_KILLS !== undefined)
    process.stdout.write(
      `${JSON.stringify({ seed: SEED, clients: CLIENTS, ...report.counts, attempts, seconds: report.seconds, print }, null, 1)}\n`,
    );
}, 600_000);

it('keeps its figures when it is killed in the middle of a replay, clears that away, and replays anew', async () => {
  const versions = (): Promise<string[]> => readdir(join(data, 'model', GEORGIA.election));
  const [live] = await versions();
  const { done, total } = await client.replay(() => server!.kill());
  expect(done).toBeLessThan(total!);
  expect(await versions()).toHaveLength(2);

  server = await TallyServer.start({ data, port: server!.port });
  expect(await versions()).toEqual([live]);
  expect((await client.ask('GET', 'replay', 'manager')).json).toMatchObject({
    stage: 'failed',
    problem: 'interrupted',
  });
  expect((await client.ask('GET', 'fingerprint')).json.fingerprint).toBe(print);
  const again = (...where: string[]): Promise<Ran> =>
    runTally([...where, 'replay', GEORGIA.election], { env: { TALLY_TOKEN: client.tokens.manager! } });
  const byServer = await again('--url', client.url);
  await server.stop();
  for (const { code, out } of [byServer, await again('--data', data)]) {
    expect([code, out.split(print).length]).toEqual([0, 3]);
    expect(out).toContain('different 0');
  }
}, 60_000);
