/** A small town for rounds of faults: its package under any id, its sheets, their corrections, and what a quiet count gives. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { packageFiles } from '../../apps/standalone/testing/package.ts';
import type { Sheet } from '../services/georgia.ts';
import { runTally } from '../services/tally-command.ts';

export const ROOT = 'r';
/** All over the town; each is enough for one round. */
export const CONTESTS: readonly string[] = Array.from({ length: 12 }, (_, i) => `mayor-${i + 1}`);
const COMMUNES = 10;
const STATIONS = 6;
/** Every so many-th sheet is corrected. */
const CORRECTED = 6;

export interface TownOptions {
  readonly shards: number;
  /** Another package under the same id. */
  readonly closes?: string;
}

export function townZip(id: string, options: TownOptions): Uint8Array {
  const communes = Array.from({ length: COMMUNES }, (_, i) => `c-${i + 1}`);
  const units = [
    'code,level,name,parent,registered',
    'r,town,Town,,',
    ...communes.map((code) => `${code},commune,Commune ${code},r,`),
    ...stations().map(({ station, commune }) => `${station},station,Station ${station},${commune},1000`),
  ];
  const contests = ['id,name,area,form,seats', ...CONTESTS.map((contest) => `${contest},${contest},r,count,1`)];
  const candidates = [
    'contest,number,name',
    ...CONTESTS.flatMap((contest) => [`${contest},1,Ann`, `${contest},2,Bob`]),
  ];
  const files = {
    ...packageFiles({ id, ...options }),
    'units.csv': textOf(units),
    'contests.csv': textOf(contests),
    'candidates.csv': textOf(candidates),
  };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

function stations(): { station: string; commune: string }[] {
  return Array.from({ length: COMMUNES * STATIONS }, (_, i) => ({
    station: `s-${i + 1}`,
    commune: `c-${Math.floor(i / STATIONS) + 1}`,
  }));
}

/** Of one contest, before any correction. */
export function sheetsOf(contest: string): Sheet[] {
  return stations().map(({ station }, i) => sheetOf(station, contest, 100 + 7 * i, 90 + 5 * i));
}

export function correctionsOf(contest: string): Sheet[] {
  return sheetsOf(contest)
    .filter((_, i) => i % CORRECTED === 0)
    .map(({ station, votes }) => sheetOf(station, contest, votes['1']! + 3, votes['2']!));
}

function sheetOf(station: string, contest: string, ann: number, bob: number): Sheet {
  return { station, contest, fields: { V: ann + bob, H: ann + bob }, votes: { 1: ann, 2: bob } };
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** By contest the fingerprint of its last figures, counted in one process where nothing goes wrong. */
export async function quietFingerprints(shards: number): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-quiet-'));
  try {
    const [id, pack, file] = ['quiet-rehearsal', join(folder, 'town.zip'), join(folder, 'sheets.csv')];
    await writeFile(pack, townZip(id, { shards }));
    await writeFile(file, lastFigures());
    const tally = async (...argv: string[]): Promise<string> => {
      const ran = await runTally(['--data', join(folder, 'data'), ...argv]);
      if (ran.code !== 0) throw new Error(`tally ${argv.join(' ')}: ${ran.err}${ran.out}`);
      return ran.out;
    };
    await tally('open', pack);
    await tally('import', id, file);
    const [header, ...rows] = (await tally('results', id, '--depth', 'all', '--format', 'csv')).trimEnd().split('\n');
    const printOf = (contest: string): string => {
      const own = rows.filter((row) => row.split(',')[1] === contest);
      return createHash('sha256')
        .update(textOf([header!, ...own]))
        .digest('hex');
    };
    return new Map(CONTESTS.map((contest) => [contest, printOf(contest)]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function lastFigures(): string {
  const all = CONTESTS.flatMap((contest) => [...sheetsOf(contest), ...correctionsOf(contest)]);
  const last = new Map(all.map((sheet) => [`${sheet.station}/${sheet.contest}`, sheet]));
  const lines = [...last.values()].map(
    ({ station, contest, fields, votes }) => `${station},${contest},${fields.V},${fields.H},${votes[1]},${votes[2]}`,
  );
  return textOf(['station,contest,V,H,votes.1,votes.2', ...lines]);
}
