/**
 * Georgia 2013 through a cluster of real processes over a real broker and a real MongoDB-wire server: two apis, two
 * projectors of which one is killed on the way, two gateways of which one is killed under its watcher.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openChain, parseVerifier, splitKeys } from '#transparency';
import { LiveClient, parse } from '../../apps/gateway/testing.ts';
import { until } from '../kit/models.ts';
import { randomFrom, shuffled } from '../kit/random.ts';
import { ElectionClient } from '../services/election-client.ts';
import { GEORGIA, Georgia, type Sheet } from '../services/georgia.ts';
import { TallyCluster } from '../services/tally-cluster.ts';
import { type Ran, runTally } from '../services/tally-command.ts';
import type { TallyProcess } from '../services/tally-process.ts';
import { TcpProxy } from '../services/tcp-proxy.ts';

const MINUTE = 60_000;

let keys: string;
let cluster: TallyCluster;
beforeAll(async () => {
  keys = await mkdtemp(join(tmpdir(), 'tally-cluster-keys-'));
  cluster = await TallyCluster.start({ apis: 2, projectors: 2, gateways: 2, env: { TALLY_KEYS: keys } });
}, 2 * MINUTE);
afterAll(async () => {
  await cluster?.stop();
  await rm(keys, { recursive: true });
});

/** The fingerprint of a quiet import into a data folder. */
async function quietFingerprint(georgia: Georgia): Promise<string> {
  const data = join(georgia.folder, 'quiet');
  await mustRun(['--data', data, 'open', georgia.pack]);
  await mustRun(['--data', data, 'import', GEORGIA.election, georgia.file]);
  return (await mustRun(['--data', data, 'fingerprint', GEORGIA.election])).out.trim();
}

async function mustRun(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const ran = await runTally(argv, { env });
  if (ran.code !== 0) throw new Error(`tally ${argv.join(' ')} ended with ${ran.code}: ${ran.err}${ran.out}`);
  return ran;
}

/** Sends sheets as batches, each to the next api; resolves with how often each outcome was told. */
async function sendBatches(
  urls: readonly string[],
  token: string,
  election: string,
  sheets: readonly (Sheet & { readonly id: string })[],
  size: number,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let from = 0; from < sheets.length; from += size) {
    const url = urls[(from / size) % urls.length]!;
    const response = await fetch(`${url}/api/v1/elections/${election}/sheets:batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: sheets
        .slice(from, from + size)
        .map((sheet) => `${JSON.stringify(sheet)}\n`)
        .join(''),
    });
    const lines = (await response.text()).trimEnd().split('\n');
    if (response.status !== 200) throw new Error(`${response.status}: ${lines[0]}`);
    for (const line of lines) {
      const { outcome } = JSON.parse(line) as { outcome: string };
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
  }
  return counts;
}

function withIds(sheets: readonly Sheet[], seed: number): (Sheet & { readonly id: string })[] {
  const hex = (i: number): string => String(seed * 1_000_000 + i).padStart(12, '0');
  return sheets.map((sheet, i) => ({ ...sheet, id: `00000000-0000-4000-8000-${hex(i)}`, expectedRevision: 0 }));
}

describe.each([1, 4])('Georgia 2013 in %i shards through a cluster', (shards) => {
  const georgia = new Georgia({ shards });
  const election = `${GEORGIA.election}-${shards}`;
  let print: string;
  let client: ElectionClient;
  afterAll(() => georgia.remove());

  beforeAll(async () => {
    print = await quietFingerprint(georgia);
    georgia.rename(election);
    const opened = { election, folder: georgia.pack, root: GEORGIA.root };
    client = await ElectionClient.open(cluster.apis[0]!.url, cluster.token, opened, ['clerk', 'observer']);
  }, MINUTE);

  it(
    'gives the fingerprint of the embedded system, though a projector is killed while it rebuilds and a gateway dies under its watcher',
    async () => {
      const [first, second] = cluster.gateways;
      const watching = await LiveClient.connect(first!.url);
      const wish = { election, unit: GEORGIA.root, contest: GEORGIA.contest, track: 'provisional' as const };
      expect((await watching.watch(wish)).error).toBeUndefined();
      const sheets = withIds(shuffled(georgia.sheets(), randomFrom(shards)), shards);
      const half = Math.floor(sheets.length / 2);
      const urls = cluster.apis.map(({ url }) => url);
      expect(await sendBatches(urls, client.tokens.clerk!, election, sheets.slice(0, half), 250)).toEqual({
        accepted: half,
      });

      const victim = cluster.projectors[shards % 2]!;
      const rest = sendBatches(urls, client.tokens.clerk!, election, sheets.slice(half), 250);
      const replay = client.replay(() => victim.kill());
      await first!.kill();
      const held = [...watching.position];
      const moved = await LiveClient.connect(second!.url);
      const position = held.map((offset, shard) => `${shard}:${offset}`).join(',');
      const snapshot = await moved.watch({ ...wish, position });
      expect(parse(snapshot.position).every((offset, shard) => offset >= held[shard]!)).toBe(true);

      // While nobody works on a shard its sheets are in the log, and not counted yet.
      const { accepted = 0, pending = 0, ...others } = await rest;
      expect([accepted + pending, others]).toEqual([sheets.length - half, {}]);
      const received = `${GEORGIA.root},${GEORGIA.contest},,progress.received`;
      await moved.until(() => moved.rows.get(received) === sheets.length);
      // What was sent may be sent again, to whichever api: it is told where it lies already.
      const again = await sendBatches(urls, client.tokens.clerk!, election, sheets.slice(0, 500), 250);
      expect(again).toEqual({ unchanged: 500 });
      moved.close();
      watching.close();
      // Others carried on with what the dead one was rebuilding.
      expect((await replay).report).toMatchObject({ different: 0, switched: false });
      await Promise.all([victim.start(), first!.start()]);
      const { json } = await client.ask('GET', 'fingerprint', 'observer');
      expect(json.fingerprint).toBe(print);
    },
    3 * MINUTE,
  );

  // What follows does not depend on the number of shards.
  if (shards === 1) return;

  it(
    'is the same to the command line, by an api and straight from the stores',
    async () => {
      const byUrl = await mustRun(['--url', cluster.apis[1]!.url, 'fingerprint', election], {
        TALLY_TOKEN: client.tokens.observer!,
      });
      const byStores = await mustRun(['fingerprint', election], cluster.env);
      expect([byUrl.out.trim(), byStores.out.trim()]).toEqual([print, print]);
      const again = await mustRun(['--json', 'import', election, georgia.file], cluster.env);
      expect(JSON.parse(again.out)).toMatchObject({ unchanged: GEORGIA.sheets });
    },
    2 * MINUTE,
  );

  it('has its key rotated once, however many of its apis are told to at once', async () => {
    const path = `/api/v1/elections/${election}/log/key`;
    const keyAt = async ({ url }: TallyProcess): Promise<string> => (await fetch(url + path)).text();
    const { key } = splitKeys(await keyAt(cluster.apis[0]!));
    const headers = { authorization: `Bearer ${cluster.token}`, 'content-type': 'application/json' };
    const rotating = [...cluster.apis, ...cluster.apis, ...cluster.apis].map(async ({ url }) => {
      const answer = await fetch(`${url}${path}/rotate`, { method: 'POST', headers, body: JSON.stringify({ key }) });
      return { status: answer.status, text: await answer.text() };
    });
    const answers = await Promise.all(rotating);
    const rotated = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    const [now] = new Set(rotated.map(({ text }) => text));
    expect(rotated.map(({ text }) => text)).toEqual(rotated.map(() => now));
    for (const { status, text } of refused)
      expect({ status, ...JSON.parse(text) }).toMatchObject({ status: 409, code: 'other-key' });
    const { key: next, rotations } = splitKeys(now!);
    const opened = openChain(parseVerifier(next)!, rotations);
    expect(opened).toMatchObject({ ok: true, chain: [parseVerifier(key), parseVerifier(next)] });
    // An api notices within a second that another one has rotated it.
    await until(async () => (await Promise.all(cluster.apis.map(keyAt))).every((text) => text === now));
  });

  it('signs a browser in at one api, is read with it by another at the same address, and is left at both', async () => {
    const [first, second] = cluster.apis;
    const front = await TcpProxy.start();
    const page = (
      api: TallyProcess,
      method: string,
      path: string,
      cookie: string,
      body?: object,
    ): Promise<Response> => {
      front.leadTo(api.port);
      return fetch(`http://${front.address}/api/v1/${path}`, {
        method,
        headers: { origin: `http://${front.address}`, connection: 'close', cookie, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    };
    const read = (api: TallyProcess, cookie: string): Promise<Response> =>
      page(api, 'GET', `elections/${election}/operation`, cookie);
    const signedIn = await page(first!, 'POST', 'session', '', { token: client.tokens.observer });
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    for (const api of [second!, first!]) {
      expect((await read(api, '')).status).toBe(401);
      expect((await read(api, cookie)).status).toBe(200);
    }
    expect((await page(second!, 'DELETE', 'session', cookie)).status).toBe(204);
    expect((await read(second!, cookie)).status).toBe(401);
    // Another api believes it for two seconds more.
    await until(async () => (await read(first!, cookie)).status === 401);
    await front.stop();
  });

  it(
    'is exported straight from the stores, and verified without them',
    async () => {
      const folder = join(georgia.folder, 'export');
      await mustRun(['export', election, folder], cluster.env);
      const { out } = await mustRun(['--json', 'verify', folder]);
      expect(JSON.parse(out)).toMatchObject({ election, faults: [], counted: { fingerprint: print } });
      const { TALLY_KEYS: _, ...env } = cluster.env;
      const unnamed = await runTally(['export', election, folder], { env });
      expect(unnamed).toMatchObject({ code: 2, err: expect.stringContaining('TALLY_KEYS') });
    },
    MINUTE,
  );

  it(
    'is replayed, compared and switched while sheets arrive',
    async () => {
      const isOver = new AbortController();
      const sheets = shuffled(georgia.sheets(), randomFrom(9));
      const arriving = (async () => {
        let sent = 0;
        for (const { votes, ...sheet } of sheets) {
          if (isOver.signal.aborted) break;
          const correction = { expectedRevision: 1, reason: 'counted again', cause: 'recount' };
          await client.submit({ ...sheet, votes: { ...votes, 41: votes['41']! + 1 }, ...correction });
          sent += 1;
        }
        return sent;
      })();
      const env = { TALLY_TOKEN: cluster.token };
      const compared = await mustRun(['--url', cluster.apis[0]!.url, '--json', 'replay', election], env);
      const switched = await mustRun(['--json', 'replay', election, '--switch'], cluster.env);
      isOver.abort();
      const sent = await arriving;
      expect(sent).toBeGreaterThan(10);
      expect(JSON.parse(compared.out)).toMatchObject({ different: 0, switched: false });
      expect(JSON.parse(switched.out)).toMatchObject({ different: 0, switched: true });
      const { votes } = (await client.results(GEORGIA.root, GEORGIA.contest)).nodes[0].tracks.provisional;
      const before = georgia.sheets().reduce((sum, sheet) => sum + sheet.votes['41']!, 0);
      expect(votes['41']).toBe(before + sent);
    },
    3 * MINUTE,
  );

  it(
    'freezes what the public sees at every api and gateway while sheets arrive, and goes on once lifted',
    async () => {
      const isOver = new AbortController();
      const arriving = (async () => {
        for (const { votes, ...sheet } of shuffled(georgia.sheets(), randomFrom(10))) {
          if (isOver.signal.aborted) return;
          const place = `sheets/${sheet.station}/${sheet.contest}`;
          const { revision } = (await client.ask('GET', place, 'observer')).json;
          const correction = { expectedRevision: revision, reason: 'counted again', cause: 'recount' };
          await client.submit({ ...sheet, votes: { ...votes, 41: votes['41']! + 2 }, ...correction });
        }
      })();
      const wish = { election, unit: GEORGIA.root, contest: GEORGIA.contest, track: 'provisional' as const };
      try {
        const watchers = await Promise.all(cluster.gateways.map(({ url }) => LiveClient.connect(url)));
        for (const watcher of watchers) expect((await watcher.watch(wish)).error).toBeUndefined();
        for (const watcher of watchers) await watcher.until(() => watcher.messages.length > 1);
        const frozen = JSON.parse(
          (await mustRun(['--json', 'freeze', election, '--reason', 'checked'], cluster.env)).out,
        );
        const at = parse(frozen.position);
        const isBeyond = (text: string): boolean => parse(text).some((offset, shard) => offset > at[shard]!);
        const results = (api: TallyProcess, token: string | undefined) =>
          fetch(`${api.url}/api/v1/elections/${election}/results/${GEORGIA.root}`, {
            headers: token ? { authorization: `Bearer ${token}` } : {},
          }).then(async (answer) => (await answer.json()) as { position: string });
        await until(async () => isBeyond((await results(cluster.apis[0]!, client.tokens.observer)).position));
        for (const api of cluster.apis) expect((await results(api, undefined)).position).toBe(frozen.position);
        for (const watcher of watchers) await watcher.until(() => watcher.positions.at(-1)?.freeze !== undefined);
        expect(watchers.flatMap(({ messages }) => messages.filter(({ to }) => isBeyond(to)))).toEqual([]);
        await mustRun(['--url', cluster.apis[1]!.url, 'lift', election, '--reason', 'right'], {
          TALLY_TOKEN: cluster.token,
        });
        for (const watcher of watchers) await watcher.until(() => isBeyond(watcher.messages.at(-1)!.to));
        for (const watcher of watchers) watcher.close();
      } finally {
        isOver.abort();
        await arriving;
      }
    },
    2 * MINUTE,
  );
});
