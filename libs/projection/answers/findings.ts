/** Every finding on a standing or held sheet (contracts §4 `findings`). */
import type { Contest, Entered, Severity, SheetStatus, Unit } from '#domain';
import type { SheetDoc } from '#read-model';
import type { View } from '../view.ts';
import { crossFindings } from './sheet.ts';

export interface FindingQuery {
  /** Stations at or below it; default the root. */
  readonly unit?: Unit;
  readonly rule?: string;
  readonly severity?: Severity;
  readonly contest?: Contest;
}

export interface FindingRow {
  readonly station: string;
  readonly contest: string;
  readonly revision: number;
  readonly status: SheetStatus;
  readonly rule: string;
  readonly severity: Severity;
}

/** The columns of a file of them; identifiers, words and whole numbers only: no cell needs quotes. */
export const FINDING_COLUMNS = [
  'station',
  'contest',
  'revision',
  'status',
  'rule',
  'severity',
] as const satisfies readonly (keyof FindingRow)[];

/** Ordered by station code, contest id (bytes), revision, and the order of the rules. */
export async function* findingRows(view: View, query: FindingQuery = {}): AsyncGenerator<FindingRow> {
  const { election } = view.served;
  const top = query.unit ?? election.root;
  const stations = election.units
    .filter((unit) => unit.isStation && (unit === top || election.ancestors(unit).includes(top)))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  for (const station of stations)
    for (const stored of await view.snapshot.sheetsOf(station.code)) {
      const contest = election.contest(stored.contest);
      if (!contest || (query.contest && query.contest !== contest)) continue;
      const doc = await view.sheetDocAsOf(station, contest, stored);
      if (!doc) continue;
      for (const row of await rowsOfSheet(view, station, contest, doc))
        if ((!query.rule || row.rule === query.rule) && (!query.severity || row.severity === query.severity)) yield row;
    }
}

async function rowsOfSheet(view: View, station: Unit, contest: Contest, doc: SheetDoc): Promise<FindingRow[]> {
  const counted: { entered: Entered; status: SheetStatus }[] = [];
  if (doc.standing) counted.push({ entered: doc.standing, status: doc.view.verified ? 'verified' : 'accepted' });
  if (doc.view.status === 'held' && doc.newest) counted.push({ entered: doc.newest, status: 'held' });
  const rows: FindingRow[] = [];
  for (const { entered, status } of counted) {
    const across = await crossFindings(view, station, contest, entered.figures);
    for (const { rule, severity } of [...entered.findings, ...across])
      rows.push({ station: station.code, contest: contest.id, revision: entered.revision, status, rule, severity });
  }
  return rows;
}
