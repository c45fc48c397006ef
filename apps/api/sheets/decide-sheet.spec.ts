import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
let double: Town;
beforeAll(async () => {
  town = await Town.open();
  double = await Town.open({ id: 'double-rehearsal', entry: 'double', publish: { log: 'never' } });
});
afterAll(async () => {
  await town.close();
  await double.close();
});

const HELD = { fields: { V: 5, H: 9 } };

describe('decisions on a sheet', () => {
  it('releases what is held, then verifies it, then corrects it, each at the state that was seen', async () => {
    const sent = await town.submit(sheetOf('s-1', { 1: 4, 2: 5 }, HELD));
    expect(sent.json).toMatchObject({ status: 'held', findings: [{ rule: 'too-many-valid', severity: 'error' }] });
    const released = await town.act('s-1', 'mayor', 'release', 'reviewer');
    expect(released.json).toMatchObject({ status: 'accepted', standing: { votes: { 1: 4, 2: 5 }, verified: false } });
    expect(released.headers.get('etag')).toBe(released.json.etag);
    expect((await town.act('s-1', 'mayor', 'verify', 'verifier')).json).toMatchObject({ status: 'verified' });
    expect(
      (await town.submit(sheetOf('s-1', { 1: 4, 2: 6 }, { expectedRevision: 1, reason: 'recount' }))).json.status,
    ).toBe('held');
    const returned = await town.act('s-1', 'mayor', 'return', 'reviewer');
    expect(returned.json).toMatchObject({ status: 'returned', standing: { votes: { 2: 5 }, verified: true } });
  });

  it('answers a repeat with the first outcome', async () => {
    await town.submit(sheetOf('s-2', { 1: 4, 2: 5 }, HELD));
    const { json } = await town.get('sheets/s-2/mayor', 'reviewer');
    const body = { id: randomUUID(), reason: 'seen the paper' };
    const headers = { 'if-match': json.etag };
    const first = await town.post('sheets/s-2/mayor/release', 'reviewer', body, headers);
    const again = await town.post('sheets/s-2/mayor/release', 'reviewer', body, headers);
    expect([first.status, again.status]).toEqual([200, 200]);
    const other = await town.post('sheets/s-2/mayor/release', 'reviewer', { ...body, reason: 'other' }, headers);
    expect([other.status, other.json.code]).toEqual([409, 'idempotency-conflict']);
  });

  it('wants If-Match (428), the right one (412, with the sheet), and a state that allows it (409)', async () => {
    await town.submit(sheetOf('s-3', { 1: 4, 2: 5 }));
    const body = () => ({ id: randomUUID(), reason: 'r' });
    const missing = await town.post('sheets/s-3/mayor/verify', 'verifier', body());
    expect([missing.status, missing.json.code]).toEqual([428, 'precondition-required']);
    const wrong = await town.post('sheets/s-3/mayor/verify', 'verifier', body(), { 'if-match': '"1-99999"' });
    expect(wrong.json).toMatchObject({ code: 'precondition-failed', sheet: { revision: 1 } });
    expect(wrong.status).toBe(412);
    expect((await town.post('sheets/s-3/mayor/verify', 'verifier', body(), { 'if-match': 'nonsense' })).status).toBe(
      412,
    );
    const notHeld = await town.act('s-3', 'mayor', 'release', 'reviewer');
    expect([notHeld.status, notHeld.json.code]).toEqual([409, 'not-allowed']);
    expect(
      (await town.post('sheets/s-3/mayor/annul', 'certifier', { id: randomUUID() }, { 'if-match': '"1-1"' })).json,
    ).toMatchObject({
      code: 'invalid',
      errors: [{ pointer: '/reason', code: 'missing' }],
    });
    expect((await town.post('sheets/s-3/board/verify', 'verifier', body(), { 'if-match': '"0-0"' })).json.code).toBe(
      'not-in-contest',
    );
  });

  it('seals and unseals a count, with or without If-Match', async () => {
    const sealed = await town.post('sheets/s-4/mayor/seal', 'clerk', {
      id: randomUUID(),
      reason: 'more ballots than voters',
    });
    expect(sealed.json).toMatchObject({ sealed: true, status: 'none' });
    expect((await town.submit(sheetOf('s-4', { 1: 1, 2: 2 }))).json.status).toBe('held');
    expect((await town.act('s-4', 'mayor', 'release', 'reviewer')).json.code).toBe('sealed');
    const unsealed = await town.act('s-4', 'mayor', 'unseal', 'reviewer');
    expect(unsealed.json.sealed).toBe(false);
    expect((await town.act('s-4', 'mayor', 'release', 'reviewer')).json.status).toBe('accepted');
    expect((await town.act('s-4', 'mayor', 'annul', 'certifier')).json).toMatchObject({
      status: 'annulled',
      standing: null,
    });
  });

  it('keeps the second entry blind, disputes what differs, and resolves field by field', async () => {
    const { token } = await double.installation.accounts.add({ role: 'clerk', unit: null });
    const first = await double.submit(sheetOf('s-1', { 1: 4, 2: 5 }));
    expect(first.json.status).toBe('awaiting-second');
    const own = await double.submit(sheetOf('s-1', { 1: 4, 2: 5 }));
    expect([own.status, own.json.code]).toEqual([409, 'same-person']);
    const blind = await double.call('GET', 'sheets/s-1/mayor', { token });
    expect(blind.json).toMatchObject({ revision: 1, status: 'awaiting-second', newest: null });
    const second = await double.call('POST', 'sheets', { token, body: sheetOf('s-1', { 1: 4, 2: 7 }) });
    expect(second.json.status).toBe('disputed');
    const seen = await double.get('sheets/s-1/mayor', 'reviewer');
    expect(seen.json).toMatchObject({ newest: { votes: { 2: 5 } }, second: { votes: { 2: 7 } } });
    const foreign = await double.act('s-1', 'mayor', 'resolve', 'reviewer', {
      fields: { V: 21, H: 11 },
      votes: { 1: 4, 2: 6 },
    });
    expect([foreign.status, foreign.json.code]).toEqual([409, 'figure-not-entered']);
    const fractional = await double.act('s-1', 'mayor', 'resolve', 'reviewer', {
      fields: { V: 21, H: 11 },
      votes: { 1: 4, 2: 6.5 },
    });
    expect(fractional.status).toBe(422);
    const resolved = await double.act('s-1', 'mayor', 'resolve', 'reviewer', {
      fields: { V: 21, H: 11 },
      votes: { 1: 4, 2: 7 },
    });
    expect(resolved.json).toMatchObject({ status: 'accepted', standing: { votes: { 1: 4, 2: 7 } } });
    const sameReviewer = await double.act('s-1', 'mayor', 'verify', 'verifier');
    expect(sameReviewer.json.status).toBe('verified');
  });
});

describe('GET …/events/{id}', () => {
  it('tells the sender what became of an event', async () => {
    const sent = await double.submit(sheetOf('s-2', { 1: 1, 2: 1 }));
    const at = sent.json.attempt;
    const path = `events/${sent.json.id}?at=${at}`;
    expect((await double.get(path, 'clerk')).json).toMatchObject({
      status: 'folded',
      attempt: { outcome: 'accepted', revision: 1 },
    });
    expect((await double.get(path)).json.code).toBe('not-public');
    expect((await double.get(path, 'observer')).status).toBe(200);
    expect((await double.get(`events/${randomUUID()}?at=${at}`, 'clerk')).json.code).toBe('unknown-event');
    expect((await double.get(`events/${randomUUID()}?at=0:99999`, 'clerk')).json.code).toBe('unknown-event');
    for (const bad of ['', '?at=x', '?at=9:0', '?at=0:-1'])
      expect((await double.get(`events/${sent.json.id}${bad}`, 'clerk')).status).toBe(400);
  });
});
