/**
 * Tampering by kind, many seeded cases of each: verifying tells every one of them, with what and where. What is not
 * told without a head that somebody kept, is told with it.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '#domain';
import {
  checkpointPath,
  formatReceipt,
  formatVerifier,
  headOrigin,
  leafHash,
  makeSigningKey,
  publicKeyOf,
  readSigningKey,
  receiptOrigin,
  shardOrigin,
  signNote,
  TILE_WIDTH,
} from '#transparency';
import { Author } from '../../test/kit/author.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { randomFrom } from '../../test/kit/random.ts';
import { tale, write } from '../../test/kit/story.ts';
import { verifyExport } from './index.ts';
import { Copy, exported, KEY, temporaryFolder } from './testing/exported.ts';

const CASES = 20;
const SHARDS = 3;
const election = electionOf(province({ shards: SHARDS }));
const steps = tale(900, 11);

let folder: string;
let copy: Copy;
let earlier: Copy;

beforeAll(async () => {
  folder = await temporaryFolder();
  const author = new Author(election);
  write(author, steps.slice(0, 600));
  const path = join(folder, 'export');
  await exported(author, join(folder, 'earlier'));
  earlier = await Copy.of(join(folder, 'earlier'), author.ends.slice());
  write(author, steps.slice(600));
  await exported(author, path);
  copy = await Copy.of(path, author.ends.slice());
});

afterEach(() => copy.mend());
afterAll(() => rm(folder, { recursive: true, force: true }));

class Chance {
  readonly #random: () => number;
  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }
  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
  /** A shard that has several events. */
  get shard(): number {
    return this.of(copy.sizes.flatMap((size, shard) => (size > 3 ? [shard] : [])));
  }
}

const seeds = Array.from({ length: CASES }, (_, seed) => ({ seed }));
const look = (more = {}) => verifyExport(copy.folder, more);

/** The first place where two lists of events differ. */
function firstDifference(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  let at = 0;
  while (at < a.length && at < b.length && Buffer.compare(a[at]!, b[at]!) === 0) at += 1;
  return at;
}

/** Whether what happened to events can't be told from the last event of a bundle. */
const isEdge = (offset: number): boolean => offset % TILE_WIDTH === TILE_WIDTH - 1;

function changed(entry: Uint8Array, chance: Chance): Uint8Array {
  const bytes = Buffer.from(entry);
  const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x30 && bytes[i]! <= 0x39);
  const at = chance.of(digits);
  bytes[at] = 0x30 + ((bytes[at]! - 0x30 + 1 + chance.below(9)) % 10);
  return bytes;
}

it('nothing is wrong with the export itself', async () => {
  expect((await look()).faults).toEqual([]);
  expect(copy.sizes.filter((size) => size > TILE_WIDTH).length).toBeGreaterThan(0);
});

describe.each(seeds)('the log, seed $seed', ({ seed }) => {
  it('with an event changed', async () => {
    const chance = new Chance(seed);
    const { shard } = chance;
    const entries = copy.entries(shard);
    const at = chance.below(entries.length);
    entries[at] = changed(entries[at]!, chance);
    await copy.writeEntries(shard, entries);
    const { faults } = await look();
    expect(faults[0]).toMatchObject({ code: 'event-changed', where: `${shard}:${at}` });
    expect(faults[0]!.message).toContain(`event ${shard}:${at}`);
  });

  it('with an event changed and the tiles made to fit', async () => {
    const chance = new Chance(seed);
    const { shard } = chance;
    const entries = copy.entries(shard);
    const at = chance.below(entries.length);
    entries[at] = changed(entries[at]!, chance);
    await copy.writeEntries(shard, entries);
    await copy.writeTiles(shard, entries);
    expect((await look()).faults[0]).toMatchObject({ code: 'log-rewritten', where: `log/${shard}` });
  });

  it('with an event removed', async () => {
    const chance = new Chance(seed);
    const { shard } = chance;
    const before = copy.entries(shard);
    const entries = before.toSpliced(chance.below(before.length), 1);
    await copy.writeEntries(shard, entries);
    const at = firstDifference(before, entries);
    const [fault] = (await look()).faults;
    expect(fault!.where).toBe(`${shard}:${at}`);
    expect(fault!.code).toBe(isEdge(at) && at < entries.length ? 'event-changed' : 'event-removed');
  });

  it('with an event inserted', async () => {
    const chance = new Chance(seed);
    const { shard } = chance;
    const before = copy.entries(shard);
    const entries = before.toSpliced(chance.below(before.length + 1), 0, changed(chance.of(before), chance));
    await copy.writeEntries(shard, entries);
    const at = firstDifference(before, entries);
    const [fault] = (await look()).faults;
    expect(fault!.where).toBe(`${shard}:${at}`);
    expect(fault!.code).toBe(isEdge(at) && at < before.length ? 'event-changed' : 'event-inserted');
  });

  it('with events in another order', async () => {
    const chance = new Chance(seed);
    const { shard } = chance;
    const before = copy.entries(shard);
    const entries = before.slice();
    const bundle = chance.below(Math.ceil(entries.length / TILE_WIDTH)) * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, entries.length - bundle);
    const [a, b] = [bundle + chance.below(width), bundle + chance.below(width)];
    [entries[a], entries[b]] = [entries[b]!, entries[a]!];
    await copy.writeEntries(shard, entries);
    const at = firstDifference(before, entries);
    const { faults } = await look();
    if (at === before.length) expect(faults).toEqual([]);
    else expect(faults[0]).toMatchObject({ code: 'events-reordered', where: `${shard}:${at}` });
  });

  it('with an event moved to another shard', async () => {
    const chance = new Chance(seed);
    const from = chance.shard;
    const to = chance.of([...copy.sizes.keys()].filter((shard) => shard !== from && copy.sizes[shard]! > 0));
    const [source, target] = [copy.entries(from), copy.entries(to)];
    const at = 1 + chance.below(source.length - 1);
    const moved = source.toSpliced(at, 1);
    const grown = target.toSpliced(1 + chance.below(target.length - 1), 0, source[at]!);
    await copy.writeEntries(from, moved);
    await copy.writeEntries(to, grown);
    const places = [`${from}:${firstDifference(source, moved)}`, `${to}:${firstDifference(target, grown)}`];
    const { faults } = await look();
    expect(
      faults
        .filter(({ code }) => code.startsWith('event'))
        .map(({ where }) => where)
        .sort(),
    ).toEqual(places.sort());
  });

  it('cut off', async () => {
    const chance = new Chance(seed);
    const { shard } = chance;
    const bundle = Math.floor((copy.sizes[shard]! - 1) / TILE_WIDTH);
    await copy.remove(copy.bundlePath(shard, bundle));
    const [fault] = (await look()).faults;
    expect(fault).toMatchObject({ code: 'file-missing', where: copy.bundlePath(shard, bundle) });
    expect(fault!.message).toContain(`events ${shard}:${bundle * TILE_WIDTH} to ${shard}:${copy.sizes[shard]! - 1}`);
  });

  it('with a tile damaged', async () => {
    const chance = new Chance(seed);
    const path = chance.of(copy.paths.filter((one) => /tile\/\d/.test(one)));
    const bytes = Buffer.from(copy.bytes(path));
    bytes[chance.below(bytes.length)]! ^= 1 << chance.below(8);
    await copy.write(path, bytes);
    const { faults } = await look();
    expect(faults).toEqual([expect.objectContaining({ code: 'tile-damaged', where: path })]);
    expect(faults[0]!.message).toContain(path);
  });

  it('with the checkpoint of another key, election, shard or moment', async () => {
    const chance = new Chance(seed);
    const { shard } = chance;
    const path = checkpointPath(shard);
    const text = copy.text(path).split('\n\n')[0]!;
    const other = readSigningKey(makeSigningKey())!;
    const elsewhere = shardOrigin('elsewhere-rehearsal', shard);
    const forgeries = {
      'other-key': [
        signNote(`${text}\n`, { name: shardOrigin(election.definition.id, shard), key: other }),
        signNote(`${elsewhere}${text.slice(text.indexOf('\n'))}\n`, { name: elsewhere, key: KEY }),
        copy.text(checkpointPath((shard + 1) % SHARDS)),
      ],
      'bad-signature': [copy.text(path).replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`)],
      'checkpoint-differs': [earlier.text(path)],
    };
    for (const [code, notes] of Object.entries(forgeries))
      for (const note of notes) {
        await copy.write(path, note);
        expect((await look()).faults).toEqual([expect.objectContaining({ code, where: path })]);
      }
  });
});

describe.each(seeds)('the results, seed $seed', ({ seed }) => {
  it('with a figure edited', async () => {
    const chance = new Chance(seed);
    const lines = copy.text('results.csv').split('\n');
    const at = 1 + chance.below(lines.length - 2);
    const [, row, value] = /^(.*),(\d+)$/.exec(lines[at]!)!;
    lines[at] = `${row},${Number(value) + 1 + chance.below(9)}`;
    await copy.write('results.csv', lines.join('\n'));
    const { faults } = await look();
    expect(faults).toEqual([expect.objectContaining({ code: 'results-differ', where: `results.csv: ${row}` })]);
    expect(faults[0]!.message).toContain(`counted anew ${value}`);
  });

  it('with a row taken out, or one put in', async () => {
    const chance = new Chance(seed);
    const lines = copy.text('results.csv').split('\n');
    const at = 1 + chance.below(lines.length - 2);
    const row = lines[at]!.replace(/,\d+$/, '');
    await copy.write('results.csv', lines.toSpliced(at, 1).join('\n'));
    expect((await look()).faults).toEqual([
      expect.objectContaining({ code: 'results-differ', where: `results.csv: ${row}` }),
    ]);
    await copy.write('results.csv', lines.toSpliced(at + 1, 0, `${row}.0,7`).join('\n'));
    expect((await look()).faults).toEqual([
      expect.objectContaining({ code: 'results-differ', message: expect.stringContaining('no such figure') }),
    ]);
  });

  it('with a fingerprint forged', async () => {
    const forged = Buffer.from(randomBytes(new Chance(seed))).toString('hex');
    const { fingerprint } = JSON.parse(copy.text('export.json'));
    await copy.write('export.json', copy.text('export.json').replace(fingerprint, forged));
    expect((await look()).faults).toEqual([
      expect.objectContaining({ code: 'fingerprint-differs', where: 'export.json' }),
    ]);
    await copy.write('head', copy.text('head').replace(fingerprint, forged));
    expect((await look()).faults).toEqual([expect.objectContaining({ code: 'bad-signature', where: 'head' })]);
  });

  it('with the definition exchanged', async () => {
    const chance = new Chance(seed);
    const { definition } = election;
    const candidates = definition.candidates.slice();
    const at = chance.below(candidates.length);
    candidates[at] = { ...candidates[at]!, name: `Somebody ${seed}` };
    await copy.write('definition.json', canonicalBytes({ ...definition, candidates }));
    const { faults } = await look();
    expect(faults).toEqual([expect.objectContaining({ code: 'other-definition', where: 'definition.json' })]);
  });
});

/** A receipt as it was kept with the answer to its sheet; `given`: the place that the receipt is for. */
function receiptOf(
  entries: readonly Uint8Array[],
  { shard, offset, given = offset, key = KEY }: { shard: number; offset: number; given?: number; key?: typeof KEY },
): string {
  const { id, subject } = JSON.parse(Buffer.from(entries[offset]!).toString());
  const [station, contest] = subject.split('/');
  const claim = { election: election.definition.id, shard, offset: given, leaf: leafHash(entries[given]!) };
  const note = signNote(formatReceipt(claim), { name: receiptOrigin(claim.election), key });
  return JSON.stringify({ id, station, contest, receipt: { note } });
}

it('receipts that are of another sheet, or not signed, are told', async () => {
  const shards = copy.sizes.map((_, shard) => copy.entries(shard));
  const ids = shards.map((entries) => entries.map((entry) => JSON.parse(Buffer.from(entry).toString()).id));
  const thief = readSigningKey(makeSigningKey())!;
  const right: { from: string; text: string }[] = [];
  const wrong = new Map<string, { code: string; text: string }>();
  for (const { seed } of Array.from({ length: 100 }, (_, seed) => ({ seed }))) {
    const chance = new Chance(seed);
    const { shard } = chance;
    const isSheet = (entry: Uint8Array) => Buffer.from(entry).includes('"tally.sheet.submitted.v1"');
    const sheets = [...shards[shard]!.entries()].flatMap(([offset, entry]) => (isSheet(entry) ? [offset] : []));
    const offset = chance.of(sheets);
    const other = chance.of(sheets.filter((at) => ids[shard]![at] !== ids[shard]![offset]));
    const text = receiptOf(shards[shard]!, { shard, offset });
    right.push({ from: `right ${seed}`, text });
    const forgeries = [
      { code: 'receipt-contradicted', text: receiptOf(shards[shard]!, { shard, offset, given: other }) },
      { code: 'bad-signature', text: text.replace(/receipt\\n\d+:\d+/, `receipt\\n${shard}:${other}`) },
      { code: 'other-key', text: receiptOf(shards[shard]!, { shard, offset, key: thief }) },
    ];
    wrong.set(`wrong ${seed}`, forgeries[seed % forgeries.length]!);
  }
  expect((await look({ receipts: right })).receipts).toHaveLength(100);
  const { faults, moreFaults } = await look({ receipts: [...wrong].map(([from, { text }]) => ({ from, text })) });
  for (const { code, where, message } of faults) {
    expect([where, code]).toEqual([where, wrong.get(where)!.code]);
    expect(message).toContain(where);
  }
  const told = faults.length + moreFaults.reduce((sum, { count }) => sum + count, 0);
  expect(told).toBe(100);
});

describe('who holds the key', () => {
  const operator = readSigningKey(makeSigningKey())!;
  const known = { name: headOrigin(election.definition.id), publicKey: publicKeyOf(KEY) };
  const kept = () => [{ from: 'the head of monday', note: earlier.text('head') }];

  async function forge(name: string, key: typeof KEY): Promise<string> {
    const author = new Author(election);
    write(author, steps.slice(0, 400));
    write(author, tale(600, 12));
    const path = join(folder, name);
    await exported(author, path, { key });
    return path;
  }

  it('and makes all anew with another key is told by the key that is known', async () => {
    const path = await forge('another-key', operator);
    expect((await verifyExport(path)).faults).toEqual([]);
    const { faults } = await verifyExport(path, { key: known });
    expect(faults.map(({ code }) => code)).toEqual(['other-key', 'other-key']);
    expect(faults[0]!.message).toContain(formatVerifier(known));
  });

  it('and rewrites history is told by a head that somebody kept', async () => {
    const path = await forge('rewritten', KEY);
    expect((await verifyExport(path, { key: known })).faults).toEqual([]);
    const { faults } = await verifyExport(path, { key: known, heads: kept() });
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) {
      expect(fault.code).toBe('log-forked');
      expect(fault.message).toContain('the head of monday');
    }
  });

  it('and takes the last events away is told by a head that somebody kept', async () => {
    const author = new Author(election);
    write(author, steps.slice(0, 500));
    const path = join(folder, 'shorter');
    await exported(author, path);
    const codes = (await verifyExport(path, { heads: kept() })).faults.map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['log-forked']));
  });

  it('and goes on from the head that somebody kept is told nothing', async () => {
    expect((await look({ key: known, heads: kept() })).faults).toEqual([]);
  });

  it('takes a head of somebody else for none', async () => {
    const { faults } = await look({ heads: [{ from: 'a letter', note: 'Dear voters\n' }] });
    expect(faults).toEqual([expect.objectContaining({ code: 'other-key', where: 'a letter' })]);
  });
});

it('a list of records under other keys that was changed is told', async () => {
  const lines = copy.text('record-keys.ndjson').split('\n');
  await copy.write('record-keys.ndjson', lines.slice(1).join('\n'));
  expect((await look()).faults[0]).toMatchObject({ code: 'record-keys-changed', where: 'record-keys.ndjson' });
});

function randomBytes(chance: Chance): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => chance.below(256));
}
