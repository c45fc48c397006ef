import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PERMISSIONS, ROLES } from '#access';
import { Town } from '../standalone/testing/town.ts';
import { CONTROLLERS } from './api.module.ts';
import { routesOf } from './documents/openapi.ts';
import type { RouteSpec } from './http/route.ts';

const ROUTES = routesOf(CONTROLLERS);
let town: Town;
beforeAll(async () => {
  town = await Town.open();
});
afterAll(() => town.close());

const PARAMS: Readonly<Record<string, string>> = {
  election: 'town-rehearsal',
  unit: 'c-1',
  station: 's-1',
  contest: 'mayor',
  number: '1',
  event: randomUUID(),
  account: 'nobody',
  device: 'nothing',
  code: 'not-found',
};

function address(route: RouteSpec): string {
  return route.path.replace(/(?<=\/):([A-Za-z]+)/g, (_, name: string) => PARAMS[name] ?? name);
}

async function ask(route: RouteSpec, token: string | null) {
  const types = { json: 'application/json', zip: 'application/zip', lines: 'application/x-ndjson' } as const;
  const body =
    route.body && route.body !== 'none' ? { raw: route.body === 'lines' ? '' : '{}', type: types[route.body] } : {};
  return town.call(route.method, address(route), { token, redirect: 'manual', ...body });
}

/** What the guard decides; whatever a permitted request runs into is another matter. */
const REFUSED = new Set([401, 403]);

describe('every route × every role', () => {
  it.each(
    ROUTES.filter(({ access }) => access !== 'public').map(
      (route) => [`${route.method} ${route.path}`, route] as const,
    ),
  )('%s', async (_name, route) => {
    const missing = await ask(route, null);
    expect(missing.json).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect(missing.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect((await ask(route, 'tally_wrong')).json).toMatchObject({ status: 401, code: 'bad-token' });
    for (const role of ROLES) {
      const { status, json } = await ask(route, town.tokens[role]);
      const isAllowed = (PERMISSIONS[route.access as keyof typeof PERMISSIONS] as readonly string[]).includes(role);
      if (isAllowed) expect(REFUSED.has(status)).toBe(false);
      else expect([role, status, json.code]).toEqual([role, 403, 'not-permitted']);
    }
  });

  it.each(
    ROUTES.filter(({ access }) => access === 'public').map(
      (route) => [`${route.method} ${route.path}`, route] as const,
    ),
  )('%s is open to everyone, but not to a wrong token', async (_name, route) => {
    expect(REFUSED.has((await ask(route, null)).status)).toBe(false);
    expect((await ask(route, 'tally_wrong')).status).toBe(401);
    for (const role of ROLES) expect(REFUSED.has((await ask(route, town.tokens[role])).status)).toBe(false);
  });

  it('ends at the borders of the area', async () => {
    const add = async (role: (typeof ROLES)[number], unit: string) =>
      (await town.installation.accounts.add({ role, unit })).token;
    const act = { id: randomUUID(), reason: 'r' };
    const calls: [string, string, unknown, Record<string, string>?][] = [
      [await add('reviewer', 'c-2'), 'sheets/s-1/mayor/release', act, { 'if-match': '"1-1"' }],
      [await add('verifier', 's-2'), 'sheets/s-1/mayor/verify', act, { 'if-match': '"1-1"' }],
      [await add('certifier', 'c-1'), 'contests/mayor/reopen', act],
      [await add('certifier', 'c-1'), 'contests/mayor/certify', { ...act, fingerprint: 'a'.repeat(64) }],
      [await add('manager', 'c-2'), 'stations/s-1/close', act],
      [await add('manager', 'c-1'), 'contests/mayor/candidates/1/withdraw', act],
      [await add('manager', 'c-1'), 'replay', {}],
      [await add('manager', 'c-1'), 'tokens', { role: 'clerk', unit: 'r' }],
      [await add('manager', 'c-1'), 'tokens', { role: 'clerk', unit: 'c-2' }],
      [await add('manager', 'c-1'), 'tokens', { role: 'clerk' }],
      [await add('manager', 'c-2'), 'devices', { id: act.id, unit: 's-1', key: `${'A'.repeat(43)}=` }],
      [await add('reviewer', 'c-2'), 'minutes', { ...act, unit: 'c-1', contest: 'mayor', fields: {}, votes: {} }],
    ];
    for (const [token, path, body, headers] of calls) {
      const { status, json } = await town.call('POST', path, { token, body, headers });
      expect([path, status, json.code]).toEqual([path, 403, 'not-permitted']);
    }
    const certifier = await add('certifier', 'c-1');
    const inside = await town.call('POST', 'contests/board/reopen', { token: certifier, body: act });
    expect(inside.json.code).toBe('not-allowed');
  });
});

describe('accounts', () => {
  it('are made, listed and revoked by managers of their area', async () => {
    const made = await town.post('tokens', 'manager', { role: 'manager', unit: 'c-1', name: 'East' });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ role: 'manager', unit: 'c-1', election: town.election, name: 'East' });
    const east = made.json.token as string;
    const below = await town.call('POST', 'tokens', { token: east, body: { role: 'clerk', unit: 's-1' } });
    expect(below.status).toBe(201);
    const seen = await town.call('GET', 'tokens', { token: east });
    expect(
      seen.json.accounts
        .map(({ unit }: { unit: string }) => unit)
        .every((unit: string) => ['c-1', 's-1', 's-2'].includes(unit)),
    ).toBe(true);
    expect(seen.text).not.toContain('tally_');
    const all = (await town.get('tokens', 'manager')).json.accounts as {
      id: string;
      unit: string | null;
      role: string;
    }[];
    expect(all.length).toBeGreaterThan(seen.json.accounts.length);
    const outside = all.find(({ unit }) => unit === null)!;
    expect((await town.call('DELETE', `tokens/${outside.id}`, { token: east })).json.code).toBe('unknown-account');
    expect((await town.call('DELETE', `tokens/${below.json.id}`, { token: east })).status).toBe(204);
    expect((await town.call('GET', '', { token: below.json.token })).json.code).toBe('bad-token');
    expect((await town.post('tokens', 'manager', { role: 'king', unit: 'r', more: 1 })).json.errors).toHaveLength(2);
    expect((await town.post('tokens', 'manager', { role: 'clerk', unit: 'zz' })).json.code).toBe('unknown-unit');
  });
});
