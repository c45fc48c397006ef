/** `tally verify URL` and `tally mirror URL` at a server whose answers are edited on the way: each kind of lie is told. */
import { createHash, type KeyObject, randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  checkpointPath,
  decodeEntries,
  encodeEntries,
  formatCheckpoint,
  formatHead,
  headOrigin,
  leafHash,
  makeSigningKey,
  parseHead,
  readSigningKey,
  shardOrigin,
  signNote,
  TiledTree,
} from '#transparency';
import { Device } from '../../test/kit/devices.ts';
import { HONEST, type Lie, LyingServer } from '../../test/kit/lying-server.ts';
import { until } from '../../test/kit/models.ts';
import { below, randomFrom } from '../../test/kit/random.ts';
import { sheetOf, Town } from '../standalone/testing/town.ts';
import { tally } from './testing/run-tally.ts';

const ELECTION = 'town';
const SEEDS = [0, 1];
const other = readSigningKey(makeSigningKey())!;

let town: Town;
let server: LyingServer;
let folder: string;
let key: KeyObject;
/** The events of each shard, as they are. */
let shards: Uint8Array[][];
/** A copy of the first half. */
const copy = (): string => join(folder, 'copy');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-lies-'));
  const open = { id: ELECTION, publish: { results: 'closed', log: 'closed' } };
  town = await Town.open(open, {}, { headTiming: { lookMs: 50, restMs: 200, everyMs: 300_000 } });
  server = await LyingServer.before(town.server.url, ELECTION);
  await revise(0);
  await signed();
  expect((await tally(['mirror', server.url, copy()])).code).toBe(0);
  await revise(8);
  await signed();
  key = await town.installation.publicLog.key(ELECTION);
  shards = await Promise.all([0, 1].map(entriesOf));
});

afterAll(async () => {
  await server.close();
  await town.close();
  await rm(folder, { recursive: true, force: true });
});

/** Eight more revisions of each station's sheet. */
async function revise(from: number): Promise<void> {
  const lines = Array.from({ length: 32 }, (_, n) => {
    const { id: _id, expectedRevision: _revision, ...sheet } = sheetOf(`s-${1 + (n % 4)}`, { 1: 100 + from + n, 2: 7 });
    return JSON.stringify({ ...sheet, reason: 'recount' });
  });
  const { text } = await town.call('POST', 'sheets:batch', {
    token: town.tokens.clerk,
    raw: lines.join('\n'),
    type: 'application/x-ndjson',
  });
  expect(text.match(/"outcome":"accepted"/g)).toHaveLength(32);
}

/** Until a head with the fingerprint of all there is was signed. */
async function signed(): Promise<void> {
  const { fingerprint } = (await town.get('fingerprint')).json;
  await until(async () => (await town.get('log/heads')).json.heads[0]?.note.includes(`fingerprint ${fingerprint}\n`));
}

async function entriesOf(shard: number): Promise<Uint8Array[]> {
  const { log } = (await town.installation.elections.find(ELECTION))!;
  return (await log.read(shard, 0, { maxRecords: 1_000 })).map(({ value }) => value);
}

class Chance {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }
  below = (most: number): number => below(most, this.#random);
  /** A shard with several events. */
  get shard(): number {
    const full = shards.flatMap((entries, shard) => (entries.length > 10 ? [shard] : []));
    return full[this.below(full.length)]!;
  }
}

const text = (note: Buffer): string => `${note.toString().split('\n\n')[0]}\n`;

/** Another list of events in a shard. */
const entries =
  (shard: number, change: (list: Uint8Array[]) => Uint8Array[]): Lie =>
  (path, body) => {
    const list = path.startsWith(`log/${shard}/tile/entries/`) ? decodeEntries(body)! : [];
    return list.length > 1 ? Buffer.from(encodeEntries(change([...list]))) : body;
  };

function changed(entry: Uint8Array, chance: Chance): Uint8Array {
  const bytes = Buffer.from(entry);
  const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x30 && bytes[i]! < 0x39);
  bytes[digits[chance.below(digits.length)]!]! += 1;
  return bytes;
}

/** Another history of a shard, signed by whoever holds the key. */
function forked(shard: number, list: readonly Uint8Array[], signer: KeyObject): Lie {
  const tree = new TiledTree(() => undefined);
  for (const entry of list) tree.append(leafHash(entry));
  const forged = { size: list.length, root: tree.root() };
  const told = entries(shard, () => [...list]);
  return (path, body) => {
    if (path.startsWith('log/heads')) return JSON.stringify({ heads: [] });
    if (path.startsWith(checkpointPath(shard))) {
      const name = shardOrigin(ELECTION, shard);
      return signNote(formatCheckpoint({ origin: name, ...forged }), { name, key: signer });
    }
    if (!path.startsWith('log/head')) return told(path, body);
    const head = parseHead(text(body))!;
    return signNote(formatHead({ ...head, shards: head.shards.with(shard, forged), fingerprint: null }), {
      name: headOrigin(ELECTION),
      key: signer,
    });
  };
}

const HEADS = /^log\/heads?(\?|$)/;
const swap = <T>(list: T[], a: number, b: number): T[] => list.with(a, list[b]!).with(b, list[a]!);

/** What is told instead, and by which code it is found. */
const LIES: Readonly<Record<string, [(chance: Chance) => Lie, RegExp]>> = {
  'an event that was changed': [
    (chance) => {
      const { shard } = chance;
      const at = chance.below(shards[shard]!.length);
      return entries(shard, (list) => list.with(at, changed(list[at]!, chance)));
    },
    /shard \d.*\[log-(rewritten|forked)\]/,
  ],
  'an event that was removed': [
    (chance) => entries(chance.shard, (list) => list.toSpliced(chance.below(list.length), 1)),
    /of shard \d does not hold \d+ events\. .*\[file-malformed\]/,
  ],
  'an event that was inserted': [
    (chance) =>
      entries(chance.shard, (list) => list.toSpliced(chance.below(list.length), 0, changed(list[1]!, chance))),
    /of shard \d does not hold \d+ events\. .*\[file-malformed\]/,
  ],
  'an event that was taken out, and one put in elsewhere': [
    (chance) => entries(chance.shard, (list) => list.toSpliced(3, 1).toSpliced(7, 0, changed(list[1]!, chance))),
    /shard \d.*\[log-(rewritten|forked)\]/,
  ],
  'events in another order': [
    (chance) => entries(chance.shard, (list) => swap(list, 1 + chance.below(4), 5 + chance.below(4))),
    /shard \d.*\[log-(rewritten|forked)\]/,
  ],
  'an event of another shard': [
    (chance) => {
      const { shard } = chance;
      const foreign = shards[1 - shard]!;
      return entries(shard, (list) => list.with(2 + chance.below(5), foreign[chance.below(foreign.length)]!));
    },
    /shard \d.*\[log-(rewritten|forked)\]/,
  ],
  'a log that was cut off': [
    (chance) => {
      const { shard } = chance;
      return forked(shard, shards[shard]!.slice(0, 2 + chance.below(4)), other);
    },
    /\[(file-malformed|other-key)\]/,
  ],
  'a tile that was damaged': [
    (chance) => {
      const { shard } = chance;
      return (path, body) => {
        if (path.includes('/tile/entries/')) return 403;
        if (!path.startsWith(`log/${shard}/tile/0/`)) return body;
        body[chance.below(body.length)]! ^= 1 << chance.below(8);
        return body;
      };
    },
    /shard \d.*\[log-(rewritten|forked)\]|no longer shows .*\[log-forked\]/,
  ],
  'the checkpoint of another key': [
    (chance) => {
      const path = checkpointPath(chance.shard);
      return (asked, body) =>
        asked.startsWith(path) ? signNote(text(body), { name: text(body).split('\n')[0]!, key: other }) : body;
    },
    /log\/\d\/checkpoint .*\[bad-signature\]/,
  ],
  'the checkpoint of another election': [
    (chance) => {
      const path = checkpointPath(chance.shard);
      const name = shardOrigin('elsewhere', 0);
      return (asked, body) => (asked.startsWith(path) ? signNote(text(body).replace(/.*/, name), { name, key }) : body);
    },
    /log\/\d\/checkpoint .*\[bad-signature\]/,
  ],
  'the head of another key': [
    () => (path, body) => {
      if (path.startsWith('log/heads')) return JSON.stringify({ heads: [] });
      return path.startsWith('log/head') ? signNote(text(body), { name: headOrigin(ELECTION), key: other }) : body;
    },
    /shows no election head that is signed with tally\/town\/head.*\[file-malformed\]/,
  ],
  'another definition': [
    () => (path, body) => (path === 'log/definition' ? body.toString().replace('Town', 'Tawn') : body),
    /the definition of .* has the digest .*\[other-definition\]/,
  ],
  'a total that was edited': [
    (chance) => (path, body) => {
      const lines = body.toString().split('\n');
      const at = 1 + chance.below(lines.length - 2);
      return path.startsWith('results.csv')
        ? lines
            .with(
              at,
              lines[at]!.replace(/\d+$/, (value) => `${Number(value) + 1}`),
            )
            .join('\n')
        : body;
    },
    /the results of .* at 0:\d+,1:\d+ have the fingerprint .*\[fingerprint-differs\]/,
  ],
  'a fingerprint that was forged': [
    (chance) => (path, body) =>
      HEADS.test(path)
        ? body.toString().replaceAll(/fingerprint [0-9a-f]{2}/g, `fingerprint ${10 + chance.below(80)}`)
        : body,
    /shows no election head .*\[bad-signature\]/,
  ],
};
/** What a copy has it does not ask for again: of these a new one is taken. */
const ASKED_ONCE = new Set(['another definition']);

async function told(argv: readonly string[], lie: Lie): Promise<string> {
  server.lie = lie;
  const { code, out, err } = await tally(argv);
  server.lie = HONEST;
  expect({ code, out }).toEqual({ code: 1, out: argv[0] === 'verify' ? expect.any(String) : '' });
  return err;
}

describe.each(Object.keys(LIES))('%s', (kind) => {
  const [lie, words] = LIES[kind]!;

  test.each(SEEDS)('is told by verify URL, seed %i', async (seed) => {
    expect(await told(['verify', server.url], lie(new Chance(seed)))).toMatch(words);
  });

  test.each(SEEDS)('is told by mirror URL, seed %i', async (seed) => {
    const own = join(folder, `copy-${seed}`);
    const isNew = ASKED_ONCE.has(kind);
    if (!isNew) await cp(copy(), own, { recursive: true });
    expect(await told(['mirror', server.url, own], lie(new Chance(seed)))).toMatch(words);
    if (isNew) expect((await readdir(own)).filter((name) => !name.startsWith('refused-'))).toEqual([]);
    else expect(await readFile(join(own, 'head'))).toEqual(await readFile(join(copy(), 'head')));
    await rm(own, { recursive: true });
  });
});

describe('who holds the key', () => {
  test.each(SEEDS)(
    'and forks the log, or cuts it off, is told by a copy and by a head that was kept, seed %i',
    async (seed) => {
      const chance = new Chance(seed);
      const { shard } = chance;
      const list = shards[shard]!;
      const kept = ['--head', join(copy(), 'head')];
      for (const history of [list.with(2, changed(list[2]!, chance)), list.slice(0, 3 + chance.below(3))]) {
        const lie = forked(shard, history, key);
        expect(await told(['verify', server.url, ...kept], lie)).toMatch(/\[log-forked\]/);
        const own = join(folder, `forked-${seed}`);
        await cp(copy(), own, { recursive: true });
        expect(await told(['mirror', server.url, own], lie)).toMatch(
          /history was rewritten: shard \d .*\[log-forked\]/,
        );
        expect((await readdir(own)).filter((name) => name.startsWith('refused-')).length).toBeLessThan(2);
        await rm(own, { recursive: true });
      }
    },
  );

  test('and signs other results is told by who counts anew', async () => {
    const { text: csv } = await town.get('results.csv');
    const edited = csv.replace(/(votes\.1),(\d+)\n/, (_, row, value) => `${row},${Number(value) + 1}\n`);
    const fingerprint = createHash('sha256').update(edited).digest('hex');
    const err = await told(['verify', server.url], (path, body) => {
      if (path.startsWith('results.csv')) return edited;
      if (path.startsWith('log/heads')) return JSON.stringify({ heads: [] });
      if (!path.startsWith('log/head')) return body;
      return signNote(formatHead({ ...parseHead(text(body))!, fingerprint }), { name: headOrigin(ELECTION), key });
    });
    expect(err).toMatch(/votes\.1.*\[results-differ\]/);
  });
});

test('a sheet that was accepted after its device was revoked is told, and proves nothing of who sent it', async () => {
  const phone = Device.number(2);
  expect((await town.post('devices', 'manager', { id: randomUUID(), unit: 'c-1', key: phone.key })).status).toBe(200);
  const { revision } = (await town.get('sheets/s-1/mayor', 'clerk')).json;
  const correction = { expectedRevision: revision, reason: 'signed' };
  const right = sheetOf('s-1', { 1: 300, 2: 9 }, correction) as { id: string };
  expect((await town.submit(phone.signed(ELECTION, right))).status).toBe(201);
  const { log, election } = (await town.installation.elections.find(ELECTION))!;
  const { shard, key } = election.unit('s-1')!;
  const event = JSON.parse(Buffer.from((await entriesOf(shard)).at(-1)!).toString());
  const revoked = await town.post(`devices/${phone.id}/revoke`, 'manager', { id: randomUUID(), reason: 'lost' });
  expect(revoked.status).toBe(200);
  const sheet = { ...event.data.sheet, expectedRevision: revision + 1, votes: { 1: 300, 2: 8 } };
  const id = randomUUID();
  const data = { ...event.data, sheet, signature: phone.sign(ELECTION, id, sheet) };
  const [late] = await log.append([{ shard, key, value: Buffer.from(JSON.stringify({ ...event, id, data })) }]);
  const told = `Who signed 1 sheets: their devices had been revoked before, that of ${shard}:${late!.offset} first.`;
  await until(async () => (await tally(['verify', server.url])).out.includes(told));
  expect(await tally(['verify', server.url])).toMatchObject({ code: 0 });
});

test("a device's signature on another event is told, with its place", async () => {
  const phone = Device.number(1);
  const enrolment = { id: randomUUID(), unit: 'c-1', key: phone.key };
  expect((await town.post('devices', 'manager', enrolment)).status).toBe(200);
  const { revision } = (await town.get('sheets/s-1/mayor', 'clerk')).json;
  const sheet = sheetOf('s-1', { 1: 300, 2: 7 }, { expectedRevision: revision, reason: 'signed' }) as { id: string };
  const sent = await town.submit(phone.signed(ELECTION, sheet));
  expect(sent.status).toBe(201);
  const { log, election } = (await town.installation.elections.find(ELECTION))!;
  const { shard, key: recordKey } = election.unit('s-1')!;
  const value = (await entriesOf(shard)).at(-1)!;
  const replayed = Buffer.from(Buffer.from(value).toString().replace(sheet.id, randomUUID()));
  const [placed] = await log.append([{ shard, key: recordKey, value: replayed }]);
  await until(async () => (await tally(['verify', server.url])).code === 1);
  const { err } = await tally(['verify', server.url]);
  expect(err).toMatch(
    new RegExp(`event ${shard}:${placed!.offset} .* device ${phone.id} .*\\[device-signature-wrong\\]`),
  );
});
