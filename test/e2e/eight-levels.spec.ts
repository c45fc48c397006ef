/**
 * An election of eight levels with branches that skip levels, contests over scattered communes, stations that vote in
 * some contests only, optional and repeated fields; a random history of everything that can happen to sheets: every
 * figure at every unit, now and at any earlier position, is that of a plain addition (test/kit/plain-count.ts).
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPackage } from '#definition';
import { FOLD_VERSION, formatPosition, type Position, TRACKS, type Unit } from '#domain';
import type { EventLogs } from '#event-log';
import { openEmbeddedLogs } from '#event-log/embedded';
import {
  bodyCsv,
  certifiedContests,
  Elections,
  fingerprint,
  lineageAnswer,
  positionAtTime,
  resolveAt,
  type ServedElection,
  timelineAnswer,
  unitAnswer,
  View,
} from '#projection';
import type { ReadModel, ReadModels } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';
import { Author, type Written } from '../kit/author.ts';
import { writeEightLevels } from '../kit/eight-levels.ts';
import { MemoryLog } from '../kit/memory-log.ts';
import { csvByNode, csvOf, project, servedOf } from '../kit/models.ts';
import { PlainCount } from '../kit/plain-count.ts';
import { countedIn } from '../kit/plain-sheet.ts';
import { tale, writeStep } from '../kit/story.ts';

const SEED = 2013;
const ALL = ['provisional', 'verified', 'all'];
let folder: string;
let logs: EventLogs;
let models: ReadModels;
let served: ServedElection;
let model: ReadModel;
let author: Author;
let now = Date.parse('2021-05-23T20:00:00+07:00');
let times: number[][];

async function openElection(): Promise<void> {
  const pack = await readPackage(await writeEightLevels(folder));
  if (!pack.ok) throw new Error(JSON.stringify(pack.problems, null, 1));
  const { definition, digest, bytes } = pack;
  logs = await openEmbeddedLogs(folder, { clock: () => now });
  models = await openEmbeddedModels(folder);
  const opened = await new Elections(logs).open(
    { id: definition.id, shards: definition.shards, rootUnit: 'N', digest, bytes },
    { id: 'local', role: 'manager', unit: 'N' },
    new Date(now),
  );
  if (opened.outcome === 'other-package') throw new Error('another package is open');
  served = opened.served;
}

/** A night of some thousand events, appended as they come: some at once, some seconds later. */
async function playNight(events: number): Promise<void> {
  const { log, election } = served;
  author = new Author(election, { open: false });
  for (let shard = 0; shard < log.shards; shard += 1)
    for (const { key, value } of await log.read(shard, 0)) author.put(value, shard, key);
  const waiting: { shard: number; key: string; value: Uint8Array }[] = [];
  for (const [i, step] of tale(events, SEED).entries()) {
    waiting.push(writeStep(author, step));
    if (step.n % 10 !== 0 && i < events - 1) continue;
    await log.append(waiting.splice(0));
    now += step.n * 100;
  }
  times = await Promise.all(
    author.ends.map(async (end, shard) => {
      const records = await log.read(shard, 0, { maxRecords: end });
      expect(records.length).toBe(end);
      return records.map(({ logTime }) => logTime);
    }),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-levels-'));
  await openElection();
  await playNight(2_400);
  model = await models.create('eight-levels', served.log.shards, FOLD_VERSION);
  await project(served, model, { batch: 150 });
});

afterAll(async () => {
  await models?.close();
  await logs?.close();
  await rm(folder, { recursive: true, force: true });
});

async function at<T>(position: Position | undefined, read: (view: View) => Promise<T>): Promise<T> {
  const view = await View.open(served, model, position);
  return read(view).finally(() => view.close());
}

/** The plain count of what the log held at a position. */
function plainAt(position: Position): PlainCount {
  const plain = new PlainCount(served.election.definition, served.election.digest);
  for (const record of author.records) if (record.offset < position[record.shard]!) plain.read(record);
  return plain;
}

/** The first and the last, such where shards are far apart, just before the last change of each, and any others. */
function positions(count: number): Position[] {
  const { ends, records } = author;
  const apart = ends.map((end, shard) => (shard % 2 ? end : 1));
  const isChange = ({ verdict, value }: Written): boolean =>
    verdict.accepted && /"type":"tally\.(sheet|count)\./.test(Buffer.from(value).toString('latin1'));
  const lastChange = ends.map((_, shard) => records.findLast((one) => one.shard === shard && isChange(one))!.offset);
  const somewhere = fc.tuple(...ends.map((end) => fc.nat(end)));
  const others = fc.sample(somewhere, { numRuns: count, seed: SEED });
  return [ends.map(() => 0), ends.map(() => 1), apart, lastChange, ...others];
}

/** Whether the log has an accepted change of the contest's sheets from one position on, before another. */
function isChangedBetween(contest: string, from: string, to: Position): boolean {
  const bound = from.split(',').map((part) => Number(part.split(':')[1]));
  const stations = author.plain.stations(contest);
  return author.records.some(({ shard, offset, value, verdict }) => {
    if (!verdict.accepted || offset < bound[shard]! || offset >= to[shard]!) return false;
    const { type, subject } = JSON.parse(Buffer.from(value).toString('utf8')) as { type: string; subject: string };
    if (type === 'tally.station.closed.v1') return stations.includes(subject);
    return /^tally\.(sheet|count)\./.test(type) && subject.endsWith(`/${contest}`);
  });
}

/** The rows of a unit and contest in a plain CSV: values by `track,key`. */
function rowsAt(csv: string, unit: string, contest: string): Record<string, number> {
  const head = `\n${unit},${contest},`;
  const rows: Record<string, number> = {};
  for (let from = csv.indexOf(head); from >= 0; from = csv.indexOf(head, from + 1)) {
    const line = csv.slice(from + head.length, csv.indexOf('\n', from + 1));
    const comma = line.lastIndexOf(',');
    rows[line.slice(0, comma)] = Number(line.slice(comma + 1));
  }
  return rows;
}

/** A few units of every level, those that skip levels among them. */
function someUnits(): Unit[] {
  const { election } = served;
  const codes = ['N', 'N1', 'N1.1', 'N2.1', 'N2.2.2.1', 'camp', 'embassies', 'ship-1', 'hospital', 'N1.2.1.1.1.1.2'];
  return codes.map((code) => election.unit(code)!);
}

describe('an election of eight levels', () => {
  it('is one worth counting', () => {
    const { election } = served;
    expect(new Set(election.units.map(({ level }) => level)).size).toBe(8);
    const codes = new Set(author.records.flatMap(({ verdict }) => (verdict.accepted ? [] : [verdict.code])));
    const expected =
      'bad-structure figure-not-entered idempotency-conflict not-allowed other-definition precondition-failed ' +
      'reason-required repeat same-person sealed stale-revision unchanged unknown-candidate unknown-contest ' +
      'unknown-station wrong-shard';
    expect([...codes].sort()).toEqual(expected.split(' '));
    // In the country, no number of progress and no sum is 0 in any track.
    const rows = Object.entries(rowsAt(author.plain.csv(ALL), 'N', 'president'));
    expect(rows.filter(([, value]) => value === 0)).toEqual([]);
    expect(rows.length).toBe(13 + 3 * (4 + 1 + 3));
  });

  it('has the figures of a plain addition at every unit, in every track, and all thirteen numbers of progress', async () => {
    const csv = author.plain.csv(ALL);
    expect(csv.split('\n').length).toBeGreaterThan(6_000);
    expect(await at(undefined, csvOf)).toBe(csv);
    expect(await at(undefined, csvByNode)).toBe(csv);
  });

  it('has the fingerprints of a plain addition', async () => {
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const tracks = ['provisional', 'verified'];
    expect(await at(undefined, (view) => fingerprint(view))).toBe(hash(author.plain.csv(tracks)));
    for (const contest of served.election.contests)
      expect(await at(undefined, (view) => fingerprint(view, contest))).toBe(
        hash(author.plain.csv(tracks, contest.id)),
      );
  });

  it('adds up the contests of a body, without votes', async () => {
    const expected = new Map<string, number>();
    for (const line of author.plain.csv(ALL).trimEnd().split('\n').slice(1)) {
      const [unit, contest, track, key, value] = line.split(',') as [string, string, string, string, string];
      if (!contest.startsWith('mp-') || key.startsWith('votes.')) continue;
      const row = `${unit},assembly,${track},${key}`;
      expected.set(row, (expected.get(row) ?? 0) + Number(value));
    }
    const rows = [...expected].map(([row, value]) => `${row},${value}\n`).sort();
    const query = { unit: served.election.root, depth: 'all' } as const;
    const found = await at(undefined, async (view) => {
      let text = '';
      for await (const chunk of bodyCsv(view, query, 'assembly', TRACKS)) text += chunk;
      return text;
    });
    expect(found).toBe(`unit,contest,track,key,value\n${rows.join('')}`);
  });
});

describe('at an earlier position', () => {
  it('every figure is that of a plain addition up to there, read unit by unit or as a whole tree', async () => {
    for (const position of positions(9)) {
      const csv = plainAt(position).csv(ALL);
      expect([position, await at(position, csvOf)]).toEqual([position, csv]);
      expect([position, await at(position, csvByNode)]).toEqual([position, csv]);
    }
  });

  it('every sheet is what it was', async () => {
    for (const position of positions(4)) {
      const plain = plainAt(position);
      await at(position, async (view) => {
        for (const contest of served.election.contests)
          for (const station of contest.stations) {
            const { copies, status, stamp, sealed } = plain.sheet(station.code, contest.id);
            const found = await view.sheet(station, contest);
            expect([station.code, contest.id, found?.view, found?.offset]).toMatchObject([
              station.code,
              contest.id,
              stamp === 0
                ? undefined
                : { revision: copies.length, status, sealed, closed: plain.isClosed(station.code) },
              stamp === 0 ? undefined : stamp,
            ]);
          }
      });
    }
  });

  it('every document of a sheet is that of a model which has read no further', async () => {
    const { election } = served;
    const { id, shards } = election.definition;
    for (const position of positions(3)) {
      const read = author.records.filter(({ shard, offset }) => offset < position[shard]!);
      const stopped = servedOf(election, new MemoryLog(id, shards, read));
      const other = await models.create(id, shards, FOLD_VERSION);
      await project(stopped, other);
      const snapshot = await other.snapshot();
      await at(position, async (view) => {
        for (const contest of election.contests)
          for (const station of contest.stations) {
            expect(await view.sheetDoc(station, contest)).toEqual(await snapshot.sheet(station.code, contest.id));
            const offsets = (await view.attemptsOn(station, contest)).map(({ offset }) => offset);
            expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
          }
      });
      snapshot.close();
      await models.drop(id, other.version);
    }
  });

  it('candidates are withdrawn, and contests certified and changed since, as they were then', async () => {
    const { election } = served;
    let changed = 0;
    for (const position of [author.ends, ...positions(12)]) {
      const plain = plainAt(position);
      const { contests } = await at(position, (view) => unitAnswer(view, election.root));
      for (const { id, candidates, certified } of contests) {
        const withdrawn = candidates.filter((candidate) => candidate.withdrawn).map(({ number }) => `${id}/${number}`);
        expect(withdrawn).toEqual(
          candidates.map(({ number }) => `${id}/${number}`).filter((one) => plain.withdrawn.has(one)),
        );
        const bound = plain.certified.get(id);
        const since = bound !== undefined && isChangedBetween(id, bound, position);
        if (since) changed += 1;
        expect(certified).toMatchObject(
          bound === undefined ? { state: 'open' } : { state: 'certified', position: bound, changedSince: since },
        );
      }
    }
    expect(changed).toBeGreaterThan(3);
    const now = await at(undefined, (view) => certifiedContests(view));
    expect([...now].sort()).toEqual([...author.plain.certified.keys()].sort());
  });

  it('is the one of a time: in every shard all records up to it', async () => {
    const all = times.flat();
    const moments = [0, Math.min(...all) - 1, Math.max(...all), Math.max(...all) + 1];
    moments.push(
      ...fc.sample(fc.constantFrom(...all), { numRuns: 20, seed: SEED }).flatMap((time) => [time, time - 1]),
    );
    const snapshot = await model.snapshot();
    for (const moment of moments) {
      const expected = times.map((shard) => shard.filter((time) => time <= moment).length);
      expect(await positionAtTime(snapshot, moment)).toEqual(expected);
      const text = new Date(moment).toISOString();
      expect(await resolveAt(served, model, text)).toEqual({ position: expected, isTime: true });
      expect(await resolveAt(served, model, formatPosition(expected))).toEqual({ position: expected, isTime: false });
      const before = times.flatMap((shard, i) => shard.slice(0, expected[i]));
      expect(await at(expected, async ({ asOf }) => asOf)).toBe(before.length > 0 ? Math.max(...before) : null);
    }
    snapshot.close();
  });

  it('is none that lies beyond what is counted, nor one of another election', async () => {
    const beyond = author.ends.map((end, shard) => end + (shard === 2 ? 1 : 0));
    for (const text of [formatPosition(beyond), '0:1', '0:1,1:1,2:1,3:1,4:1', '1:1,0:1,2:1,3:1', 'yesterday', ''])
      expect(await resolveAt(served, model, text)).toHaveProperty('problem');
  });
});

describe('the lineage of a total', () => {
  it('adds up to it, and names the revision that counts and where it came from', async () => {
    for (const position of [author.ends, ...positions(3)]) {
      const plain = plainAt(position);
      const csv = plain.csv(ALL);
      await at(position, async (view) => {
        for (const unit of someUnits())
          for (const contest of served.election.contestsAt(unit))
            for (const track of TRACKS) {
              const { sheets, total } = await lineageAnswer(view, unit, contest, track, null);
              const sums: Record<string, number> = {};
              for (const { fields, votes } of sheets)
                for (const [prefix, values] of [
                  ['field', fields],
                  ['votes', votes],
                ] as const)
                  for (const [name, value] of Object.entries(values))
                    sums[`${track},${prefix}.${name}`] = (sums[`${track},${prefix}.${name}`] ?? 0) + Number(value);
              const rows = Object.entries(rowsAt(csv, unit.code, contest.id));
              const counted = rows.filter(([key]) => key.startsWith(track) && !key.startsWith(`${track},present.`));
              expect(sums).toEqual(Object.fromEntries(counted));
              expect(total === null).toBe(sheets.length === 0);
              for (const sheet of sheets) {
                const copy = countedIn(plain.sheet(sheet.station, contest.id), track)!;
                const { shard } = served.election.unit(sheet.station)!;
                expect(sheet).toMatchObject({
                  revision: copy.revision,
                  position: `${shard}:${copy.offset}`,
                  corrections: copy.revision - 1,
                });
              }
            }
      });
    }
  });

  it('has only the sheets that state a figure, where one is asked for', async () => {
    const { election } = served;
    const contest = election.contest('president')!;
    const csv = author.plain.csv(ALL);
    for (const track of TRACKS) {
      const asked = (key: string) => at(undefined, (view) => lineageAnswer(view, election.root, contest, track, key));
      const { sheets } = await asked('field.K');
      expect(sheets.length).toBe(rowsAt(csv, 'N', 'president')[`${track},present.K`]);
      const all = (await asked('votes.10')).sheets;
      expect(all.reduce((sum, { votes }) => sum + votes['10']!, 0)).toBe(
        rowsAt(csv, 'N', 'president')[`${track},votes.10`],
      );
    }
  });
});

describe('the timeline of a total', () => {
  it('ends in it, and every point of it is true at the position it names', async () => {
    for (const position of [author.ends, ...positions(2).slice(3)]) {
      const csv = plainAt(position).csv(ALL);
      await at(position, async (view) => {
        for (const unit of someUnits())
          for (const contest of served.election.contestsAt(unit).slice(0, 2))
            for (const track of TRACKS) {
              const { points } = await timelineAnswer(view, unit, contest, track);
              const last = points.at(-1);
              const rows = rowsAt(csv, unit.code, contest.id);
              const votes = Object.entries(rows).filter(([key]) => key.startsWith(`${track},votes.`));
              expect(last?.votes ?? {}).toEqual(
                Object.fromEntries(votes.map(([key, n]) => [key.split('votes.')[1], n])),
              );
              expect([last?.received ?? 0, last?.counted ?? 0, last?.registeredCounted ?? 0]).toEqual(
                ['received', 'counted', 'registeredCounted'].map((name) => rows[`,progress.${name}`]),
              );
              const moments = points.map(({ time }) => Date.parse(time));
              expect(moments).toEqual([...moments].sort((a, b) => a - b));
            }
      });
    }
    const contest = served.election.contest('president')!;
    for (const unit of [served.election.root, served.election.unit('N1.1')!, served.election.unit('hospital')!]) {
      const { points } = await at(undefined, (view) => timelineAnswer(view, unit, contest, 'provisional'));
      expect(points.length).toBeGreaterThan(3);
      for (const point of points.filter((_, i) => i % 9 === 1).slice(0, 8)) {
        const then = point.position.split(',').map((part) => Number(part.split(':')[1]));
        const rows = rowsAt(plainAt(then).csv(ALL), unit.code, 'president');
        for (const [number, votes] of Object.entries(point.votes))
          expect(votes).toBe(rows[`provisional,votes.${number}`]);
        expect([point.received, point.counted]).toEqual([rows[',progress.received'], rows[',progress.counted']]);
      }
    }
  });
});
