/**
 * How documents are stored: what is searched for or guarded as fields of their own, the whole as JSON in `doc`.
 *
 * Why JSON and not nested documents: a figure in an array costs 2 to 4 bytes as JSON, 7 to 11 as BSON, which numbers
 * the places of arrays in words; text is encoded and decoded in native code, BSON in JavaScript, member by member; and
 * what a sender wrote comes back exactly, whatever it named its fields. It stays readable in mongosh:
 * `JSON.parse(db.getCollection('e.demo.v1.sheets').findOne().doc)`. Nothing searches inside.
 *
 * Left out are: what stands in the `_id`, members of a view that are as usual, and figures that are there twice.
 */
import type { Entered, Figures, NodeTotals, SheetChange, SheetView } from '#domain';
import type { AttemptDoc, NoteDoc, SheetDoc, TotalsDoc } from '../port.ts';
import { attemptId, key, offsetOf, shardOf } from './keys.ts';

export interface StoredAttempt {
  readonly _id: number;
  /** Key of the sheet it is filed under. */
  readonly on?: string;
  /** Keys of the nodes (unit, contest) whose totals it changed. */
  readonly nodes?: readonly string[];
  readonly doc: string;
}

/** A sheet or a total: gives way to one of a larger offset. */
export interface StoredState {
  readonly _id: string;
  readonly offset: number;
  readonly doc: string;
}

export interface StoredNote {
  readonly _id: string;
  readonly subject: string;
  readonly doc: string;
}

/* ------------------------------------------------------------ attempts */

export function storeAttempt(doc: AttemptDoc): StoredAttempt {
  const { shard, offset, changes, ...rest } = doc;
  const isFiled = doc.station !== undefined && doc.contest !== undefined;
  return {
    _id: attemptId(shard, offset),
    ...(isFiled && { on: key(doc.station, doc.contest) }),
    ...(changes.length > 0 && { nodes: nodesOf(doc) }),
    doc: JSON.stringify({ ...rest, changes: changes.map((change) => packChange(change, doc)) }),
  };
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
  readonly station?: string;
  readonly contest?: string;
  readonly before?: PackedView;
  readonly after: PackedView;
}

function packChange({ station, contest, before, after }: SheetChange, doc: AttemptDoc): PackedChange {
  return {
    ...(station !== doc.station && { station }),
    ...(contest !== doc.contest && { contest }),
    ...(before && { before: packView(before) }),
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
  readonly standing?: Figures | typeof NEWEST;
  readonly held?: Figures | typeof NEWEST;
  readonly verified?: true;
  readonly sealed?: true;
  readonly closed?: true;
}

function packView(
  { revision, status, standing, held, verified, sealed, closed }: SheetView,
  newest?: Figures,
): PackedView {
  return {
    revision,
    status,
    ...(standing && { standing: standing === newest ? NEWEST : standing }),
    ...(held && { held: held === newest ? NEWEST : held }),
    ...(verified && { verified }),
    ...(sealed && { sealed }),
    ...(closed && { closed }),
  };
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
  const { offset, view, standing, ...rest } = doc;
  const packed: PackedSheet = {
    ...rest,
    view: packView(view, doc.newest?.figures),
    standing: standing && standing === doc.newest ? NEWEST : standing,
  };
  return { _id: key(doc.station, doc.contest), offset, doc: JSON.stringify(packed) };
}

export function readSheet({ offset, doc }: StoredState): SheetDoc {
  const packed = JSON.parse(doc) as PackedSheet;
  const standing = packed.standing === NEWEST ? packed.newest : packed.standing;
  return { ...packed, offset, standing, view: unpackView(packed.view, packed.newest?.figures) };
}

/* ------------------------------------------------------------ totals */

/** `all` is left out where it is as `provisional`: nothing is held. */
type PackedTotals = Omit<NodeTotals, 'all'> & Partial<Pick<NodeTotals, 'all'>>;
type PackedPart = Omit<TotalsDoc, 'offset' | 'totals'> & { readonly totals: PackedTotals };

export function storeTotals(doc: TotalsDoc): StoredState {
  return { _id: key(doc.unit, doc.contest, doc.shard), offset: doc.offset, doc: packPart(doc) };
}

export function storeFullState(doc: TotalsDoc): StoredState {
  return { _id: key(doc.unit, doc.contest, doc.shard, doc.offset), offset: doc.offset, doc: packPart(doc) };
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

export function readTotals({ offset, doc }: StoredState): TotalsDoc {
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
