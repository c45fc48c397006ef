/**
 * electorates.csv: for the contests it names, which stations vote in them, and how many voters are expected there.
 */
import type { ContestRow, ElectorateRow } from '#domain';
import { type Problems, shown } from '../problems.ts';
import { readCount } from '../source/codes.ts';
import { type CsvTable, readCsv } from '../source/csv.ts';
import type { Contests } from './contests.ts';
import { requiredCell, type UnitTree } from './units.ts';

export const ELECTORATES_FILE = 'electorates.csv';

/** Units or contests that could not be read are not checked against. */
export function readElectorates(
  text: string,
  { units, contests }: { units: UnitTree | undefined; contests: Contests | undefined },
  problems: Problems,
): ElectorateRow[] | undefined {
  const columns = { required: ['station', 'contest'], optional: ['registered'], languages: [] };
  const table = readCsv(ELECTORATES_FILE, text, columns, problems);
  if (!table) return undefined;
  const seen = new Set<string>();
  const rows: ElectorateRow[] = [];
  for (let row = 0; row < table.length; row += 1) {
    const station = requiredCell(table, row, 'station');
    const contest = requiredCell(table, row, 'contest');
    if (station === undefined || contest === undefined) continue;
    checkPair(table, row, { station, contest }, units, contests);
    const pair = `${station} ${contest}`;
    if (seen.has(pair))
      table.problem(
        row,
        'station',
        'duplicate-row',
        `station ${shown(station)} stands twice for contest ${shown(contest)}`,
      );
    seen.add(pair);
    const registered = readRegistered(table, row);
    rows.push({ station, contest, ...(registered !== undefined && { registered }) });
  }
  return rows;
}

function readRegistered(table: CsvTable, row: number): number | undefined {
  const text = table.cell(row, 'registered');
  if (text === undefined) return undefined;
  const count = readCount(text, 'registered');
  if ('value' in count) return count.value;
  table.problem(row, 'registered', 'bad-count', count.fault);
  return undefined;
}

function checkPair(
  table: CsvTable,
  row: number,
  { station, contest }: { station: string; contest: string },
  units: UnitTree | undefined,
  contests: Contests | undefined,
): void {
  const found = contests?.get(contest);
  if (contests && !found) table.problem(row, 'contest', 'unknown-contest', contests.ids.unknown(contest));
  if (!units) return;
  if (!units.codes.has(station)) table.problem(row, 'station', 'unknown-station', units.codes.unknown(station));
  else if (!units.isStation(station))
    table.problem(
      row,
      'station',
      'not-a-station',
      `${shown(station)} is no station: it is on level ${units.get(station)?.level}`,
    );
  else if (units.isWhole && found && !isInArea(units, station, found))
    table.problem(
      row,
      'station',
      'outside-area',
      `station ${shown(station)} lies outside the area of contest ${shown(contest)} (${found.area.join(' ')})`,
    );
}

function isInArea(units: UnitTree, station: string, { area }: ContestRow): boolean {
  for (const code of units.path(station)) if (area.includes(code)) return true;
  return area.length === 0;
}
