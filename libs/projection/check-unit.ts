/**
 * Whether what a model says of one unit follows from what lies below it, at one position: totals are the sums over the
 * units directly below; a sheet is what its attempts give; and an attempt is what the log has at its place. Unit by unit
 * this covers all figures, and names where one was changed, lost or put back behind the projection's back.
 */
import { isDeepStrictEqual } from 'node:util';
import { addTotals, type Contest, decodeEvent, emptyTotals, type Unit } from '#domain';
import type { AttemptDoc } from '#read-model';
import { foldSheetAnew } from './sheet-as-of.ts';
import type { View } from './view.ts';

export interface Mismatch {
  readonly unit: string;
  readonly contest: string;
  /** What does not follow: the totals from those below, the sheet from its attempts, an attempt from the log. */
  readonly what: 'totals' | 'sheet' | 'attempt';
  /** Of an attempt: where it lies, as `shard:offset`. */
  readonly at?: string;
}

export async function checkUnit(view: View, unit: Unit): Promise<Mismatch[]> {
  return unit.isStation ? checkStation(view, unit) : checkTotals(view, unit);
}

async function checkTotals(view: View, unit: Unit): Promise<Mismatch[]> {
  const told = await view.totalsAt(unit);
  const sums = new Map([...told.keys()].map((contest) => [contest, emptyTotals(contest.layout)]));
  for (const child of unit.children)
    for (const [contest, totals] of await view.totalsAt(child)) addTotals(sums.get(contest)!, totals);
  return [...told].flatMap(([contest, totals]) =>
    isDeepStrictEqual(plain(totals), plain(sums.get(contest))) ? [] : [mismatch(unit, contest, 'totals')],
  );
}

/** Stores may give objects of another making. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

async function checkStation(view: View, station: Unit): Promise<Mismatch[]> {
  const { election } = view.served;
  const found: Mismatch[] = [];
  for (const contest of election.contestsOf(station.code)) {
    const attempts = await view.attemptsOn(station, contest);
    const sheet = await view.sheetDoc(station, contest);
    if (!isDeepStrictEqual(sheet, foldSheetAnew(election, station, contest, attempts)))
      found.push(mismatch(station, contest, 'sheet'));
    for (const attempt of attempts)
      if (!(await isInLog(view, attempt)))
        found.push({ ...mismatch(station, contest, 'attempt'), at: `${attempt.shard}:${attempt.offset}` });
  }
  return found;
}

async function isInLog({ served: { log } }: View, attempt: AttemptDoc): Promise<boolean> {
  const [record] = await log.read(attempt.shard, attempt.offset, { maxRecords: 1 });
  const decoded = record?.offset === attempt.offset ? decodeEvent(record.value) : null;
  // What can't be read is filed under no sheet.
  if (!decoded?.ok) return false;
  const { id, type, subject, data } = decoded.event;
  const { actor, findings = [], ...told } = data as typeof data & { findings?: AttemptDoc['findings'] };
  return (
    id === attempt.id &&
    type === attempt.type &&
    subject === attempt.subject &&
    isDeepStrictEqual([actor, findings, told], [attempt.actor, attempt.findings ?? [], attempt.data])
  );
}

function mismatch(unit: Unit, contest: Contest, what: Mismatch['what']): Mismatch {
  return { unit: unit.code, contest: contest.id, what };
}
