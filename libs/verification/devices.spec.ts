/** Signatures of devices in a log: those that are right are counted, and one that is not is told, with its place. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Author, figuresOf } from '../../test/kit/author.ts';
import { Device } from '../../test/kit/devices.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { randomFrom } from '../../test/kit/random.ts';
import { DeviceChecks } from './check-devices.ts';
import { Faults } from './faults.ts';
import { verifyExport } from './index.ts';
import { Recount } from './recount.ts';
import { exported, temporaryFolder } from './testing/exported.ts';

const election = electionOf(province({ shards: 3 }));
const STATIONS = election.units.filter(({ isStation }) => isStation).map(({ code }) => code);
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function verified(name: string, author: Author) {
  const path = join(folder, name);
  await exported(author, path);
  return verifyExport(path);
}

/** The same without an export's files around it, for many. */
function counted({ records }: Author) {
  const faults = new Faults();
  const checks = new DeviceChecks(election, faults);
  const recount = new Recount(election, (place, event, isAccepted) => checks.take(place, event, isAccepted));
  for (const shard of [0, 1, 2])
    for (const record of records) if (record.shard === shard) recount.add(shard, record.offset, record.value, null);
  return { faults: faults.list, devices: checks.end() };
}

/** A device of every commune and one of the whole province; a sheet of every station, signed by one of them. */
function signedNight(): Author {
  const author = new Author(election);
  for (let n = 1; n <= 8; n += 1) author.enrol(`K${n}`, Device.number(n));
  for (const [n, station] of STATIONS.entries()) {
    const device = n % 4 === 3 ? Device.number(99) : Device.number(Number(station[1]));
    author.submit(station, 'all', figuresOf(election, 'all', n), { device });
  }
  author.enrol('P', Device.number(99));
  author.submit('K1-1', 'east', figuresOf(election, 'east', 1));
  return author;
}

describe('signatures of devices', () => {
  it('are checked whatever shard their device was enrolled in, and when', async () => {
    const { faults, devices } = await verified('night', signedNight());
    expect(faults).toEqual([]);
    expect(devices).toEqual({ enrolled: 9, revoked: 0, signed: 24, verified: 24, unknown: 0, afterRevocation: [] });
  });

  it('of devices that were never enrolled there are told as such', async () => {
    const author = signedNight();
    author.submit('K2-1', 'few', figuresOf(election, 'few', 1), { device: Device.number(50) });
    author.submit('K2-2', 'few', figuresOf(election, 'few', 1), { device: Device.number(3) });
    author.enrol('K5', { id: Device.number(50).id, key: Device.number(51).key });
    author.revoke('K2', Device.number(2));
    const { faults, devices } = await verified('unknown', author);
    expect(faults).toEqual([]);
    expect(devices).toEqual({ enrolled: 9, revoked: 1, signed: 26, verified: 24, unknown: 2, afterRevocation: [] });
  });

  it('are told where their device was revoked before, by the order of their own shard alone', () => {
    const author = new Author(election);
    const { root } = election;
    const commune = root.children.find(({ shard }) => shard !== root.shard)!.code;
    const [own, above, both] = [Device.number(1), Device.number(2), Device.number(3)];
    const send = (n: number, device: Device) =>
      author.submit(`${commune}-${n}`, 'all', figuresOf(election, 'all', n), { device });
    author.enrol(commune, own);
    author.enrol(root.code, above);
    for (const unit of [commune, root.code]) author.enrol(unit, both);
    send(1, own);
    author.revoke(commune, own);
    author.revoke(root.code, above);
    author.revoke(commune, both);
    const late = send(2, own);
    author.submit(`${commune}-2`, 'all', figuresOf(election, 'all', 3), { device: own, expects: 7 });
    send(3, above);
    send(3, both);
    const { faults, devices } = counted(author);
    expect(faults).toEqual([]);
    expect(devices).toMatchObject({ enrolled: 4, revoked: 3, signed: 5, verified: 5, unknown: 0 });
    expect(devices.afterRevocation).toEqual([`${late.shard}:${late.offset}`]);
  });

  it.each(Array.from({ length: 100 }, (_, seed) => seed))('on another event are told, seed %i', async (seed) => {
    const random = randomFrom(seed);
    const below = (limit: number) => Math.floor(random() * limit);
    const author = signedNight();
    const sheets = author.records.filter(({ value }) => Buffer.from(value).includes('"signature"'));
    const { value, shard, key } = sheets[below(sheets.length)]!;
    const event = JSON.parse(Buffer.from(value).toString());
    const other = JSON.parse(Buffer.from(sheets[below(sheets.length)]!.value).toString());
    const forgeries = [
      () => ({ ...event, id: author.nextId }),
      () => ({ ...event, data: { ...event.data, sheet: { ...event.data.sheet, reason: 'another' } } }),
      () => ({ ...event, data: { ...event.data, signature: Device.number(98).sign('', event.id, event.data.sheet) } }),
      () => ({
        ...event,
        data: { ...event.data, signature: other === event ? '' : other.data.signature.toLowerCase() },
      }),
      () => ({ ...event, source: '/elections/another-rehearsal' }),
    ];
    const forged = forgeries[below(forgeries.length)]!();
    const written = author.put(Buffer.from(JSON.stringify(forged)), shard, key);
    const { faults, devices } = seed < 3 ? await verified(`forged-${seed}`, author) : counted(author);
    const place = `${shard}:${written.offset}`;
    expect(faults).toEqual([expect.objectContaining({ code: 'device-signature-wrong', where: place })]);
    expect(faults[0]!.message).toContain(`event ${place}`);
    expect(faults[0]!.message).toContain(event.data.device);
    expect(devices).toMatchObject({ signed: 25, verified: 24 });
  });
});
