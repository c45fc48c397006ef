/**
 * contests.csv: what is voted on, where, by which form.
 */
import type { ContestId, ContestKind, ContestRow, DecisionRule, FormId, Language } from '#domain';
import { oneOf, type Problems, shown } from '../problems.ts';
import { identifierFault, KnownCodes, readCount } from '../source/codes.ts';
import { type CsvTable, readCsv } from '../source/csv.ts';
import { namesOfRow, requiredCell, type UnitTree } from './units.ts';

export const CONTESTS_FILE = 'contests.csv';
const DECISIONS: readonly DecisionRule[] = ['plurality', 'majority-of-valid-ballots', 'none'];
const KINDS: readonly ContestKind[] = ['first', 'rerun', 'additional', 'runoff'];
/** A list of more places has other means than a form with a field for each. */
const MAX_SEATS = 1000;

export interface Contests {
  readonly rows: readonly ContestRow[];
  readonly ids: KnownCodes;
  get(id: ContestId): ContestRow | undefined;
  /** Tells a problem with a contest at its row. */
  problem(id: ContestId, column: string | undefined, code: string, message: string): void;
}

interface Setting {
  readonly languages: readonly Language[] | undefined;
  /** undefined where they could not be read: forms, or areas, are then not checked. */
  readonly forms: ReadonlyMap<FormId, unknown> | undefined;
  readonly units: UnitTree | undefined;
}

export function readContests(text: string, setting: Setting, problems: Problems): Contests | undefined {
  const columns = {
    required: ['id', 'name', 'area', 'form'],
    optional: ['body', 'seats', 'decision', 'kind', 'of'],
    languages: setting.languages,
  };
  const table = readCsv(CONTESTS_FILE, text, columns, problems);
  if (!table) return undefined;
  if (table.length === 0)
    table.problem(-1, undefined, 'empty', 'the file lists no contest; an election needs one at least');
  return new ContestReader(table, setting).read();
}

class ContestReader {
  readonly #table: CsvTable;
  readonly #setting: Setting;

  constructor(table: CsvTable, setting: Setting) {
    this.#table = table;
    this.#setting = setting;
  }

  read(): Contests {
    const rowOf = new Map<ContestId, number>();
    const byId = new Map<ContestId, ContestRow>();
    for (let row = 0; row < this.#table.length; row += 1) {
      const contest = this.#readRow(row);
      if (!contest) continue;
      if (byId.has(contest.id))
        this.#table.problem(row, 'id', 'duplicate-id', `contest ${shown(contest.id)} stands twice; ids are unique`);
      else {
        rowOf.set(contest.id, row);
        byId.set(contest.id, contest);
      }
    }
    const ids = new KnownCodes('contest', byId.keys());
    for (const contest of byId.values()) this.#checkOf(rowOf.get(contest.id)!, contest, byId, ids);
    return {
      rows: [...byId.values()],
      ids,
      get: (id) => byId.get(id),
      problem: (id, column, code, message) => this.#table.problem(rowOf.get(id) ?? -1, column, code, message),
    };
  }

  #readRow(row: number): ContestRow | undefined {
    const id = requiredCell(this.#table, row, 'id');
    if (id === undefined) return undefined;
    this.#checkIdentifier(row, 'id', id);
    const body = this.#table.cell(row, 'body');
    if (body !== undefined) this.#checkIdentifier(row, 'body', body);
    const names = namesOfRow(this.#table, row, this.#setting.languages);
    const of = this.#table.cell(row, 'of');
    return {
      id,
      name: requiredCell(this.#table, row, 'name') ?? '',
      ...(names && { names }),
      area: this.#area(row),
      form: this.#form(row),
      ...(body !== undefined && { body }),
      seats: this.#seats(row),
      decision: this.#word(row, 'decision', DECISIONS) ?? 'none',
      kind: this.#word(row, 'kind', KINDS) ?? 'first',
      ...(of !== undefined && { of }),
    };
  }

  #checkIdentifier(row: number, column: string, text: string): void {
    const fault = identifierFault(text, column === 'id' ? 'a contest id' : 'a body');
    if (fault) this.#table.problem(row, column, 'bad-identifier', fault);
  }

  #area(row: number): string[] {
    const text = requiredCell(this.#table, row, 'area');
    if (text === undefined) return [];
    const { units } = this.#setting;
    const codes: string[] = [];
    for (const match of text.matchAll(/\S+/g)) {
      const code = match[0];
      const fault = units && !units.codes.has(code) ? units.codes.unknown(code) : undefined;
      if (fault) this.#table.problem(row, 'area', 'unknown-area', `area: ${fault}`, match.index);
      else if (codes.includes(code))
        this.#table.problem(row, 'area', 'duplicate-code', `area names ${shown(code)} twice`, match.index);
      else codes.push(code);
    }
    if (units?.isWhole && codes.length > 0 && !codes.some((code) => units.hasStations(code)))
      this.#table.problem(
        row,
        'area',
        'no-station',
        `no station lies in the area ${shown(text)}; a contest needs one at least`,
      );
    return codes;
  }

  #form(row: number): FormId {
    const form = requiredCell(this.#table, row, 'form') ?? '';
    const { forms } = this.#setting;
    if (form !== '' && forms && !forms.has(form))
      this.#table.problem(row, 'form', 'unknown-form', `unknown form ${shown(form)}; forms are ${oneOf(forms.keys())}`);
    return form;
  }

  #seats(row: number): number {
    const text = this.#table.cell(row, 'seats');
    if (text === undefined) return 1;
    const count = readCount(text, 'seats', 1, MAX_SEATS);
    if ('value' in count) return count.value;
    this.#table.problem(row, 'seats', 'bad-count', count.fault);
    return 1;
  }

  #word<T extends string>(row: number, column: string, words: readonly T[]): T | undefined {
    const text = this.#table.cell(row, column);
    const word = words.find((one) => one === text);
    if (text !== undefined && word === undefined)
      this.#table.problem(row, column, 'unknown-word', `${column} must be ${oneOf(words)}, found ${shown(text)}`);
    return word;
  }

  /** A re-run, additional or run-off contest names the first one it belongs to; a first one names none. */
  #checkOf(row: number, { id, kind, of }: ContestRow, byId: ReadonlyMap<ContestId, ContestRow>, ids: KnownCodes): void {
    const tell = (column: string, code: string, message: string) => this.#table.problem(row, column, code, message);
    if (kind === 'first') {
      if (of !== undefined)
        tell('of', 'contradiction', `a contest of kind first belongs to no other; leave "of" empty, or give its kind`);
      return;
    }
    const first = of === undefined ? undefined : byId.get(of);
    if (of === undefined) tell('of', 'empty', `"of" is empty; a contest of kind ${kind} names the first contest`);
    else if (!first) tell('of', 'unknown-contest', `of: ${ids.unknown(of)}`);
    else if (of === id || first.kind !== 'first')
      tell(
        'of',
        'contradiction',
        `"of" must name a contest of kind first; ${shown(of)} is ${of === id ? 'this one itself' : first.kind}`,
      );
  }
}
