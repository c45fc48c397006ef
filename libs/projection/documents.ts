/** From what the fold says to the documents of the read model. */
import type { AnyEvent, Election, Folded, FoldedPart, FoldedSheet } from '#domain';
import { viewOf } from '#domain';
import type { LogRecord } from '#event-log';
import type { AttemptDoc, NoteDoc, SheetDoc, TotalsDoc } from '#read-model';

const NO_UNITS: readonly string[] = [];

export function attemptDoc(election: Election, shard: number, record: LogRecord, folded: Folded): AttemptDoc {
  const { event } = folded;
  const { offset, outcome, changes } = folded;
  const base = { shard, offset, logTime: record.logTime, outcome, changes, units: unitsOf(election, folded) };
  const filed = {
    ...(folded.rejection !== undefined && { rejection: folded.rejection }),
    ...(folded.detail !== undefined && { detail: folded.detail }),
    ...(folded.first !== undefined && { first: folded.first }),
    ...(folded.station !== undefined && { station: folded.station }),
    ...(folded.contest !== undefined && { contest: folded.contest }),
    ...(folded.revision !== undefined && { revision: folded.revision }),
    ...(folded.status !== undefined && { status: folded.status }),
  };
  if (!event) return { ...base, ...filed };
  const { actor, findings, ...data } = event.data as AnyEvent['data'] & { findings?: AttemptDoc['findings'] };
  const { id, type, subject, time } = event;
  return { ...base, id, type, subject, time, actor, data, ...(findings && { findings }), ...filed };
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
  return { ...part, shard };
}

/** Accepted events beside sheets are kept as notes, to be joined on reading. */
export function noteDoc(shard: number, record: LogRecord, { event, outcome }: Folded): NoteDoc | null {
  if (!event || outcome !== 'accepted') return null;
  if (event.type.startsWith('tally.sheet.') || event.type.startsWith('tally.count.')) return null;
  return {
    kind: event.type.slice('tally.'.length, -'.v1'.length),
    subject: event.subject,
    shard,
    offset: record.offset,
    logTime: record.logTime,
    event,
  };
}
