/** Devices in the log, and what they sign. */
import { describe, expect, it } from '@jest/globals';
import { Author, figuresOf } from '../../test/kit/author.ts';
import { Desk } from '../../test/kit/desk.ts';
import { Device } from '../../test/kit/devices.ts';
import { electionOf, province, town } from '../../test/kit/elections.ts';
import { deviceKey, isSignedBy, readDeviceKey, ShardFold, type SubmittedSheet, textToSign } from './index.ts';

/** The test vector of docs/reference/device-signatures.md; the key is that of RFC 8032 §7.1, test 1. */
const VECTOR = {
  seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  key: '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  device: '21fe31dfa154a261626bf854046fd227',
  election: 'lac-duong-2021-rehearsal',
  id: '0192f3c4-0000-7000-8000-000000000001',
  sheet: {
    station: '24846-01',
    contest: 'na-1',
    expectedRevision: 0,
    fields: { C: 1453, V: 1440, P: 1440, R: 1440, H: 1402, K: 38 },
    votes: { 1: 811, 2: 640 },
    at: '2021-05-23T21:10:00+07:00',
    via: 'device',
  } satisfies SubmittedSheet,
  text: '{"device":"21fe31dfa154a261626bf854046fd227","election":"lac-duong-2021-rehearsal","id":"0192f3c4-0000-7000-8000-000000000001","sheet":{"at":"2021-05-23T21:10:00+07:00","contest":"na-1","expectedRevision":0,"fields":{"C":1453,"H":1402,"K":38,"P":1440,"R":1440,"V":1440},"station":"24846-01","via":"device","votes":{"1":811,"2":640}},"type":"tally.sheet.submitted.v1"}',
  signature: 'sTPltjw8KmnFnyKOdDJHpopmuXHK9SLo3t9ASzkQVtidX4IXkFuJrzJNYkmq+0dYFto5v2XpRFKv4278TTJpCw==',
};

describe('what a device signs', () => {
  const { seed, key, device, election, id, sheet, text, signature } = VECTOR;
  const publicKey = deviceKey(readDeviceKey(key)!);

  it('is as the docs have it', () => {
    const made = new Device(Buffer.from(seed, 'hex'));
    expect({ key: made.key, device: made.id }).toEqual({ key, device });
    expect(textToSign({ election, id, device, sheet })).toBe(text);
    expect(made.sign(election, id, sheet)).toBe(signature);
    expect(isSignedBy(publicKey, { election, id, device, sheet }, signature)).toBe(true);
  });

  it('in whatever order its members stand', () => {
    const turned = Object.fromEntries(Object.entries(sheet).reverse()) as unknown as SubmittedSheet;
    expect(isSignedBy(publicKey, { election, id, device, sheet: turned }, signature)).toBe(true);
  });

  it.each([
    ['another id', { id: id.replace(/1$/, '2') }],
    ['another election', { election: 'lac-duong-2021' }],
    ['another device', { device: device.replace(/^./, 'f') }],
    ['another figure', { sheet: { ...sheet, votes: { ...sheet.votes, 1: 812 } } }],
    ['a member more', { sheet: { ...sheet, reason: 'miscounted' } }],
    ['a half character', { sheet: { ...sheet, reason: '\ud800' } }],
  ])('does not hold for %s', (_what, other) => {
    expect(isSignedBy(publicKey, { election, id, device, sheet, ...other }, signature)).toBe(false);
  });

  it('is never a text with a half character, whoever signed it', () => {
    const made = new Device(Buffer.from(seed, 'hex'));
    for (const [reason, isFine] of [
      ['\ud83d', false],
      ['\ud83d\ude00', true],
      ['\\ud83d', true],
    ] as const) {
      const odd = { ...sheet, reason };
      const signed = { election, id, device, sheet: odd };
      expect([reason, isSignedBy(publicKey, signed, made.sign(election, id, odd))]).toEqual([reason, isFine]);
    }
  });

  it('does not hold for what is no signature', () => {
    for (const other of [
      '',
      signature.slice(4),
      `${signature} `,
      signature.replace('==', ''),
      'A'.repeat(86).concat('=='),
    ])
      expect(isSignedBy(publicKey, { election, id, device, sheet }, other)).toBe(false);
  });
});

describe('devices in the log', () => {
  const [one, two] = [Device.number(1), Device.number(2)];
  const at = (): Desk => new Desk(electionOf(town()));

  it('are enrolled once for a unit, and revoked for good', () => {
    const desk = at();
    expect(desk.when((author) => author.revoke('A', one))).toBe('not-allowed');
    expect(desk.when((author) => author.enrol('A', one))).toBe('accepted');
    expect(desk.when((author) => author.enrol('A', one))).toBe('not-allowed');
    expect(desk.when((author) => author.enrol('A', two))).toBe('accepted');
    expect(desk.when((author) => author.enrol('A-1', one))).toBe('accepted');
    expect(desk.when((author) => author.revoke('A', one))).toBe('accepted');
    expect(desk.when((author) => author.revoke('A', one))).toBe('not-allowed');
    expect(desk.when((author) => author.enrol('A', one))).toBe('not-allowed');
    expect(desk.when((author) => author.revoke('A-1', one))).toBe('accepted');
  });

  it('are called by their keys', () => {
    const desk = at();
    expect(desk.when((author) => author.enrol('A', { id: one.id, key: two.key }))).toBe('bad-structure');
    expect(desk.when((author) => author.enrol('A', { id: one.id, key: `${one.key}=` }))).toBe('bad-structure');
    expect(desk.when((author) => author.enrol('nowhere', one))).toBe('unknown-unit');
    expect(desk.when((author) => author.enrol('A', one, { key: 'B' }))).toBe('wrong-shard');
  });

  it('change nothing that is counted, signed or not, rightly or wrongly', () => {
    const election = electionOf(province({ shards: 3 }));
    const count = (write: (author: Author, n: number) => void): unknown[] => {
      const author = new Author(election);
      for (let n = 0; n < 40; n += 1) write(author, n);
      const folds = [0, 1, 2].map((shard) => new ShardFold(election, shard, 64));
      for (const { shard, ...record } of author.records) folds[shard]!.fold({ ...record, offset: folds[shard]!.next });
      return folds.flatMap((fold) =>
        fold.drain().sheets.map(({ station, contest, state: { status, revision, standing } }) => ({
          ...{ station, contest, status, revision, figures: standing?.figures },
        })),
      );
    };
    const sheet = (author: Author, n: number, more = {}) =>
      author.submit(`K${1 + (n % 8)}-1`, 'all', figuresOf(election, 'all', n), { id: idOf(n), ...more });
    const plain = count((author, n) => sheet(author, n));
    const signed = count((author, n) => {
      author.enrol(['P', 'K1', 'K3-1'][n % 3]!, Device.number(n));
      sheet(author, n, { device: Device.number(n % 5) });
    });
    expect(signed).toEqual(plain);
  });
});

const idOf = (n: number): string => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
