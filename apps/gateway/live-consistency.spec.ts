import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../standalone/testing/town.ts';
import { LiveClient } from './testing.ts';

let town: Town;
beforeAll(async () => {
  town = await Town.open({ shards: 3 });
});
afterAll(() => town.close());

const STATIONS = ['s-1', 's-2', 's-3', 's-4'] as const;
const revisions = new Map<string, number>(STATIONS.map((station) => [station, 0]));

async function submitNext(station: string, n: number): Promise<void> {
  const revision = revisions.get(station)!;
  const more = { expectedRevision: revision, ...(revision > 0 && { reason: `n ${n}` }) };
  const { status } = await town.submit(sheetOf(station, { 1: (n * 7919) % 800, 2: (n * 104_729) % 800 }, more));
  expect(status).toBe(201);
  revisions.set(station, revision + 1);
}

async function expectEqual(client: LiveClient, query: string): Promise<void> {
  const { text } = await town.get(`results.csv?${query}`);
  const expected = Object.fromEntries(
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => [line.slice(0, line.lastIndexOf(',')), Number(line.slice(line.lastIndexOf(',') + 1))]),
  );
  const isThere = (): boolean =>
    JSON.stringify(Object.fromEntries([...client.rows].sort())) ===
    JSON.stringify(Object.fromEntries(Object.entries(expected).sort()));
  const seen = client.positions.length;
  await client.until(() => isThere() || client.positions.length > seen + 1);
  expect(Object.fromEntries(client.rows)).toEqual(expected);
}

describe('while sheets arrive in all shards at once', () => {
  it('lets clients join at any moment, and none of them misses or mixes anything', async () => {
    const wishes = [
      { wish: { unit: 'r', track: 'provisional' as const, children: true }, query: 'unit=r&depth=1&track=provisional' },
      {
        wish: { unit: 'r', track: 'provisional' as const, contest: 'mayor' },
        query: 'unit=r&depth=0&track=provisional&contest=mayor',
      },
      {
        wish: { unit: 'c-2', track: 'provisional' as const, children: true },
        query: 'unit=c-2&depth=1&track=provisional',
      },
      { wish: { unit: 's-3', track: 'all' as const }, query: 'unit=s-3&depth=0&track=all' },
    ];
    let isOver = false;
    const writing = Promise.all(
      STATIONS.map(async (station) => {
        for (let n = 0; n < 120; n += 1) await submitNext(station, n);
      }),
    ).then(() => {
      isOver = true;
    });
    const joined: { client: LiveClient; query: string }[] = [];
    while (!isOver && joined.length < 60) {
      const { wish, query } = wishes[joined.length % wishes.length]!;
      const client = await LiveClient.connect(town.server.url);
      expect((await client.watch({ election: town.election, ...wish })).error).toBeUndefined();
      joined.push({ client, query });
    }
    await writing;
    expect(joined.length).toBeGreaterThan(10);
    for (const { client, query } of joined) {
      await expectEqual(client, query);
      expect(client.refetched).toBe(0);
    }
    for (const { client } of joined) client.close();
  });

  it('goes on after a replay has put another model in place', async () => {
    const client = await LiveClient.connect(town.server.url);
    await client.watch({ election: town.election, unit: 'r', track: 'provisional', children: true });
    await submitNext('s-1', 5);
    const replayed = await town.post('replay', 'manager', { switch: true });
    expect(replayed.text).toContain('"switched":true');
    for (const station of STATIONS) await submitNext(station, 7);
    await expectEqual(client, 'unit=r&depth=1&track=provisional');
    client.close();
  });

  it('forgets a room when the last one leaves, and opens it anew', async () => {
    const client = await LiveClient.connect(town.server.url);
    const wish = { election: town.election, unit: 'c-1', track: 'verified' as const };
    await client.watch(wish);
    expect(await client.ask('unwatch', wish)).toEqual({ ok: true });
    await submitNext('s-1', 9);
    await town.act('s-1', 'mayor', 'verify', 'verifier');
    expect(client.messages).toEqual([]);
    await client.watch(wish);
    await expectEqual(client, 'unit=c-1&depth=0&track=verified');
    client.close();
  });

  it('cuts off who was revoked', async () => {
    const { account, token } = await town.installation.accounts.add({ role: 'observer', unit: null });
    await town.installation.accounts.revoke(account.id);
    await expect(LiveClient.connect(town.server.url, token)).rejects.toThrow();
  });
});
