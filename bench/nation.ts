/**
 * A made-up nation of any size: five levels, four contests a station, twelve fields and eight candidates a sheet, the
 * rules of Vietnam's 2021 elections. The same seed gives the same bytes.
 *
 * 8 stations a commune, 15 communes a district, 11 districts a province: 85,000 stations are 65 provinces.
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const ELECTION = 'bench-rehearsal';
export const ROOT = 'vn';
const CONTESTS_A_STATION = 4;
const STATIONS_A_COMMUNE = 8;
const COMMUNES_A_DISTRICT = 15;
const DISTRICTS_A_PROVINCE = 11;
const COMMUNES_A_CONSTITUENCY = 3;
const SEATS = 3;
const CANDIDATES = 8;
/** One sheet in so many breaks a rule that holds it. */
const HELD_ONE_IN = 500;

export interface NationOptions {
  readonly sheets: number;
  readonly seed?: number;
  readonly shards?: number;
}

export interface Nation {
  readonly stations: readonly Station[];
  readonly shards: number;
  readonly seed: number;
}

export interface Station {
  readonly code: string;
  readonly commune: string;
  readonly district: string;
  readonly province: string;
  readonly registered: number;
  /** National Assembly, province, district, commune. */
  readonly contests: readonly string[];
}

/** A sheet as a sender states it. */
export interface BenchSheet {
  readonly id: string;
  readonly station: string;
  readonly contest: string;
  readonly fields: Readonly<Record<string, number>>;
  readonly votes: Readonly<Record<string, number>>;
}

export function makeNation({ sheets, seed = 1, shards = 4 }: NationOptions): Nation {
  const random = randomFrom(seed);
  const stations = Array.from({ length: Math.ceil(sheets / CONTESTS_A_STATION) }, (_, index): Station => {
    const commune = Math.floor(index / STATIONS_A_COMMUNE);
    const district = Math.floor(commune / COMMUNES_A_DISTRICT);
    const province = Math.floor(district / DISTRICTS_A_PROVINCE);
    const communeCode = digits(commune + 1, 5);
    const districtCode = digits(district + 1, 3);
    const part = Math.floor((commune % COMMUNES_A_DISTRICT) / COMMUNES_A_CONSTITUENCY) + 1;
    return {
      code: `${communeCode}-${digits((index % STATIONS_A_COMMUNE) + 1, 2)}`,
      commune: communeCode,
      district: districtCode,
      province: digits(province + 1, 2),
      registered: 600 + Math.floor(random() * 1_800),
      contests: ['na', `p-${districtCode}`, `d-${districtCode}-${part}`, `c-${communeCode}`],
    };
  });
  return { stations, shards, seed };
}

/** Writes the election package into a folder. */
export async function writePackage(nation: Nation, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'election.json'), JSON.stringify(electionFile(nation)));
  await writeFile(join(folder, 'units.csv'), unitRows(nation).join('\n'));
  const contests = contestRows(nation);
  await writeFile(join(folder, 'contests.csv'), contests.join('\n'));
  const candidates = contests.slice(1).flatMap((row) => {
    const id = row.slice(0, row.indexOf(','));
    return Array.from({ length: CANDIDATES }, (_, i) => `${id},${i + 1},Candidate ${i + 1}`);
  });
  await writeFile(join(folder, 'candidates.csv'), ['contest,number,name', ...candidates].join('\n'));
}

function electionFile({ shards }: Nation): unknown {
  const level = (id: string, en: string): unknown => ({ id, name: { en } });
  const field = (id: string, role?: string, more: object = {}): unknown => ({
    id,
    ...(role && { role }),
    name: { en: id },
    ...more,
  });
  const optional = { optional: true };
  return {
    id: ELECTION,
    name: { en: 'Bench' },
    date: '2021-05-23',
    timezone: 'Asia/Ho_Chi_Minh',
    rehearsal: true,
    publish: { progress: 'always', turnout: 'always', results: 'always', log: 'always', lowestLevel: 'station' },
    languages: ['en'],
    levels: [
      level('nation', 'Nation'),
      level('province', 'Province'),
      level('district', 'District'),
      level('commune', 'Commune'),
      level('station', 'Station'),
    ],
    shards,
    shardLevel: 'commune',
    forms: {
      count: {
        shareOf: 'f.H',
        fields: [
          field('C', 'registered'),
          field('V', 'voted'),
          field('RCV', undefined, optional),
          field('P', 'issued'),
          field('X', 'spoiled', optional),
          field('U', 'unused', optional),
          field('R', 'collected'),
          field('H', 'valid'),
          field('K', 'invalid'),
          field('n', undefined, { ...optional, repeat: 'seats' }),
        ],
      },
    },
    rules: ['pack:vietnam-2021'],
    holdOn: 'error',
  };
}

function unitRows({ stations }: Nation): string[] {
  const rows = ['code,level,name,parent,registered', `${ROOT},nation,Nation,,`];
  const known = new Set<string>();
  const add = (code: string, level: string, parent: string): void => {
    if (known.has(code)) return;
    known.add(code);
    rows.push(`${code},${level},${level} ${code},${parent},`);
  };
  for (const { province, district, commune } of stations) {
    add(province, 'province', ROOT);
    add(district, 'district', province);
    add(commune, 'commune', district);
  }
  for (const { code, commune, registered } of stations)
    rows.push(`${code},station,Polling area ${code},${commune},${registered}`);
  return rows;
}

function contestRows({ stations }: Nation): string[] {
  const bodies = ['na', 'province', 'district', 'commune'];
  const areas = new Map<string, { readonly body: string; readonly area: Set<string> }>();
  for (const { contests, district, commune } of stations)
    for (const [i, id] of contests.entries()) {
      const known = areas.get(id) ?? { body: bodies[i]!, area: new Set<string>() };
      known.area.add([ROOT, district, commune, commune][i]!);
      areas.set(id, known);
    }
  const rows = ['id,name,area,form,body,seats,decision'];
  for (const [id, { body, area }] of areas)
    rows.push(`${id},Contest ${id},${[...area].join(' ')},count,${body},${SEATS},majority-of-valid-ballots`);
  return rows;
}

/** Every sheet of the nation, station by station, as an office would hand them over. */
export function* sheetsOf({ stations, seed }: Nation): Generator<BenchSheet> {
  const random = randomFrom(seed ^ 0x5eed);
  for (const station of stations) for (const contest of station.contests) yield sheetOf(station, contest, random);
}

/** A sheet that keeps every rule, except one in `HELD_ONE_IN`. */
export function sheetOf({ code, registered }: Station, contest: string, random: () => number): BenchSheet {
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const V = Math.floor(registered * (0.9 + random() * 0.1));
  const X = upTo(9);
  const P = V;
  const U = 10 + upTo(90);
  const R = V - (random() < 0.1 ? upTo(3) : 0);
  const K = upTo(Math.floor(R * 0.03));
  const H = R - K;
  const n1 = upTo(Math.floor(H * 0.1));
  const n2 = upTo(Math.floor(H * 0.3));
  const n3 = H - n1 - n2;
  const votes = spread(n1 + 2 * n2 + 3 * n3, H, random);
  const isHeld = random() < 1 / HELD_ONE_IN;
  const fields = {
    C: registered,
    V,
    RCV: P + X + U,
    P,
    X,
    U,
    R,
    H: isHeld ? H + 10 : H,
    K,
    'n.1': n1,
    'n.2': n2,
    'n.3': n3,
  };
  return { id: uuidFrom(random), station: code, contest, fields, votes };
}

/** So many votes over the candidates, none with more than `most`. */
function spread(total: number, most: number, random: () => number): Record<string, number> {
  const weights = Array.from({ length: CANDIDATES }, () => 0.2 + random());
  const sum = weights.reduce((a, b) => a + b, 0);
  const given = weights.map((weight) => Math.min(most, Math.floor((total * weight) / sum)));
  let left = total - given.reduce((a, b) => a + b, 0);
  for (let i = 0; left > 0; i = (i + 1) % CANDIDATES) {
    const more = Math.min(left, most - given[i]!);
    given[i]! += more;
    left -= more;
  }
  return Object.fromEntries(given.map((count, i) => [String(i + 1), count]));
}

/** Writes every sheet into a file; the path says the format: `.csv` or `.ndjson`. Returns how many. */
export async function writeSheets(nation: Nation, path: string): Promise<number> {
  const stream = createWriteStream(path, { highWaterMark: 1 << 20 });
  const isCsv = path.endsWith('.csv');
  let text = '';
  let count = 0;
  for (const sheet of sheetsOf(nation)) {
    if (isCsv && count === 0) text = `${csvHeader(sheet)}\n`;
    text += `${isCsv ? csvRow(sheet) : JSON.stringify(sheet)}\n`;
    count += 1;
    if (text.length < 1 << 20) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await once(stream, 'finish');
  return count;
}

function csvHeader({ fields, votes }: BenchSheet): string {
  return ['station', 'contest', ...Object.keys(fields), ...Object.keys(votes).map((n) => `votes.${n}`)].join(',');
}

function csvRow({ station, contest, fields, votes }: BenchSheet): string {
  return `${station},${contest},${Object.values(fields).join(',')},${Object.values(votes).join(',')}`;
}

/** mulberry32: small, seeded, good enough to make figures up. Gives numbers from 0 up to, not including, 1. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function uuidFrom(random: () => number): string {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
