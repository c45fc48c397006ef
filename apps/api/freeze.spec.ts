/** While publication is frozen the public sees one position, whatever it asks; accounts see all there is. */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type FreezeLog, Freezes, NO_FREEZES } from '#access';
import { until } from '../../test/kit/models.ts';
import { LiveClient } from '../gateway/testing.ts';
import { sheetOf, Town } from '../standalone/testing/town.ts';
import { CONTROLLERS } from './api.module.ts';
import { routesOf } from './documents/openapi.ts';

let town: Town;
afterEach(() => town.close());

const order = (reason = 'figures are checked') => ({ id: randomUUID(), reason });
const PARAMS: Readonly<Record<string, string>> = { unit: 'r', station: 's-1', contest: 'mayor', shard: '0' };
const EVERYTHING = { election: 'town-rehearsal', unit: 'r', track: 'provisional', children: true } as const;
/** Of the installation, and what names hashes only. */
const OTHERS = /\/(health|metrics|log|receipts|session|publication)|openapi|asyncapi|docs|:event|metrics/;

/** Every address that answers the public with something of the election, found by its routes. */
const ADDRESSES = routesOf(CONTROLLERS)
  .filter(({ method, access, path }) => method === 'GET' && access === 'public' && !OTHERS.test(path))
  .map(({ path }) =>
    path.replace(/:([A-Za-z]+)/g, (_, name: string) => (name === 'election' ? 'town-rehearsal' : PARAMS[name]!)),
  )
  .flatMap((path) =>
    /timeline|lineage/.test(path) ? [`${path}?contest=mayor`, `${path}?contest=mayor&track=all`] : [path],
  )
  .flatMap((path) => (path.endsWith('/findings') ? [path, `${path}?unit=c-1`] : [path]))
  .flatMap((path) =>
    path.endsWith('/r') ? [path, `${path}?depth=all`, `${path}?track=all`, `${path}?body=town`] : [path],
  );

async function answers(role: 'observer' | null): Promise<Record<string, string>> {
  const all = await Promise.all(ADDRESSES.map(async (path) => [path, await town.get(path, role)] as const));
  return Object.fromEntries(all.map(([path, { status, text }]) => [path, `${status} ${text}`]));
}

const withoutFreeze = (told: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(told).map(([path, text]) => [path, text.replace(/"freeze":(null|\{[^}]*\})/, '')]));

async function openWithSheets(options: Parameters<typeof Town.open>[0] = {}): Promise<void> {
  town = await Town.open(options);
  await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
  await town.submit(sheetOf('s-3', { 1: 4, 2: 5 }));
}

async function goOn(): Promise<void> {
  await town.submit(sheetOf('s-2', { 1: 7, 2: 7 }));
  await town.submit(sheetOf('s-4', { 1: 1, 2: 1 }, { fields: { V: 1, H: 9 } }));
  await town.submit(sheetOf('s-1', { 1: 11, 2: 20 }, { expectedRevision: 1, reason: 'recount', cause: 'recount' }));
}

describe('a freeze of publication', () => {
  it('keeps every public answer as it was, and lets accounts see what comes in', async () => {
    await openWithSheets();
    expect(ADDRESSES.length).toBeGreaterThan(15);
    const before = await answers(null);
    const frozen = await town.post('publication/freeze', 'manager', order());
    expect(frozen.json).toMatchObject({
      reason: 'figures are checked',
      by: { role: 'manager', unit: 'r' },
      lifted: null,
    });
    const { position } = (await town.get('results/r')).json;
    expect(frozen.json.position).toBe(position);
    await goOn();
    expect(withoutFreeze(await answers(null))).toEqual(withoutFreeze(before));
    expect((await town.get('')).json.freeze).toEqual({
      since: frozen.json.from,
      position,
      reason: 'figures are checked',
    });
    const seen = (await town.get('results/r', 'observer')).json;
    expect(seen.nodes[1].tracks.provisional.votes).toEqual({ 1: 22, 2: 32 });
    for (const path of ['results/r', 'tables/mayor', 'results.csv', 'overview', 'sheets/s-1/mayor']) {
      const beyond = await town.get(`${path}?at=${seen.position}`);
      expect([path, beyond.status, beyond.json.code]).toEqual([path, 403, 'not-public']);
      expect(beyond.json.detail).toContain(`Publication is frozen since ${frozen.json.from}`);
    }
    expect((await town.get('results/r?at=0:1,1:1')).status).toBe(200);
    const lifted = await town.post('publication/lift', 'manager', order('they are right'));
    expect(lifted.json.lifted).toMatchObject({ reason: 'they are right', by: { role: 'manager', unit: 'r' } });
    expect((await town.get('results/r')).json.nodes).toEqual(seen.nodes);
    expect((await town.get('')).json.freeze).toBeNull();
    expect((await town.get('publication')).json).toEqual({ election: 'town-rehearsal', freezes: [lifted.json] });
  });

  it('holds public rooms still from its first moment on, and tells them everything once lifted', async () => {
    await openWithSheets();
    const everyone = await LiveClient.connect(town.server.url);
    const observer = await LiveClient.connect(town.server.url, town.tokens.observer);
    await everyone.watch(EVERYTHING);
    await observer.watch(EVERYTHING);
    const key = 'r,mayor,provisional,votes.1';
    expect(everyone.rows.get(key)).toBe(14);
    const frozen = (await town.post('publication/freeze', 'manager', order())).json;
    await goOn();
    await observer.until(() => observer.rows.get(key) === 22);
    await everyone.until(() => everyone.positions.at(-1)?.freeze !== undefined);
    await observer.until(() => observer.positions.at(-1)?.freeze !== undefined);
    expect(everyone.positions.at(-1)).toMatchObject({
      position: frozen.position,
      freeze: { reason: 'figures are checked' },
    });
    expect(observer.positions.at(-1)?.position).not.toBe(frozen.position);
    const late = await LiveClient.connect(town.server.url);
    expect(await late.watch(EVERYTHING)).toMatchObject({ position: frozen.position });
    const station = await LiveClient.connect(town.server.url);
    expect(await station.watch({ ...EVERYTHING, unit: 's-2' })).toMatchObject({ position: frozen.position });
    expect([...station.rows.values()].filter((value) => value === 7)).toEqual([]);
    expect(everyone.rows.get(key)).toBe(14);
    expect(late.rows).toEqual(everyone.rows);
    await town.post('publication/lift', 'manager', order());
    for (const client of [everyone, late]) await client.until(() => client.rows.get(key) === 22);
    expect(Object.fromEntries(everyone.rows)).toEqual(Object.fromEntries(observer.rows));
    for (const client of [everyone, observer, late, station]) client.close();
  });

  it('holds up no watcher where nobody can say whether there is one', async () => {
    let isAway = false;
    const read = (): Promise<FreezeLog> => (isAway ? new Promise(() => {}) : Promise.resolve(NO_FREEZES));
    const store = { read, write: async () => false, close: async () => {} };
    town = await Town.open({}, {}, { freezes: new Freezes(store) });
    const live = await LiveClient.connect(town.server.url);
    await live.watch(EVERYTHING);
    isAway = true;
    const heard = live.positions.length;
    await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
    await live.until(() => live.rows.get('r,mayor,provisional,votes.1') === 10);
    await live.until(() => live.positions.length > heard + 2);
    live.close();
  });

  it('publishes nothing by a certification that comes while it stands', async () => {
    await openWithSheets({ publish: { results: 'certified', log: 'certified' }, rehearsal: true });
    await town.post('publication/freeze', 'manager', order());
    const { fingerprint } = (await town.get('fingerprint?contest=mayor', 'observer')).json;
    const certified = await town.post('contests/mayor/certify', 'certifier', { ...order('signed'), fingerprint });
    expect(certified.status).toBe(200);
    const live = await LiveClient.connect(town.server.url);
    await live.watch(EVERYTHING);
    expect([...live.rows.keys()].filter((key) => key.includes('votes.'))).toEqual([]);
    expect((await town.get('results/r')).json.nodes[1].published).toBe(false);
    expect((await town.get('fingerprint?contest=mayor')).json.code).toBe('not-public');
    await town.post('publication/lift', 'manager', order());
    await live.until(() => live.rows.has('r,mayor,provisional,votes.1'));
    expect((await town.get('results/r')).json.nodes[1].published).toBe(true);
    live.close();
  });

  it('gives out no event that came after it, but goes on telling hashes', async () => {
    await openWithSheets({ shards: 1 });
    const size = 3;
    const isStored = async (events: number) => (await town.get('log/0/checkpoint')).text.split('\n')[1] === `${events}`;
    await until(() => isStored(size));
    expect((await town.get(`log/0/tile/entries/000.p/${size}`)).status).toBe(200);
    await town.post('publication/freeze', 'manager', order());
    await goOn();
    expect((await town.get(`log/0/tile/entries/000.p/${size}`)).status).toBe(200);
    const newest = size + 3;
    await until(() => isStored(newest));
    expect((await town.get(`log/0/tile/entries/000.p/${newest}`)).json.code).toBe('not-public');
    expect((await town.get(`log/0/tile/entries/000.p/${newest}`, 'observer')).status).toBe(200);
    expect((await town.get(`log/0/tile/0/000.p/${newest}`)).status).toBe(200);
    const attempt = (await town.get('sheets/s-2/mayor/history', 'observer')).json.attempts[0];
    const own = `events/${attempt.id}?at=${attempt.position}`;
    expect((await town.get(own)).json.code).toBe('not-public');
    expect((await town.get(own, 'clerk')).json.status).toBe('folded');
  });

  it('is ordered by managers of the whole election, once', async () => {
    await openWithSheets();
    const { token } = await town.installation.accounts.add({ role: 'manager', unit: 'c-1' });
    expect((await town.call('POST', 'publication/freeze', { token, body: order() })).json.code).toBe('not-permitted');
    expect((await town.post('publication/lift', 'manager', order())).json).toMatchObject({
      code: 'not-allowed',
      detail: 'Publication is not frozen.',
    });
    expect((await town.post('publication/freeze', 'manager', { id: randomUUID() })).json.errors).toMatchObject([
      { pointer: '/reason' },
    ]);
    const first = order();
    const made = (await town.post('publication/freeze', 'manager', first)).json;
    expect((await town.post('publication/freeze', 'manager', first)).json).toEqual(made);
    expect((await town.post('publication/freeze', 'manager', order())).json.code).toBe('not-allowed');
    expect(JSON.stringify((await town.get('publication')).json)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
  });
});
