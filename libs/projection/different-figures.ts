/** In which figures two documents differ, spelled as results spell them. */
import {
  type Contest,
  figureKeys,
  figureValue,
  type NodeTotals,
  PROGRESS_COUNTS,
  stationTotals,
  TRACKS,
  type Track,
  type Unit,
} from '#domain';
import type { AttemptDoc, SheetDoc } from '#read-model';
import type { DifferentFigure } from '#wire';
import type { Found } from './differing.ts';
import type { View } from './view.ts';

type Value = DifferentFigure['live'];
type Rows = ReadonlyMap<string, Value>;

export async function differentFigures(live: View, rebuilt: View, found: Found): Promise<DifferentFigure[]> {
  switch (found.kind) {
    case 'totals': {
      const { unit, contest } = found;
      const rows = async (view: View): Promise<Rows> => rowsOf(contest, await view.totals(unit, contest));
      return between(await rows(live), await rows(rebuilt));
    }
    case 'sheet': {
      const { unit, contest } = found;
      const rows = (doc: SheetDoc | undefined): Rows => sheetRows(unit, contest, doc);
      return between(rows(found.live), rows(found.rebuilt));
    }
    case 'state': {
      const rows = (totals: NodeTotals | undefined): Rows => (totals ? rowsOf(found.contest, totals) : new Map());
      return between(rows(found.live?.totals), rows(found.rebuilt?.totals));
    }
    case 'attempt': {
      const rows = (doc: AttemptDoc | undefined): Rows => attemptRows(live, doc);
      return between(rows(found.live), rows(found.rebuilt));
    }
    case 'note':
      return between(membersOf(found.live), membersOf(found.rebuilt));
  }
}

function between(live: Rows, rebuilt: Rows): DifferentFigure[] {
  const names = [...new Set([...live.keys(), ...rebuilt.keys()])];
  return names.flatMap((name) => {
    const [a = null, b = null] = [live.get(name), rebuilt.get(name)];
    if (a === b) return [];
    const [track, key] = name.split('|') as [Track | '', string];
    return [{ track: track === '' ? null : track, key, live: a, rebuilt: b }];
  });
}

function rowsOf(contest: Contest, totals: NodeTotals): Rows {
  const rows = new Map<string, Value>();
  PROGRESS_COUNTS.forEach((name, place) => {
    rows.set(`|progress.${name}`, totals.progress[place] ?? null);
  });
  for (const track of TRACKS)
    for (const key of figureKeys(contest)) rows.set(`${track}|${key.key}`, figureValue(totals[track], key));
  return rows;
}

function sheetRows(station: Unit, contest: Contest, doc: SheetDoc | undefined): Rows {
  if (!doc) return new Map();
  const { view, ...others } = doc;
  const rows = new Map(rowsOf(contest, stationTotals(contest, station, view)));
  for (const name of ['revision', 'status'] as const) rows.set(`|${name}`, view[name]);
  for (const [name, value] of membersOf(others)) rows.set(name, value);
  return rows;
}

function attemptRows({ served: { election } }: View, doc: AttemptDoc | undefined): Rows {
  if (!doc) return new Map();
  const { changes, ...others } = doc;
  const rows = new Map(membersOf(others));
  for (const { station, contest: id, after } of changes) {
    const [unit, contest] = [election.unit(station), election.contest(id)];
    if (unit && contest)
      for (const [name, value] of rowsOf(contest, stationTotals(contest, unit, after))) rows.set(name, value);
  }
  return rows;
}

/** What is kept beside figures, member by member; what has parts as JSON. */
function membersOf(doc: object | undefined): Map<string, Value> {
  const rows = new Map<string, Value>();
  for (const [name, value] of Object.entries(doc ?? {}))
    if (value !== undefined)
      rows.set(`|${name}`, typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value));
  return rows;
}
