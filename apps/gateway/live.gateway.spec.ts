import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { sheetOf, Town } from '../standalone/testing/town.ts';
import { LiveClient } from './testing.ts';

let town: Town;
const clients: LiveClient[] = [];
beforeAll(async () => {
  town = await Town.open();
});
afterAll(async () => {
  for (const client of clients) client.close();
  await town.close();
});

async function connect(token?: string, headers?: Record<string, string>): Promise<LiveClient> {
  const client = await LiveClient.connect(town.server.url, token, headers);
  clients.push(client);
  return client;
}

/** What `GET …/results.csv` says of the units, as rows. */
async function rowsOverHttp(query: string): Promise<ReadonlyMap<string, number>> {
  const { text } = await town.get(`results.csv?${query}`);
  const lines = text.trim().split('\n').slice(1);
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(',')), Number(line.slice(line.lastIndexOf(',') + 1))]),
  );
}

describe('the live feed', () => {
  it('follows 200 updates, corrections included, and holds what HTTP says', async () => {
    const client = await connect();
    const election = town.election;
    expect((await client.watch({ election, unit: 'r', track: 'provisional', children: true })).error).toBeUndefined();
    const stations = ['s-1', 's-2', 's-3', 's-4'];
    for (let n = 0; n < 200; n += 1) {
      const revision = Math.floor(n / 4);
      const more = { expectedRevision: revision, ...(revision > 0 && { reason: 'again' }) };
      const votes = { 1: (n * 7919) % 900, 2: (n * 104_729) % 900 };
      const sent = await town.submit(sheetOf(stations[n % 4]!, votes, more));
      expect(sent.status).toBe(201);
      if (n % 50 === 49) await town.act('s-1', 'mayor', 'verify', 'verifier');
      if (n % 50 === 49) await town.submit(sheetOf('s-1', votes, { expectedRevision: revision + 1 }));
    }
    const rows = await rowsOverHttp('unit=r&depth=1&track=provisional');
    // The last record may change no figure, and then nobody is told of it: its position can not be waited for.
    await client.until(() => isDeepStrictEqual(Object.fromEntries(client.rows), Object.fromEntries(rows)));
    expect(client.refetched).toBe(0);
    expect(client.messages.length).toBeLessThan(200);
  });

  it('tells what is gone: an annulled sheet takes its figures along', async () => {
    const own = await Town.open({ id: 'gone-rehearsal' });
    const client = await LiveClient.connect(own.server.url);
    await own.submit(sheetOf('s-1', { 1: 4, 2: 5 }));
    await client.watch({ election: own.election, unit: 's-1', contest: 'mayor', track: 'provisional' });
    expect(client.rows.get('s-1,mayor,provisional,votes.2')).toBe(5);
    await own.act('s-1', 'mayor', 'annul', 'certifier');
    await client.until(() => !client.rows.has('s-1,mayor,provisional,votes.2'));
    expect(client.rows.get('s-1,mayor,,progress.annulled')).toBe(1);
    client.close();
    await own.close();
  });

  it('answers a wrong wish with a problem and goes on', async () => {
    const client = await connect();
    const { election } = town;
    const wishes: [unknown, string][] = [
      [{ election: 'nowhere', unit: 'r', track: 'provisional' }, 'unknown-election'],
      [{ election, unit: 'zz', track: 'provisional' }, 'unknown-unit'],
      [{ election, unit: 'r', contest: 'zz', track: 'provisional' }, 'unknown-contest'],
      [{ election, unit: 'c-2', contest: 'board', track: 'provisional' }, 'not-in-contest'],
      [{ election, unit: 'r', track: 'rumoured' }, 'invalid'],
      [{ election: 7, unit: ['r'] }, 'invalid'],
      [{ election: '__proto__', unit: 'r' }, 'unknown-election'],
      [null, 'invalid'],
      ['watch', 'invalid'],
      [[[[]]], 'invalid'],
    ];
    for (const [wish, code] of wishes)
      expect(await client.ask('watch', wish)).toMatchObject({ error: { type: `/problems/${code}` } });
    client.socket.emit('watch');
    client.socket.emit('watch', { election, unit: 'r' }, 'no acknowledgement');
    expect(await client.ask('feed', { election, unit: 'r' })).toMatchObject({ error: { status: 401 } });
    expect((await client.watch({ election, unit: 'r', track: 'verified' })).error).toBeUndefined();
  });

  it('gives its position each second, with the lag', async () => {
    const client = await connect();
    await client.watch({ election: town.election, unit: 'r', track: 'provisional' });
    await client.until(() => client.positions.length > 0);
    expect(client.positions[0]).toMatchObject({ election: town.election, lag: { events: 0, ms: 0 } });
  });

  it('feeds observers of an area every attempt, accepted or rejected', async () => {
    const { token } = await town.installation.accounts.add({ role: 'observer', unit: 'c-2' });
    const client = await connect(token);
    const lines: { outcome: string; station: string; rejection?: string }[] = [];
    client.socket.on('attempt', (line) => lines.push(line));
    expect(await client.ask('feed', { election: town.election, unit: 'r' })).toMatchObject({ error: { status: 403 } });
    expect(await client.ask('feed', { election: town.election, unit: 'c-2' })).toMatchObject({ ok: true });
    await town.submit(sheetOf('s-1', { 1: 1, 2: 1 }));
    await town.submit(sheetOf('s-4', { 1: 1, 2: 1 }));
    await client.until(() => lines.length > 0);
    expect(lines).toEqual([
      expect.objectContaining({ station: 's-4', outcome: 'rejected', rejection: 'stale-revision' }),
    ]);
  });

  it('shows a signed-in browser what its account may see, until it is signed out; to other sites, nothing', async () => {
    const { token } = await town.installation.accounts.add({ role: 'observer', unit: null });
    const signedIn = await town.call('POST', '/api/v1/session', { body: { token } });
    const cookie = signedIn.headers.get('set-cookie')!.split(';', 1)[0]!;
    const { origin } = new URL(town.server.url);
    const client = await connect(undefined, { cookie, origin });
    expect(await client.ask('feed', { election: town.election, unit: 'r' })).toMatchObject({ ok: true });
    await expect(connect(undefined, { cookie, origin: 'https://elsewhere.example' })).rejects.toMatchObject({
      data: { code: 'cross-origin' },
    });
    await town.call('DELETE', '/api/v1/session', { headers: { cookie, origin } });
    const later = await connect(undefined, { cookie, origin });
    expect(await later.ask('feed', { election: town.election, unit: 'r' })).toMatchObject({ error: { status: 401 } });
  });

  it('lets nobody in with a wrong token, takes no long message, and bounds what one client watches', async () => {
    const wrong = io(`${town.server.url}/live`, {
      transports: ['websocket'],
      forceNew: true,
      auth: { token: 'tally_wrong' },
    });
    const [error] = (await once(wrong as never, 'connect_error')) as [Error & { data?: unknown }];
    expect(error).toMatchObject({ data: { type: '/problems/bad-token' } });
    wrong.disconnect();
    const long = await connect();
    long.socket.emit('watch', { election: 'x'.repeat(20_000) });
    await once(long.socket as never, 'disconnect');
    const many = await connect();
    const { election } = town;
    const names = ['r', 'c-1', 'c-2', 's-1', 's-2', 's-3', 's-4'].flatMap((unit) =>
      (['provisional', 'verified', 'all'] as const).flatMap((track) =>
        [true, false].flatMap((children) =>
          [undefined, 'mayor', 'board'].map((contest) => ({ unit, track, children, contest })),
        ),
      ),
    );
    const codes: string[] = [];
    for (const name of names) codes.push((await many.ask<object>('watch', { election, ...name })).error?.type ?? 'ok');
    expect(codes.filter((code) => code === 'ok')).toHaveLength(100);
    expect(codes).toContain('/problems/too-many-requests');
  });
});
