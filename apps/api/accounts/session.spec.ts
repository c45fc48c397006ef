import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
let narrow: Town;
beforeAll(async () => {
  town = await Town.open({ publish: { log: 'never' } });
  narrow = await Town.open({ id: 'narrow-rehearsal' }, { limits: { failedLoginsPerMinute: 3, proxies: 1 } });
});
afterAll(async () => {
  await town.close();
  await narrow.close();
});

const PATH = '/api/v1/session';
const own = (): Record<string, string> => ({ origin: new URL(town.server.url).origin });

async function signIn(token: string, more: Record<string, unknown> = {}) {
  const answer = await town.call('POST', PATH, { body: { token, ...more }, headers: own() });
  const [cookie = '', ...attributes] = (answer.headers.get('set-cookie') ?? '').split('; ');
  return { answer, cookie, attributes };
}

const ask = (cookie: string, path: string) => town.call('GET', path, { headers: { cookie } });

describe('signing in', () => {
  it('gives a cookie that no script and no other site can use, and that holds no token', async () => {
    const { answer, cookie, attributes } = await signIn(` ${town.tokens.observer}\n`);
    expect(answer.status).toBe(201);
    expect(answer.json.account).toMatchObject({ role: 'observer', unit: null, election: null });
    expect(cookie).toMatch(/^tally_session=tallysession_[A-Za-z0-9_-]{43}$/);
    expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Strict']));
    expect(attributes).not.toContain('Secure');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await ask(cookie, PATH)).json.account).toEqual(answer.json.account);
  });

  it('is for pages behind TLS alone where they are behind TLS', async () => {
    const { host } = new URL(narrow.server.url);
    for (const headers of [{ origin: `https://${host}` }, { 'x-forwarded-proto': 'https' }] as Record<
      string,
      string
    >[]) {
      const answer = await narrow.call('POST', PATH, { body: { token: narrow.tokens.observer }, headers });
      expect(answer.headers.get('set-cookie')).toContain('Secure');
    }
  });

  it('shows what the account may see, and lets nobody keep that for others', async () => {
    await town.submit(sheetOf('s-1', { 1: 1, 2: 1 }));
    const { cookie } = await signIn(town.tokens.observer);
    const all = await ask(cookie, 'results/r?track=all');
    expect(all.status).toBe(200);
    expect(all.headers.get('cache-control')).toContain('private');
    expect(all.headers.get('vary')).toContain('Cookie');
    expect((await ask('', 'results/r?track=all')).json.code).toBe('not-public');
  });

  it('lasts a shift, and longer only for an observer who stays', async () => {
    const hours = async (role: 'observer' | 'manager', stay: boolean) =>
      (Date.parse((await signIn(town.tokens[role], { stay })).answer.json.expiresAt) - Date.now()) / 3_600_000;
    expect(await hours('observer', false)).toBeCloseTo(12, 1);
    expect(await hours('observer', true)).toBeCloseTo(720, 1);
    expect(await hours('manager', true)).toBeCloseTo(12, 1);
  });

  it('refuses a wrong token, another site, and too many attempts', async () => {
    expect((await signIn('tally_wrong')).answer.json).toMatchObject({ status: 401, code: 'bad-token' });
    expect((await signIn('tally_wrong')).answer.headers.get('set-cookie')).toBeNull();
    const elsewhere = await town.call('POST', PATH, {
      body: { token: town.tokens.observer },
      headers: { origin: 'https://elsewhere.example' },
    });
    expect(elsewhere.json.code).toBe('cross-origin');
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 4; i += 1) codes.push((await narrow.call('POST', PATH, { body: { token: 'x' } })).json.code);
    expect(codes.at(-1)).toBe('too-many-requests');
  });
});

describe('a session', () => {
  it('writes from pages of this server only', async () => {
    const { cookie } = await signIn(town.tokens.clerk);
    const send = (station: string, headers: Record<string, string>) =>
      town.call('POST', 'sheets', { body: sheetOf(station, { 1: 1, 2: 1 }), headers: { cookie, ...headers } });
    const { host } = new URL(town.server.url);
    for (const headers of [
      {},
      { origin: 'https://elsewhere.example' },
      { origin: 'null' },
      { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
      { origin: `http://${host}`, 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[])
      expect((await send('s-2', headers)).json.code).toBe('cross-origin');
    expect((await send('s-2', own())).status).toBe(201);
    expect((await send('s-3', { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  });

  it('ends when it is signed out, by its own pages alone', async () => {
    const { cookie } = await signIn(town.tokens.observer);
    expect((await town.call('DELETE', PATH, { headers: { cookie } })).json.code).toBe('cross-origin');
    const out = await town.call('DELETE', PATH, { headers: { cookie, ...own() } });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('tally_session=;')]);
    expect((await ask(cookie, 'results/r?track=all')).json.code).toBe('not-public');
    const { json, headers } = await ask(cookie, PATH);
    expect([json, headers.get('set-cookie')]).toEqual([
      { account: null, expiresAt: null },
      expect.stringContaining('tally_session=;'),
    ]);
  });

  it('ends when its account is revoked, and when its browser signs in as another', async () => {
    const { account, token } = await town.installation.accounts.add({ role: 'observer', unit: null });
    const { cookie } = await signIn(token);
    expect((await ask(cookie, PATH)).json.account.id).toBe(account.id);
    await town.installation.accounts.revoke(account.id);
    expect((await ask(cookie, PATH)).json.account).toBeNull();
    expect((await ask(cookie, 'findings')).json.code).toBe('not-public');
    const first = await signIn(town.tokens.observer);
    await town.call('POST', PATH, {
      body: { token: town.tokens.manager },
      headers: { cookie: first.cookie, ...own() },
    });
    expect((await ask(first.cookie, PATH)).json.account).toBeNull();
  });
});
