/**
 * The same events give the same documents: in whatever order shards are written, in whatever batches they are folded,
 * however often records are repeated, into however many shards the election is split.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Definition, type Election } from '#domain';
import { Author, type Written } from '../../test/kit/author.ts';
import { Desk } from '../../test/kit/desk.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import {
  csvByNode,
  csvOf,
  documentsOf,
  type Folder,
  modelFolder,
  project,
  servedOf,
  viewing,
} from '../../test/kit/models.ts';
import { type Step, story, tale, write, writeStep } from '../../test/kit/story.ts';
import { fingerprint } from './results.ts';

const SHARDS = 4;
const ALL = ['provisional', 'verified', 'all'];
let folder: Folder;
beforeAll(async () => {
  folder = await modelFolder();
});
afterAll(() => folder.dispose());

const election = electionOf(province({ shards: SHARDS, entry: 'double' }));

interface Made {
  readonly documents: string;
  readonly csv: string;
  readonly fingerprint: string;
}

/** What a log makes of an election, projected in batches of so many records. */
async function made(of: Election, records: readonly Written[], batch?: number): Promise<Made> {
  const log = new MemoryLog(of.definition.id, of.definition.shards, records);
  const served = servedOf(of, log);
  const model = await folder.model(served);
  await project(served, model, { batch });
  const documents = await documentsOf(model);
  const csv = await viewing(served, model, csvOf);
  expect(await viewing(served, model, csvByNode)).toBe(csv);
  const print = await viewing(served, model, (view) => fingerprint(view));
  const { current } = (await folder.models.pointer(of.definition.id))!;
  if (model.version !== current) await folder.models.drop(of.definition.id, model.version);
  return { documents, csv, fingerprint: print };
}

function written(of: Election, steps: readonly Step[]): Author {
  const author = new Author(of);
  write(author, steps);
  return author;
}

describe('one history', () => {
  const author = written(election, tale(600, 7));
  let reference: Made;
  beforeAll(async () => {
    reference = await made(election, author.records);
  });

  it('gives what a plain count gives', () => {
    expect(reference.csv).toBe(author.plain.csv(ALL));
    const csv = author.plain.csv(['provisional', 'verified']);
    expect(reference.fingerprint).toBe(createHash('sha256').update(csv).digest('hex'));
    // The history is worth its name: it accepts and rejects, in all tracks.
    const rejections = new Set(author.records.map(({ verdict }) => (verdict.accepted ? 'accepted' : verdict.code)));
    expect(rejections.size).toBeGreaterThanOrEqual(14);
    const empty = reference.csv.split('\n').filter((line) => /^P,all,.*,0$/.test(line));
    expect(empty).toEqual([]);
  });

  it('gives the same bytes in any batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 120 }), async (batch) => {
        expect(await made(election, author.records, batch)).toEqual(reference);
      }),
      { numRuns: 6, seed: 1, examples: [[1]] },
    );
  });

  it('gives the same bytes in any interleaving of its shards', async () => {
    const byShard = Array.from({ length: SHARDS }, (_, shard) => author.records.filter((one) => one.shard === shard));
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat(SHARDS - 1)), fc.nat(60), async (turns, batch) => {
        const left = byShard.map((records) => [...records]);
        const order: Written[] = [];
        while (order.length < author.records.length) {
          const next = left[turns.next().value]!.shift();
          if (next) order.push(next);
        }
        expect(await made(election, order, batch + 1)).toEqual(reference);
      }),
      { numRuns: 6, seed: 2 },
    );
  });

  it('gives the same totals, sheets and fingerprint however often records are repeated', async () => {
    const picks = fc.array(fc.tuple(fc.nat(author.records.length - 1), fc.nat(10_000)), { maxLength: 60 });
    const sheets = (records: readonly Written[]): unknown => sheetsOf(election, records);
    const expected = sheets(author.records);
    await fc.assert(
      fc.asyncProperty(picks, async (repeats) => {
        const order = [...author.records];
        for (const [which, after] of repeats) {
          const record = author.records[which]!;
          const at = order.indexOf(record) + 1;
          order.splice(at + (after % (order.length - at + 1)), 0, record);
        }
        const repeated = replaced(order);
        const { csv, fingerprint: print } = await made(election, repeated, 50);
        expect([csv, print]).toEqual([reference.csv, reference.fingerprint]);
        expect(sheets(repeated)).toEqual(expected);
      }),
      { numRuns: 12, seed: 3 },
    );
  });
});

/**
 * Records in a new order, repeats among them: what names an offset (the state an act saw) is told where that state
 * lies now. A repeat is the same bytes as the first.
 */
function replaced(order: readonly Written[]): Written[] {
  const author = new Author(election, { open: false });
  const moved = new Map<string, number>();
  const bytes = new Map<Written, Uint8Array>();
  for (const record of order) {
    const { shard, offset, key, value } = record;
    const event = JSON.parse(Buffer.from(value).toString('utf8')) as { data: { seen?: { offset: number } } };
    const { seen } = event.data;
    const now = seen && moved.get(`${shard}:${seen.offset}`);
    if (seen && now !== undefined) seen.offset = now;
    const told = bytes.get(record) ?? Buffer.from(JSON.stringify(event), 'utf8');
    bytes.set(record, told);
    const written = author.put(told, shard, key);
    if (!moved.has(`${shard}:${offset}`)) moved.set(`${shard}:${offset}`, written.offset);
  }
  return author.records;
}

/** The sheets without their offsets. */
function sheetsOf(of: Election, records: readonly Written[]): unknown {
  const desk = new Desk(of, { open: false });
  for (const record of records) desk.take(record);
  return of.contests.flatMap(({ id, stations }) =>
    stations.map(({ code }) => {
      const sheet = desk.sheet(code, id);
      return sheet && JSON.parse(JSON.stringify(sheet, (name, value) => (name === 'offset' ? undefined : value)));
    }),
  );
}

describe('any history', () => {
  it('gives what a plain count gives, in any batches', async () => {
    const entry = fc.constantFrom<Definition['entry']>('single', 'double');
    await fc.assert(
      fc.asyncProperty(story({ maxLength: 150 }), entry, fc.integer({ min: 1, max: 80 }), async (steps, way, batch) => {
        const of = electionOf(province({ shards: 2, entry: way, holdOn: batch % 2 ? 'error' : 'warning' }));
        const author = written(of, steps);
        const { csv } = await made(of, author.records, batch);
        expect(csv).toBe(author.plain.csv(ALL));
      }),
      { numRuns: 25, seed: 4 },
    );
  });

  it('gives one fingerprint in 1, 4 and 16 shards', async () => {
    await fc.assert(
      fc.asyncProperty(story({ minLength: 50, maxLength: 200 }), async (steps) => {
        const prints: string[] = [];
        for (const shards of [1, 4, 16]) {
          const of = electionOf(province({ shards, entry: 'double' }));
          const author = new Author(of);
          for (const step of steps) writeStep(author, step);
          const { fingerprint: print, csv } = await made(of, author.records, 64);
          expect(csv).toBe(author.plain.csv(ALL));
          prints.push(print);
        }
        expect(new Set(prints).size).toBe(1);
      }),
      { numRuns: 8, seed: 5 },
    );
  });
});
