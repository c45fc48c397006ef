/** From what the fold says to the documents of the read model. */
import type { AnyEvent, Election, EventType, Folded, FoldedPart, FoldedSheet } from '#domain';
import { EVENT_TYPES, isSheetEvent, isSheetEventType, viewOf } from '#domain';
import type { LogRecord } from '#event-log';
import type { AttemptDoc, NoteDoc, SheetDoc, TotalsDoc } from '#read-model';

const NO_UNITS: readonly string[] = [];

type Draft = { -readonly [K in keyof AttemptDoc]: AttemptDoc[K] };

/** Runs once an event: parts are set one by one, since spreading optional ones costs about 10 µs (docs/explanation/performance.md). */
export function attemptDoc(election: Election, shard: number, record: LogRecord, folded: Folded): AttemptDoc {
  const { offset, event, outcome, changes, rejection, detail, first, station, contest, revision, status } = folded;
  const doc: Draft = {
    shard,
    offset,
    logTime: record.logTime,
    outcome,
    changes,
    units: unitsOf(election, folded),
  };
  if (event) {
    const { actor, findings, ...data } = event.data as AnyEvent['data'] & Pick<AttemptDoc, 'findings'>;
    doc.id = event.id;
    doc.type = event.type;
    doc.subject = event.subject;
    doc.time = event.time;
    doc.actor = actor;
    doc.data = data;
    if (findings) doc.findings = findings;
  }
  if (rejection !== undefined) doc.rejection = rejection;
  if (detail !== undefined) doc.detail = detail;
  if (first !== undefined) doc.first = first;
  if (station !== undefined) doc.station = station;
  if (contest !== undefined) doc.contest = contest;
  if (revision !== undefined) doc.revision = revision;
  if (status !== undefined) doc.status = status;
  return doc;
}

function unitsOf(election: Election, { changes }: Folded): readonly string[] {
  const station = changes[0] && election.unit(changes[0].station);
  return station ? ancestorCodes(election, station) : NO_UNITS;
}

const codes = new WeakMap<object, readonly string[]>();

/** Stations below one unit share their ancestors, and so the list of codes. */
function ancestorCodes(election: Election, station: Parameters<Election['ancestors']>[0]): readonly string[] {
  const units = election.ancestors(station);
  let list = codes.get(units);
  if (!list) {
    list = units.map((unit) => unit.code);
    codes.set(units, list);
  }
  return list;
}

export function sheetDoc(shard: number, sheet: FoldedSheet): SheetDoc {
  const { station, contest, closed, state, offset } = sheet;
  return {
    station,
    contest,
    shard,
    offset,
    view: viewOf(state, closed),
    newest: state.newest,
    second: state.second,
    standing: state.standing,
    heldFor: state.heldFor,
  };
}

export function totalsDoc(shard: number, part: FoldedPart): TotalsDoc {
  const { unit, contest, offset, changes, totals } = part;
  return { unit, contest, shard, offset, changes, totals };
}

/** Of every event beside sheets. */
export const NOTE_KINDS: readonly string[] = EVENT_TYPES.filter((type) => !isSheetEventType(type)).map(noteKind);

function noteKind(type: EventType): string {
  return type.slice('tally.'.length, -'.v1'.length);
}

/** Accepted events beside sheets are kept as notes, to be joined on reading. */
export function noteDoc(shard: number, record: LogRecord, { event, outcome }: Folded): NoteDoc | null {
  if (!event || outcome !== 'accepted') return null;
  if (isSheetEvent(event)) return null;
  return {
    kind: noteKind(event.type),
    subject: event.subject,
    shard,
    offset: record.offset,
    logTime: record.logTime,
    event,
  };
}
