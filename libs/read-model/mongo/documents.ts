/**
 * How documents are stored: what is searched for or guarded as fields of their own, the whole as JSON in `doc`.
 *
 * Why JSON and not nested documents: a figure in an array costs 2 to 4 bytes as JSON, 7 to 11 as BSON, which numbers
 * the places of arrays in words; text is encoded and decoded in native code, BSON in JavaScript, member by member; and
 * what a sender wrote comes back exactly, whatever it named its fields. It stays readable in mongosh:
 * `JSON.parse(db.getCollection('e.demo.v1.sheets').findOne().state.doc)`. Nothing searches inside.
 *
 * Left out are: what stands in the `_id`, members of a view that are as usual, and figures that are there twice.
 */
import type { Entered, Figures, NodeTotals, SheetChange, SheetView } from '#domain';
import type { AttemptDoc, NoteDoc, SheetDoc, TotalsDoc } from '../port.ts';
import { attemptId, key, offsetOf, shardOf } from './keys.ts';

/** No key is empty. */
export const NO_SHEET = '';

export interface StoredAttempt {
  readonly _id: number;
  /** Key of the sheet it is filed under; empty where no sheet is concerned. */
  readonly on: string;
  /** Keys of the nodes (unit, contest) whose totals it changed. */
  readonly nodes?: readonly string[];
  readonly doc: string;
}

/** A sheet or a total: gives way to one of a larger offset. The offset comes first: stored states are compared so. */
export interface StoredState {
  readonly _id: string;
  readonly state: { readonly offset: number; readonly doc: string };
}

export interface StoredNote {
  readonly _id: string;
  readonly subject: string;
  readonly doc: string;
}

/* ------------------------------------------------------------ attempts */

/** Whoever adds to `AttemptDoc` is sent here by the type checker. */
type PackedAttempt = {
  readonly [K in Exclude<keyof AttemptDoc, 'shard' | 'offset' | 'changes'>]-?: AttemptDoc[K] | undefined;
} & { readonly changes: readonly PackedChange[] };

/** Runs once an event: literals of one shape, what is undefined JSON leaves out; spreading costs several times as much. */
export function storeAttempt(doc: AttemptDoc): StoredAttempt {
  const packed: PackedAttempt = {
    logTime: doc.logTime,
    outcome: doc.outcome,
    id: doc.id,
    type: doc.type,
    subject: doc.subject,
    time: doc.time,
    actor: doc.actor,
    data: doc.data,
    findings: doc.findings,
    rejection: doc.rejection,
    detail: doc.detail,
    first: doc.first,
    station: doc.station,
    contest: doc.contest,
    revision: doc.revision,
    status: doc.status,
    changes: doc.changes.map((change) => packChange(change, doc)),
    units: doc.units,
  };
  const stored: { -readonly [K in keyof StoredAttempt]: StoredAttempt[K] } = {
    _id: attemptId(doc.shard, doc.offset),
    on: doc.station !== undefined && doc.contest !== undefined ? key(doc.station, doc.contest) : NO_SHEET,
    doc: JSON.stringify(packed),
  };
  if (doc.changes.length > 0) stored.nodes = nodesOf(doc);
  return stored;
}

export function readAttempt({ _id, doc }: StoredAttempt): AttemptDoc {
  const packed = JSON.parse(doc) as Omit<AttemptDoc, 'shard' | 'offset' | 'changes'> & { changes: PackedChange[] };
  const changes = packed.changes.map((change) => unpackChange(change, packed));
  return Object.assign(packed, { shard: shardOf(_id), offset: offsetOf(_id), changes });
}

function nodesOf({ changes, units }: AttemptDoc): string[] {
  const contests = new Set(changes.map(({ contest }) => contest));
  return [...contests].flatMap((contest) => units.map((unit) => key(unit, contest)));
}

/** Station and contest are left out where they are those of the attempt. */
interface PackedChange {
  readonly station: string | undefined;
  readonly contest: string | undefined;
  readonly before: PackedView | undefined;
  readonly after: PackedView;
}

function packChange({ station, contest, before, after }: SheetChange, doc: AttemptDoc): PackedChange {
  return {
    station: station === doc.station ? undefined : station,
    contest: contest === doc.contest ? undefined : contest,
    before: before ? packView(before) : undefined,
    after: packView(after),
  };
}

function unpackChange(change: PackedChange, doc: Pick<AttemptDoc, 'station' | 'contest'>): SheetChange {
  return {
    station: change.station ?? doc.station!,
    contest: change.contest ?? doc.contest!,
    before: change.before ? unpackView(change.before) : null,
    after: unpackView(change.after),
  };
}

/* ------------------------------------------------------------ sheets */

/** Stands for the very figures of the newest revision. */
const NEWEST = '=';

/** Members that are false or null are left out. */
interface PackedView {
  readonly revision: number;
  readonly status: SheetView['status'];
  readonly standing: Figures | typeof NEWEST | undefined;
  readonly held: Figures | typeof NEWEST | undefined;
  readonly verified: true | undefined;
  readonly sealed: true | undefined;
  readonly closed: true | undefined;
}

function packView(
  { revision, status, standing, held, verified, sealed, closed }: SheetView,
  newest?: Figures,
): PackedView {
  return {
    revision,
    status,
    standing: packFigures(standing, newest),
    held: packFigures(held, newest),
    verified: verified || undefined,
    sealed: sealed || undefined,
    closed: closed || undefined,
  };
}

function packFigures(figures: Figures | null, newest: Figures | undefined): PackedView['standing'] {
  if (!figures) return undefined;
  return figures === newest ? NEWEST : figures;
}

function unpackView(packed: PackedView, newest?: Figures): SheetView {
  const figures = (of: PackedView['standing']): Figures | null => (of === NEWEST ? newest! : (of ?? null));
  return {
    revision: packed.revision,
    status: packed.status,
    standing: figures(packed.standing),
    verified: packed.verified ?? false,
    held: figures(packed.held),
    sealed: packed.sealed ?? false,
    closed: packed.closed ?? false,
  };
}

type PackedSheet = Pick<SheetDoc, 'station' | 'contest' | 'shard' | 'newest' | 'second' | 'heldFor'> & {
  readonly view: PackedView;
  readonly standing: Entered | typeof NEWEST | null;
};

export function storeSheet(doc: SheetDoc): StoredState {
  const { station, contest, shard, offset, view, newest, second, standing, heldFor } = doc;
  const packed: PackedSheet = {
    station,
    contest,
    shard,
    view: packView(view, newest?.figures),
    newest,
    second,
    standing: standing && standing === newest ? NEWEST : standing,
    heldFor,
  };
  return { _id: key(station, contest), state: { offset, doc: JSON.stringify(packed) } };
}

export function readSheet({ state: { offset, doc } }: StoredState): SheetDoc {
  const packed = JSON.parse(doc) as PackedSheet;
  const standing = packed.standing === NEWEST ? packed.newest : packed.standing;
  return { ...packed, offset, standing, view: unpackView(packed.view, packed.newest?.figures) };
}

/* ------------------------------------------------------------ totals */

/** `all` is left out where it is as `provisional`: nothing is held. */
type PackedTotals = Omit<NodeTotals, 'all'> & Partial<Pick<NodeTotals, 'all'>>;
type PackedPart = Omit<TotalsDoc, 'offset' | 'totals'> & { readonly totals: PackedTotals };

export function storeTotals(doc: TotalsDoc): StoredState {
  return { _id: key(doc.unit, doc.contest, doc.shard), state: { offset: doc.offset, doc: packPart(doc) } };
}

export function storeFullState(doc: TotalsDoc): StoredState {
  const _id = key(doc.unit, doc.contest, doc.shard, doc.offset);
  return { _id, state: { offset: doc.offset, doc: packPart(doc) } };
}

function packPart({ unit, contest, shard, changes, totals }: TotalsDoc): string {
  const { provisional, verified, all, progress } = totals;
  const isHeld = JSON.stringify(all) !== JSON.stringify(provisional);
  const packed: PackedPart = {
    unit,
    contest,
    shard,
    changes,
    totals: { provisional, verified, ...(isHeld && { all }), progress },
  };
  return JSON.stringify(packed);
}

export function readTotals({ state: { offset, doc } }: StoredState): TotalsDoc {
  const { totals, ...rest } = JSON.parse(doc) as PackedPart;
  return { ...rest, offset, totals: { ...totals, all: totals.all ?? totals.provisional } };
}

/* ------------------------------------------------------------ notes */

export function storeNote(doc: NoteDoc): StoredNote {
  return { _id: key(doc.kind, doc.shard, doc.offset, doc.subject), subject: doc.subject, doc: JSON.stringify(doc) };
}

export function readNote({ doc }: StoredNote): NoteDoc {
  return JSON.parse(doc) as NoteDoc;
}
