/**
 * candidates.csv: who, or which option, stands on the ballot of each contest.
 */
import { type CandidateRow, type ContestId, isDate, type Language } from '#domain';
import { type Problems, shown } from '../problems.ts';
import { identifierFault } from '../source/codes.ts';
import { type CsvTable, readCsv } from '../source/csv.ts';
import type { Contests } from './contests.ts';
import { namesOfRow, requiredCell } from './units.ts';

export const CANDIDATES_FILE = 'candidates.csv';
const COLOR = /^(#[0-9A-Fa-f]{3}|#[0-9A-Fa-f]{6}|[A-Za-z]{3,30})$/;

/** `contests` undefined where contests.csv could not be read: contests are then not checked. */
export function readCandidates(
  text: string,
  { languages, contests }: { languages: readonly Language[] | undefined; contests: Contests | undefined },
  problems: Problems,
): CandidateRow[] | undefined {
  const columns = {
    required: ['contest', 'number', 'name'],
    optional: ['party', 'birth_date', 'gender', 'list', 'color'],
    languages,
  };
  const table = readCsv(CANDIDATES_FILE, text, columns, problems);
  if (!table) return undefined;
  const numbers = new Map<ContestId, Set<string>>();
  const rows: CandidateRow[] = [];
  for (let row = 0; row < table.length; row += 1) {
    const candidate = readRow(table, row, languages);
    if (!candidate) continue;
    if (contests && !contests.ids.has(candidate.contest))
      table.problem(row, 'contest', 'unknown-contest', contests.ids.unknown(candidate.contest));
    const taken = numbers.get(candidate.contest) ?? new Set();
    numbers.set(candidate.contest, taken);
    if (taken.has(candidate.number)) {
      const message = `number ${shown(candidate.number)} stands twice in contest ${shown(candidate.contest)}; numbers are unique there`;
      table.problem(row, 'number', 'duplicate-number', message);
    }
    taken.add(candidate.number);
    rows.push(candidate);
  }
  for (const { id } of contests?.rows ?? [])
    if (!numbers.has(id))
      contests!.problem(
        id,
        'id',
        'no-candidate',
        `contest ${shown(id)} has no candidate in ${CANDIDATES_FILE}; it needs one at least`,
      );
  return rows;
}

function readRow(table: CsvTable, row: number, languages: readonly Language[] | undefined): CandidateRow | undefined {
  const contest = requiredCell(table, row, 'contest');
  const number = requiredCell(table, row, 'number');
  const name = requiredCell(table, row, 'name');
  if (contest === undefined || number === undefined) return undefined;
  const fault = identifierFault(number, "a candidate's number");
  if (fault) table.problem(row, 'number', 'bad-identifier', fault);
  const birthDate = table.cell(row, 'birth_date');
  if (birthDate !== undefined && !isDate(birthDate))
    table.problem(
      row,
      'birth_date',
      'bad-date',
      `birth_date must be a day such as 1980-01-31, found ${shown(birthDate)}`,
    );
  const color = table.cell(row, 'color');
  if (color !== undefined && !COLOR.test(color))
    table.problem(
      row,
      'color',
      'bad-color',
      `color must be such as #1a7f37 or a CSS color name, found ${shown(color)}`,
    );
  const names = namesOfRow(table, row, languages);
  const party = table.cell(row, 'party');
  const gender = table.cell(row, 'gender');
  const list = table.cell(row, 'list');
  return {
    contest,
    number,
    name: name ?? '',
    ...(names && { names }),
    ...(party !== undefined && { party }),
    ...(birthDate !== undefined && { birthDate }),
    ...(gender !== undefined && { gender }),
    ...(list !== undefined && { list }),
    ...(color !== undefined && { color }),
  };
}
