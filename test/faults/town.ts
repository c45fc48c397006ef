/** A small town for rounds of faults: its package under any id, its sheets, their corrections, and what a quiet count of them gives. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { packageFiles } from '../../apps/standalone/testing/package.ts';
import type { Sheet } from '../services/georgia.ts';
import { runTally } from '../services/tally-command.ts';

export const TOWN = { root: 'r', contest: 'mayor' } as const;
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
  const files = { ...packageFiles({ id, ...options }), 'units.csv': `${units.join('\n')}\n` };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

function stations(): { station: string; commune: string }[] {
  return Array.from({ length: COMMUNES * STATIONS }, (_, i) => ({
    station: `s-${i + 1}`,
    commune: `c-${Math.floor(i / STATIONS) + 1}`,
  }));
}

/** Before any correction. */
export const sheets: readonly Sheet[] = stations().map(({ station }, i) => sheetOf(station, 100 + 7 * i, 90 + 5 * i));

export const corrections: readonly Sheet[] = sheets
  .filter((_, i) => i % CORRECTED === 0)
  .map(({ station, votes }) => sheetOf(station, votes['1']! + 3, votes['2']!));

function sheetOf(station: string, ann: number, bob: number): Sheet {
  const fields = { V: ann + bob, H: ann + bob };
  return { station, contest: TOWN.contest, fields, votes: { 1: ann, 2: bob } };
}

/** The fingerprint of the last figures, counted in one process where nothing goes wrong. */
export async function quietFingerprint(shards: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-quiet-'));
  try {
    const [id, pack, file] = ['quiet-rehearsal', join(folder, 'town.zip'), join(folder, 'sheets.csv')];
    const last = new Map([...sheets, ...corrections].map((sheet) => [sheet.station, sheet]));
    const lines = [...last.values()].map(
      ({ station, contest, fields, votes }) => `${station},${contest},${fields.V},${fields.H},${votes[1]},${votes[2]}`,
    );
    await writeFile(pack, townZip(id, { shards }));
    await writeFile(file, `station,contest,V,H,votes.1,votes.2\n${lines.join('\n')}\n`);
    const tally = async (...argv: string[]): Promise<string> => {
      const ran = await runTally(['--data', join(folder, 'data'), ...argv]);
      if (ran.code !== 0) throw new Error(`tally ${argv.join(' ')}: ${ran.err}${ran.out}`);
      return ran.out.trim();
    };
    await tally('open', pack);
    await tally('import', id, file);
    return await tally('fingerprint', id);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
