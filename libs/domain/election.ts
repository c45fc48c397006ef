/**
 * An election ready to be counted: the definition with its tree and contests indexed.
 *
 * Built once per process from a `Definition`; everything here is derived and never changes.
 */
import type {
  CandidateRow,
  ContestId,
  ContestRow,
  Definition,
  ElectorateRow,
  Form,
  StationCode,
  UnitCode,
  UnitRow,
} from './definition.ts';
import { type FigureLayout, figureLayout } from './figures.ts';
import { shardOf } from './shard.ts';

export interface Unit {
  readonly index: number;
  readonly row: UnitRow;
  readonly code: UnitCode;
  /** 0 = root. */
  readonly level: number;
  readonly parent: Unit | null;
  /** In the order of the package. */
  readonly children: readonly Unit[];
  readonly isStation: boolean;
  /** Key of its events: code of its ancestor (or self) at `shardLevel`, or the nearest above (contracts §3). */
  readonly key: UnitCode;
  readonly shard: number;
}

export interface Contest {
  readonly index: number;
  readonly row: ContestRow;
  readonly id: ContestId;
  readonly form: Form;
  readonly candidates: readonly CandidateRow[];
  readonly layout: FigureLayout;
  /** The stations that vote in it, in the order of the package. */
  readonly stations: readonly Unit[];
  /** Whether the package says the expected voters of every station. */
  readonly isRegisteredKnown: boolean;
  /** Voters expected at a station for this contest; undefined where the package does not say. */
  registeredAt(station: UnitCode): number | undefined;
  hasStation(station: UnitCode): boolean;
  /** Key of the contest's own events: nearest common ancestor of its area, keyed as that unit. */
  readonly home: Unit;
}

/** What the package alone says about a contest at a unit: progress numbers 1 and 12 (contracts §4). */
export interface ContestAtUnit {
  readonly stations: number;
  /** Sum of the package's numbers where known; never from sheets. */
  readonly registered: number;
}

export interface Election {
  readonly definition: Definition;
  /** Lower-case hex SHA-256 of the canonical package. */
  readonly digest: string;
  readonly root: Unit;
  readonly units: readonly Unit[];
  readonly contests: readonly Contest[];
  unit(code: UnitCode): Unit | undefined;
  contest(id: ContestId): Contest | undefined;
  /** The contests a station votes in, in the order of the package. */
  contestsOf(station: StationCode): readonly Contest[];
  /** The contests that have a station at or below the unit, in the order of the package. */
  contestsAt(unit: Unit): readonly Contest[];
  /** undefined where the contest has no station at or below the unit. */
  contestAt(contest: Contest, unit: Unit): ContestAtUnit | undefined;
  /** From the station's parent up to the root. */
  ancestors(unit: Unit): readonly Unit[];
}

interface MutableUnit extends Unit {
  children: Unit[];
}

/**
 * Indexes a definition. The definition must be valid (as `readPackage` leaves it); `digest` is its digest.
 */
export function buildElection(definition: Definition, digest: string): Election {
  const levelIndex = new Map(definition.levels.map((level, i) => [level.id, i]));
  const shardLevel = levelIndex.get(definition.shardLevel) ?? definition.levels.length - 2;
  const units = buildUnits(definition, levelIndex, shardLevel);
  const byCode = new Map(units.map((unit) => [unit.code, unit]));
  const root = units.find((unit) => unit.parent === null);
  if (!root) throw new Error(`definition of ${definition.id} has no root unit`);
  const ancestorsOf = new Map<Unit, readonly Unit[]>();
  const ancestors = (unit: Unit): readonly Unit[] => {
    const owner = unit.parent;
    if (!owner) return [];
    const known = ancestorsOf.get(owner);
    if (known) return known;
    const made = [owner, ...ancestors(owner)];
    ancestorsOf.set(owner, made);
    return made;
  };

  const atStation = new Map<UnitCode, Contest[]>();
  const contests = buildContests(definition, byCode, ancestors, atStation);
  fileByStation(contests, atStation);
  const contestById = new Map(contests.map((contest) => [contest.id, contest]));
  const above = contestsAboveStations(contests, ancestors);
  const contestLists = new Map<Unit, readonly Contest[]>();
  return {
    definition,
    digest,
    root,
    units,
    contests,
    unit: (code) => byCode.get(code),
    contest: (id) => contestById.get(id),
    contestsOf: (station) => atStation.get(station) ?? NO_CONTESTS,
    contestsAt(unit) {
      if (unit.isStation) return atStation.get(unit.code) ?? NO_CONTESTS;
      let list = contestLists.get(unit);
      if (!list) {
        list = [...(above.get(unit)?.keys() ?? [])].sort((a, b) => a.index - b.index);
        contestLists.set(unit, list);
      }
      return list;
    },
    contestAt(contest, unit) {
      if (!unit.isStation) return above.get(unit)?.get(contest);
      if (!contest.hasStation(unit.code)) return undefined;
      return { stations: 1, registered: contest.registeredAt(unit.code) ?? 0 };
    },
    ancestors,
  };
}

const NO_CONTESTS: readonly Contest[] = [];

function fileByStation(contests: readonly Contest[], atStation: Map<UnitCode, Contest[]>): void {
  for (const contest of contests)
    for (const { code } of contest.stations) {
      const list = atStation.get(code);
      if (list) list.push(contest);
      else atStation.set(code, [contest]);
    }
}

type MutableAtUnit = { stations: number; registered: number };

function contestsAboveStations(
  contests: readonly Contest[],
  ancestors: (unit: Unit) => readonly Unit[],
): Map<Unit, Map<Contest, MutableAtUnit>> {
  const atUnit = new Map<Unit, Map<Contest, MutableAtUnit>>();
  for (const contest of contests)
    for (const station of contest.stations) {
      const registered = contest.registeredAt(station.code) ?? 0;
      for (const unit of ancestors(station)) {
        let nodes = atUnit.get(unit);
        if (!nodes) {
          nodes = new Map();
          atUnit.set(unit, nodes);
        }
        const node = nodes.get(contest);
        if (node) {
          node.stations += 1;
          node.registered += registered;
        } else nodes.set(contest, { stations: 1, registered });
      }
    }
  return atUnit;
}

function buildUnits(definition: Definition, levelIndex: Map<string, number>, shardLevel: number): Unit[] {
  const rows = new Map(definition.units.map((row, index) => [row.code, { row, index }]));
  const made = new Map<UnitCode, MutableUnit>();
  const last = definition.levels.length - 1;
  const make = (code: UnitCode): MutableUnit => {
    const known = made.get(code);
    if (known) return known;
    const found = rows.get(code);
    if (!found) throw new Error(`unknown unit ${code} in the definition of ${definition.id}`);
    const parent = found.row.parent === null ? null : make(found.row.parent);
    const level = levelIndex.get(found.row.level) ?? last;
    const key = level <= shardLevel || parent === null ? code : parent.key;
    const unit: MutableUnit = {
      index: found.index,
      row: found.row,
      code,
      level,
      parent,
      children: [],
      isStation: level === last,
      key,
      shard: shardOf(key, definition.shards),
    };
    made.set(code, unit);
    return unit;
  };
  const units = definition.units.map((row) => make(row.code));
  for (const unit of units) if (unit.parent) (unit.parent as MutableUnit).children.push(unit);
  return units;
}

function buildContests(
  definition: Definition,
  byCode: ReadonlyMap<UnitCode, Unit>,
  ancestors: (unit: Unit) => readonly Unit[],
  /** Filled once the contests are there. */
  atStation: ReadonlyMap<UnitCode, readonly Contest[]>,
): Contest[] {
  const candidates = groupBy(definition.candidates, (row) => row.contest);
  const electorates = groupBy(definition.electorates, (row) => row.contest);
  const stationsBelow = stationLister();
  const layoutOf = layoutMaker();
  return definition.contests.map((row, index): Contest => {
    const form = definition.forms[row.form];
    if (!form) throw new Error(`contest ${row.id} names the unknown form ${row.form}`);
    const area = row.area.map((code) => {
      const unit = byCode.get(code);
      if (!unit) throw new Error(`contest ${row.id} names the unknown unit ${code}`);
      return unit;
    });
    const rows = candidates.get(row.id) ?? [];
    const listed = electorates.get(row.id);
    const stations = contestStations(area, listed, stationsBelow);
    const registered = listed
      ? new Map(listed.flatMap((entry) => (entry.registered === undefined ? [] : [[entry.station, entry.registered]])))
      : undefined;
    const registeredAt = (code: UnitCode): number | undefined =>
      registered ? registered.get(code) : byCode.get(code)?.row.registered;
    const contest: Contest = {
      index,
      row,
      id: row.id,
      form,
      candidates: rows,
      layout: layoutOf(form, row.seats, rows),
      stations,
      isRegisteredKnown: stations.every(({ code }) => registeredAt(code) !== undefined),
      registeredAt,
      hasStation: (code) => atStation.get(code)?.includes(contest) ?? false,
      home: nearestCommonAncestor(area, ancestors),
    };
    return contest;
  });
}

/** Contests with the same form, seats and numbers share one layout: a nation has thousands of them. */
function layoutMaker(): typeof figureLayout {
  const made = new Map<Form, Map<string, FigureLayout>>();
  return (form, seats, rows) => {
    const ofForm = made.get(form) ?? new Map<string, FigureLayout>();
    made.set(form, ofForm);
    const key = `${seats} ${rows.map(({ number }) => number).join(' ')}`;
    const layout = ofForm.get(key) ?? figureLayout(form, seats, rows);
    ofForm.set(key, layout);
    return layout;
  };
}

function contestStations(
  area: readonly Unit[],
  listed: readonly ElectorateRow[] | undefined,
  stationsBelow: (unit: Unit) => readonly Unit[],
): Unit[] {
  const all = area.length === 1 ? stationsBelow(area[0]!) : [...new Set(area.flatMap(stationsBelow))];
  const sorted = [...all].sort((a, b) => a.index - b.index);
  if (!listed) return sorted;
  const codes = new Set(listed.map((entry) => entry.station));
  return sorted.filter((station) => codes.has(station.code));
}

function stationLister(): (unit: Unit) => readonly Unit[] {
  const cache = new Map<Unit, readonly Unit[]>();
  const list = (unit: Unit): readonly Unit[] => {
    if (unit.isStation) return [unit];
    const known = cache.get(unit);
    if (known) return known;
    const made = unit.children.flatMap(list);
    cache.set(unit, made);
    return made;
  };
  return list;
}

function nearestCommonAncestor(area: readonly Unit[], ancestors: (unit: Unit) => readonly Unit[]): Unit {
  const paths = area.map((unit) => [unit, ...ancestors(unit)].reverse());
  const first = paths[0];
  if (!first?.[0]) throw new Error('a contest needs an area');
  let common = first[0];
  for (let depth = 1; depth < first.length; depth += 1) {
    const unit = first[depth]!;
    if (!paths.every((path) => path[depth] === unit)) break;
    common = unit;
  }
  return common;
}

function groupBy<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
