/**
 * units.csv: the tree of areas down to the stations.
 */
import type { Language, Level, Texts, UnitCode, UnitRow } from '#domain';
import { oneOf, type Problems, shown } from '../problems.ts';
import { identifierFault, KnownCodes, readCount } from '../source/codes.ts';
import { type CsvTable, readCsv } from '../source/csv.ts';

export const UNITS_FILE = 'units.csv';

/** Longer ones are told by the levels of their units, which cannot all lie above each other. */
const LONGEST_CYCLE = 1000;

/** The units of a package by code, with what the other files ask about them. Rows of problems may be missing. */
export class UnitTree {
  readonly rows: readonly UnitRow[];
  readonly codes: KnownCodes;
  /** Whether nothing is wrong with it: else what lies below a unit is not sure, and not judged. */
  isWhole = true;
  readonly #byCode: ReadonlyMap<UnitCode, UnitRow>;
  readonly #lastLevel: string;
  readonly #withStations: ReadonlySet<UnitCode>;

  constructor(rows: readonly UnitRow[], lastLevel: string) {
    this.rows = rows;
    this.#byCode = new Map(rows.map((row) => [row.code, row]));
    this.codes = new KnownCodes('unit', this.#byCode.keys());
    this.#lastLevel = lastLevel;
    const withStations = new Set<UnitCode>();
    for (const row of rows) if (row.level === lastLevel) for (const code of this.path(row.code)) withStations.add(code);
    this.#withStations = withStations;
  }

  get(code: UnitCode): UnitRow | undefined {
    return this.#byCode.get(code);
  }

  isStation(code: UnitCode): boolean {
    return this.#byCode.get(code)?.level === this.#lastLevel;
  }

  hasStations(code: UnitCode): boolean {
    return this.#withStations.has(code);
  }

  /** The unit and those above it; ends where the tree is broken. */
  *path(code: UnitCode): Generator<UnitCode> {
    let row = this.#byCode.get(code);
    for (let steps = 0; row && steps <= 16; steps += 1) {
      yield row.code;
      row = row.parent === null ? undefined : this.#byCode.get(row.parent);
    }
  }
}

export function readUnits(
  text: string,
  { levels, languages }: { levels: readonly Level[]; languages: readonly Language[] | undefined },
  problems: Problems,
): UnitTree | undefined {
  const columns = { required: ['code', 'level', 'name', 'parent'], optional: ['registered', 'lat', 'lon'], languages };
  const table = readCsv(UNITS_FILE, text, columns, problems);
  if (!table) return undefined;
  const before = problems.count;
  const tree = new UnitReader(table, levels, languages).read();
  tree.isWhole = problems.count === before;
  return tree;
}

class UnitReader {
  readonly #table: CsvTable;
  readonly #levels: readonly string[];
  readonly #languages: readonly Language[] | undefined;
  readonly #rowOf = new Map<UnitCode, number>();

  constructor(table: CsvTable, levels: readonly Level[], languages: readonly Language[] | undefined) {
    this.#table = table;
    this.#levels = levels.map(({ id }) => id);
    this.#languages = languages;
  }

  read(): UnitTree {
    const rows: UnitRow[] = [];
    for (let row = 0; row < this.#table.length; row += 1) {
      const unit = this.#readRow(row);
      if (!unit) continue;
      const first = this.#rowOf.get(unit.code);
      if (first !== undefined)
        this.#table.problem(
          row,
          'code',
          'duplicate-code',
          `unit code ${shown(unit.code)} stands twice; codes are unique in a package`,
        );
      else {
        this.#rowOf.set(unit.code, row);
        rows.push(unit);
      }
    }
    const tree = new UnitTree(rows, this.#levels.at(-1) ?? '');
    this.#checkParents(tree);
    this.#checkRoot(rows);
    return tree;
  }

  #readRow(row: number): UnitRow | undefined {
    const code = requiredCell(this.#table, row, 'code');
    if (code === undefined) return undefined;
    const fault = identifierFault(code, 'a unit code');
    if (fault) this.#table.problem(row, 'code', 'bad-identifier', fault);
    const level = requiredCell(this.#table, row, 'level') ?? '';
    if (level !== '' && this.#levels.length > 0 && !this.#levels.includes(level))
      this.#table.problem(
        row,
        'level',
        'unknown-level',
        `unknown level ${shown(level)}; levels are ${oneOf(this.#levels)}`,
      );
    const registered = this.#registered(row, level);
    const lat = this.#degrees(row, 'lat', 90);
    const lon = this.#degrees(row, 'lon', 180);
    const names = namesOfRow(this.#table, row, this.#languages);
    return {
      code,
      level,
      name: requiredCell(this.#table, row, 'name') ?? '',
      ...(names && { names }),
      parent: this.#table.cell(row, 'parent') ?? null,
      ...(registered !== undefined && { registered }),
      ...(lat !== undefined && { lat }),
      ...(lon !== undefined && { lon }),
    };
  }

  #registered(row: number, level: string): number | undefined {
    const text = this.#table.cell(row, 'registered');
    if (text === undefined) return undefined;
    const count = readCount(text, 'registered');
    const last = this.#levels.at(-1);
    if ('fault' in count) this.#table.problem(row, 'registered', 'bad-count', count.fault);
    else if (level !== last && this.#levels.includes(level))
      this.#table.problem(
        row,
        'registered',
        'registered-above',
        `registered stands on stations only (level ${last}); sums are worked out. Leave the cell empty`,
      );
    return 'fault' in count ? undefined : count.value;
  }

  #degrees(row: number, column: 'lat' | 'lon', most: number): number | undefined {
    const text = this.#table.cell(row, column);
    if (text === undefined) return undefined;
    const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (Math.abs(value) <= most) return value === 0 ? 0 : value;
    this.#table.problem(
      row,
      column,
      'out-of-range',
      `${column} must be degrees from -${most} to ${most} such as 11.94, found ${shown(text)}`,
    );
    return undefined;
  }

  #checkParents(tree: UnitTree): void {
    const cycles = new Set<UnitCode>();
    for (const { code, level, parent } of tree.rows) {
      if (parent === null) continue;
      const row = this.#rowOf.get(code)!;
      const above = tree.get(parent);
      if (!above) this.#table.problem(row, 'parent', 'unknown-parent', tree.codes.unknown(parent));
      else if (!this.#tellCycle(tree, code, cycles)) this.#checkLevels(row, level, above);
    }
  }

  /** Told once for each cycle, at the unit that stands first in the file. */
  #tellCycle(tree: UnitTree, code: UnitCode, told: Set<UnitCode>): boolean {
    if (told.has(code)) return true;
    const path = new Set<UnitCode>();
    let at: UnitCode | null | undefined = code;
    while (at && !path.has(at) && path.size < LONGEST_CYCLE) {
      path.add(at);
      at = tree.get(at)?.parent;
    }
    if (at !== code) return false;
    for (const one of path) told.add(one);
    const message = `units go round in a circle: ${cycleShown([...path, code])}; every unit must lead up to the root`;
    this.#table.problem(this.#rowOf.get(code)!, 'parent', 'cycle', message);
    return true;
  }

  #checkLevels(row: number, level: string, above: UnitRow): void {
    const own = this.#levels.indexOf(level);
    const parents = this.#levels.indexOf(above.level);
    if (own < 0 || parents < 0 || parents < own) return;
    const message = `the parent ${shown(above.code)} is on level ${above.level}, which is not above ${level}; levels from the root: ${this.#levels.join(', ')}`;
    this.#table.problem(row, 'parent', 'parent-level', message);
  }

  #checkRoot(rows: readonly UnitRow[]): void {
    const roots = rows.filter(({ parent }) => parent === null);
    const [root, ...others] = roots;
    if (!root) {
      const message =
        rows.length === 0 ? 'the file lists no unit' : 'no unit is the root: exactly one has an empty parent';
      this.#table.problem(-1, undefined, 'no-root', message);
      return;
    }
    for (const { code } of others)
      this.#table.problem(
        this.#rowOf.get(code)!,
        'parent',
        'two-roots',
        `${shown(code)} has no parent, but ${shown(root.code)} is the root already; name its parent`,
      );
    const top = this.#levels[0];
    if (others.length === 0 && root.level !== top && this.#levels.includes(root.level))
      this.#table.problem(
        this.#rowOf.get(root.code)!,
        'level',
        'root-level',
        `the root must be on the first level, ${top}, found ${root.level}`,
      );
  }
}

function cycleShown(path: readonly UnitCode[]): string {
  return path.length > 12 ? `${path.slice(0, 10).join(' → ')} → … → ${path.at(-1)}` : path.join(' → ');
}

/** A cell that must not be empty. */
export function requiredCell(table: CsvTable, row: number, column: string): string | undefined {
  const text = table.cell(row, column);
  if (text === undefined) table.problem(row, column, 'empty', `${column} is empty; every row needs it`);
  return text;
}

/** The texts of the `name_<lang>` columns of a row. */
export function namesOfRow(
  table: CsvTable,
  row: number,
  languages: readonly Language[] | undefined,
): Texts | undefined {
  let names: Record<Language, string> | undefined;
  for (const language of languages ?? []) {
    const name = table.cell(row, `name_${language}`);
    if (name === undefined) continue;
    names ??= {};
    names[language] = name;
  }
  return names;
}
