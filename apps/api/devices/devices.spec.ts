import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Device } from '../../../test/kit/devices.ts';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
beforeAll(async () => {
  town = await Town.open();
});
afterAll(() => town.close());

const enrol = (device: Device, unit: string, more = {}) =>
  town.post('devices', 'manager', { id: randomUUID(), unit, key: device.key, ...more });
const signed = (device: Device, station: string, more = {}) =>
  device.signed(town.election, sheetOf(station, { 1: 30, 2: 12 }, more) as { id: string });

describe('devices', () => {
  it('are enrolled, listed and revoked by managers of their area', async () => {
    const [phone, other] = [Device.number(1), Device.number(2)];
    const id = randomUUID();
    expect(await enrol(phone, 'c-1', { id })).toMatchObject({
      status: 200,
      json: { id, type: 'tally.device.enrolled.v1', subject: 'c-1', outcome: 'accepted' },
    });
    expect((await enrol(phone, 'c-1', { id })).status).toBe(200);
    expect((await enrol(phone, 'c-1')).json.code).toBe('not-allowed');
    await enrol(other, 'c-2', { role: 'reviewer', reason: 'for the office' });
    const { devices } = (await town.get('devices', 'manager')).json;
    expect(devices).toMatchObject([
      { device: phone.id, unit: 'c-1', role: 'clerk', key: phone.key, revoked: null },
      { device: other.id, unit: 'c-2', role: 'reviewer', key: other.key, revoked: null },
    ]);
    const { token } = await town.installation.accounts.add({ role: 'manager', unit: 'c-2' });
    const listed = await town.call('GET', 'devices', { token });
    expect(listed.json.devices.map(({ device }: { device: string }) => device)).toEqual([other.id]);
    const act = { id: randomUUID(), reason: 'lost in the river' };
    const foreign = await town.call('POST', `devices/${phone.id}/revoke`, { token, body: act });
    expect(foreign.json.code).toBe('unknown-device');
    const body = { id: randomUUID(), unit: 'c-1', key: other.key };
    expect((await town.call('POST', 'devices', { token, body })).json.code).toBe('not-permitted');
    for (let times = 0; times < 2; times += 1)
      expect((await town.post(`devices/${phone.id}/revoke`, 'manager', act)).status).toBe(200);
    const again = await town.post(`devices/${phone.id}/revoke`, 'manager', { id: randomUUID(), reason: 'again' });
    expect(again.json.code).toBe('not-allowed');
    expect((await town.get('devices', 'manager')).json.devices[0].revoked.reason).toBe('lost in the river');
  });

  it('are refused with a key that is none, or for a unit that there is not', async () => {
    const device = Device.number(9);
    expect((await enrol(device, 'nowhere')).json.code).toBe('unknown-unit');
    for (const key of ['', device.key.slice(1), `${device.key.slice(0, -2)}p=`, `${device.key}\n`])
      expect((await enrol(device, 'c-1', { key })).json).toMatchObject({
        code: 'invalid',
        errors: [{ pointer: '/key' }],
      });
  });
});

describe('a sheet that names its device', () => {
  const phone = Device.number(3);
  beforeAll(async () => {
    await enrol(phone, 'c-1');
  });

  it('is taken in with its signature, which stands in the log and in its history', async () => {
    const sheet = signed(phone, 's-1');
    const sent = await town.submit(sheet);
    expect(sent.status).toBe(201);
    expect((await town.submit(sheet)).status).toBe(200);
    const history = (await town.get('sheets/s-1/mayor/history', 'observer')).json;
    expect(history.attempts[0]).toMatchObject({ device: phone.id, signed: true });
    const [shard, offset] = sent.json.attempt.split(':').map(Number);
    const { log } = (await town.installation.elections.find(town.election))!;
    const [record] = await log.read(shard, offset, { maxRecords: 1 });
    const { device, signature, sheet: kept } = JSON.parse(Buffer.from(record!.value).toString()).data;
    expect({ device, signature }).toEqual({ device: phone.id, signature: sheet.signature });
    expect(kept).not.toHaveProperty('device');
    const { signature: _, ...unsigned } = sheet;
    expect((await town.submit({ ...unsigned, device: undefined })).json.code).toBe('idempotency-conflict');
  });

  it('is refused where its device is unknown, of another unit or role, or revoked', async () => {
    const [gone, office] = [Device.number(4), Device.number(5)];
    await enrol(gone, 's-2');
    await enrol(office, 'r', { role: 'reviewer' });
    expect((await town.submit(signed(gone, 's-2'))).status).toBe(201);
    await town.post(`devices/${gone.id}/revoke`, 'manager', { id: randomUUID(), reason: 'stolen' });
    const cases: [Device, string, string][] = [
      [Device.number(6), 's-1', 'unknown-device'],
      [phone, 's-3', 'unknown-device'],
      [gone, 's-2', 'device-revoked'],
      [office, 's-3', 'device-of-another-role'],
    ];
    for (const [device, station, code] of cases) {
      const { status, json } = await town.submit(signed(device, station, { expectedRevision: 1, reason: 'recount' }));
      expect([status, json.code, json.errors]).toEqual([
        422,
        'bad-structure',
        [{ pointer: '/device', code, message: expect.stringContaining(device.id) }],
      ]);
    }
  });

  it('is refused where the signature is not over what was sent', async () => {
    const sheet = signed(phone, 's-1', { expectedRevision: 1, reason: 'recount' });
    const wrong = [
      { ...sheet, votes: { 1: 31, 2: 12 } },
      { ...sheet, id: randomUUID() },
      { ...sheet, reason: 'another' },
      { ...sheet, signature: signed(phone, 's-2').signature },
      Device.number(3).signed('elsewhere', sheet),
    ];
    for (const one of wrong)
      expect((await town.submit(one)).json.errors).toMatchObject([{ pointer: '/signature', code: 'bad-signature' }]);
    const { device: _, ...nameless } = sheet;
    expect((await town.submit(nameless)).json.errors).toMatchObject([{ pointer: '/device', code: 'missing' }]);
    expect((await town.submit({ ...nameless, device: 'a b', signature: 'x' })).json.errors).toHaveLength(2);
    expect((await town.submit({ ...nameless, device: phone.id, signature: undefined })).json.errors).toMatchObject([
      { pointer: '/signature', code: 'missing' },
    ]);
    expect((await town.submit(sheet)).json.revision).toBe(2);
  });

  it('is one line of a batch as others are; it brings its own id', async () => {
    await enrol(phone, 's-4');
    const good = signed(phone, 's-4', { expectedRevision: undefined });
    const { id: _, ...nameless } = good;
    const bad = { ...good, id: randomUUID() };
    const lines = [good, bad, nameless, sheetOf('s-4', { 1: 31, 2: 12 }, { reason: 'plain' })];
    const { text } = await town.call('POST', 'sheets:batch', {
      token: town.tokens.clerk,
      raw: lines.map((line) => JSON.stringify(line)).join('\n'),
      type: 'application/x-ndjson',
    });
    const told = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused', 'refused', 'conflict']);
    expect(told[1].problems).toMatchObject([{ pointer: '/signature', code: 'bad-signature' }]);
    expect(told[2].problems).toMatchObject([{ pointer: '/id', code: 'missing' }]);
  });
});
