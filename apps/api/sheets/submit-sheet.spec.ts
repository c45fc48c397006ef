import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
beforeAll(async () => {
  town = await Town.open();
});
afterAll(() => town.close());

describe('POST …/sheets', () => {
  it('takes a sheet in and counts it at the position it names', async () => {
    const sheet = sheetOf('s-1', { 1: 30, 2: 12 });
    const sent = await town.submit(sheet);
    expect(sent.status).toBe(201);
    expect(sent.json).toMatchObject({
      station: 's-1',
      contest: 'mayor',
      revision: 1,
      status: 'accepted',
      findings: [],
    });
    const results = await town.get(`results/r?contest=mayor&at=${sent.json.position}`);
    expect(results.json.nodes[0].tracks.provisional.votes).toEqual({ 1: 30, 2: 12 });
    expect(results.json.position).toBe(sent.json.position);
  });

  it('answers a repeat with the first outcome, also after a correction', async () => {
    const sheet = sheetOf('s-2', { 1: 5, 2: 6 });
    const first = await town.submit(sheet);
    const second = await town.submit(sheet);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toMatchObject({ revision: 1, attempt: first.json.attempt });
    await town.submit(sheetOf('s-2', { 1: 7, 2: 6 }, { expectedRevision: 1, reason: 'misread' }));
    const third = await town.submit(sheet);
    expect(third.status).toBe(200);
    expect(third.json).toMatchObject({ revision: 1, status: 'accepted' });
  });

  it('refuses the same id with other content', async () => {
    const sheet = sheetOf('s-3', { 1: 1, 2: 1 });
    await town.submit(sheet);
    const other = await town.submit({ ...sheet, votes: { 1: 2, 2: 1 } });
    expect(other.status).toBe(409);
    expect(other.json).toMatchObject({ type: '/problems/idempotency-conflict', code: 'idempotency-conflict' });
  });

  it('answers a stale revision with the standing sheet', async () => {
    await town.submit(sheetOf('s-4', { 1: 9, 2: 9 }));
    const stale = await town.submit(sheetOf('s-4', { 1: 8, 2: 9 }));
    expect(stale.status).toBe(409);
    expect(stale.headers.get('content-type')).toContain('application/problem+json');
    expect(stale.json).toMatchObject({
      code: 'stale-revision',
      sheet: { revision: 1, standing: { votes: { 1: 9, 2: 9 } } },
    });
    expect(stale.headers.get('etag')).toBe(stale.json.sheet.etag);
  });

  it('lists every problem of a sheet', async () => {
    const bad = {
      id: 'x',
      station: '1',
      contest: 'mayor',
      fields: { V: -1, H: 1.5, Z: 1 },
      votes: { 1: '7' },
      extra: 1,
    };
    const answer = await town.submit(bad);
    expect(answer.status).toBe(422);
    const codes = answer.json.errors.map(
      ({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`,
    );
    expect(codes).toEqual(
      expect.arrayContaining([
        '/extra unknown-field',
        '/id bad-id',
        '/station unknown-station',
        '/fields/V negative',
        '/votes/1 not-a-number',
        '/votes/2 missing',
        '/expectedRevision missing',
      ]),
    );
  });

  it.each([
    ['1234.0', 422],
    ['1e3', 422],
    ['"1234"', 422],
    ['1_000', 400],
    ['-0', 422],
    ['1000000000', 422],
    ['9007199254740993', 422],
    ['null', 422],
    ['=1+1', 400],
  ])('never reinterprets the number %s', async (text, status) => {
    const sheet = JSON.stringify(sheetOf('s-3', { 1: 1, 2: 1 }, { expectedRevision: 1, reason: 'r' })).replace(
      '"1":1',
      `"1":${text}`,
    );
    const answer = await town.call('POST', 'sheets', { token: town.tokens.clerk, raw: sheet });
    expect(answer.status).toBe(status);
    expect(answer.json.errors.length).toBeGreaterThan(0);
  });

  it('refuses a body that is not JSON, not UTF-8, not its type, too large, or absent', async () => {
    const token = town.tokens.clerk;
    const post = (raw: string | Uint8Array, type?: string) => town.call('POST', 'sheets', { token, raw, type });
    expect((await post('{"id":')).json.code).toBe('malformed-json');
    expect((await post(new Uint8Array([0x7b, 0xff, 0x7d]))).json.code).toBe('bad-utf8');
    expect((await post('id=1', 'application/x-www-form-urlencoded')).json.code).toBe('unsupported-media-type');
    expect((await post('{}', 'application/x-ndjson')).json.code).toBe('unsupported-media-type');
    expect((await post(`{"reason":"${'x'.repeat(70_000)}"}`)).json.code).toBe('too-large');
    expect((await town.call('POST', 'sheets', { token })).json.code).toBe('invalid');
    expect((await post('{"a":1}', 'application/json; charset=utf-8')).status).toBe(422);
    expect((await post(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)).status).toBe(422);
    expect((await post('{"__proto__":{"id":1},"constructor":1}')).status).toBe(422);
  });

  it('keeps two senders of one sheet apart: one stands, the other is told', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        town.submit(sheetOf('s-1', { 1: n, 2: 0 }, { contest: 'mayor', expectedRevision: 1, reason: `n${n}` })),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('wants a token whose role and area allow it', async () => {
    const sheet = sheetOf('s-1', { 1: 1, 2: 1 }, { id: randomUUID() });
    const missing = await town.submit(sheet, null);
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toContain('Bearer');
    expect((await town.call('POST', 'sheets', { token: 'tally_nonsense', body: sheet })).json.code).toBe('bad-token');
    expect((await town.submit(sheet, 'observer')).json.code).toBe('not-permitted');
    const { token } = await town.installation.accounts.add({ role: 'clerk', unit: 'c-2' });
    const outside = await town.call('POST', 'sheets', { token, body: sheet });
    expect([outside.status, outside.json.code]).toEqual([403, 'not-permitted']);
  });
});
