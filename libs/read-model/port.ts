/**
 * The read model: documents that the projection makes of the log, for queries and audits.
 *
 * Every document is a function of (definition, log prefix up to its own offset) and carries that offset. Writes are
 * absolute and guarded: a document only ever gives way to one of a larger offset, so repeats, crashes between writes,
 * two workers on one shard and other batch edges can't change what is stored in the end.
 *
 * Documents may be ahead of the checkpoint after a crash; readers that want one position take the snapshot's and
 * treat what lies beyond as `libs/projection` does (as-of reading).
 */
import type {
  Actor,
  AnyEvent,
  ContestId,
  ElectionId,
  Entered,
  EventType,
  Finding,
  HoldReason,
  NodeTotals,
  Position,
  RejectionCode,
  SheetChange,
  SheetStatus,
  SheetView,
  StationCode,
  UnitCode,
} from '#domain';

/** One record of the log and what the fold said of it; every offset has one. Written once, never changed. */
export interface AttemptDoc {
  readonly shard: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly logTime: number;
  /** Absent where the record could not be read. */
  readonly id?: string;
  readonly type?: EventType;
  readonly subject?: string;
  /** When the sender made it. */
  readonly time?: string;
  readonly actor?: Actor;
  /** The event's data less actor and findings, as the sender gave it. */
  readonly data?: Omit<AnyEvent['data'], 'actor' | 'findings'>;
  readonly findings?: readonly Finding[];
  readonly outcome: 'accepted' | 'rejected';
  readonly rejection?: RejectionCode;
  /** With a rejection: what was wrong, in words. */
  readonly detail?: string;
  /** With the rejection `repeat`: offset of the first attempt with this id. */
  readonly first?: number;
  /** The sheet concerned, if one: where history is filed. */
  readonly station?: StationCode;
  readonly contest?: ContestId;
  /** The sheet after it: revision and status. */
  readonly revision?: number;
  readonly status?: SheetStatus;
  /** What it changed; empty where nothing. A closed station changes the sheets of all its contests. */
  readonly changes: readonly SheetChange[];
  /** Codes of the units above the stations of `changes`, up to the root: the nodes whose totals it changed. Empty where none. */
  readonly units: readonly UnitCode[];
}

/** The current state of one sheet. */
export interface SheetDoc {
  readonly station: StationCode;
  readonly contest: ContestId;
  readonly shard: number;
  /** Offset of its last change. */
  readonly offset: number;
  readonly view: SheetView;
  readonly newest: Entered | null;
  readonly second: Entered | null;
  readonly standing: Entered | null;
  readonly heldFor: readonly HoldReason[];
}

/** One shard's part of a node's totals (a contest at a unit above the stations). */
export interface TotalsDoc {
  readonly unit: UnitCode;
  readonly contest: ContestId;
  readonly shard: number;
  /** Offset of its last change. */
  readonly offset: number;
  /** How many attempts of the shard changed it so far. */
  readonly changes: number;
  readonly totals: NodeTotals;
}

/** What the log says of a contest, a unit or the election beside sheets: openings, withdrawals, minutes, certifications. */
export interface NoteDoc {
  /** Event type without `tally.` and `.v1`, e.g. `contest.certified`. */
  readonly kind: string;
  readonly subject: string;
  readonly shard: number;
  readonly offset: number;
  readonly logTime: number;
  readonly event: AnyEvent;
}

export interface Checkpoint {
  /** Next offset to read. */
  readonly offset: number;
  /** Log time of the last record read, milliseconds; 0 before the first. */
  readonly logTime: number;
  /** Which log was read: lower-case hex SHA-256 of the shard's record 0, its log time and value; '' before the first. */
  readonly log: string;
}

/** The checkpoint of a shard of which nothing was read. */
export const AT_START: Checkpoint = { offset: 0, logTime: 0, log: '' };

/** A sheet that attempts are filed under. */
export interface SheetKey {
  readonly station: StationCode;
  readonly contest: ContestId;
}

/** What one batch of a shard writes; any part may be missing (a crash between two writes leaves just that). */
export interface ModelBatch {
  readonly shard: number;
  readonly attempts?: readonly AttemptDoc[];
  readonly notes?: readonly NoteDoc[];
  readonly sheets?: readonly SheetDoc[];
  readonly totals?: readonly TotalsDoc[];
  /** Full states at every 64th change of a part: insert-only. */
  readonly states?: readonly TotalsDoc[];
  /** Moves from where the worker knows it to be; see `WriteOutcome`. */
  readonly checkpoint?: { readonly from: number; readonly to: Checkpoint };
}

/**
 * `moved`: written, and the checkpoint (if any) moved or was already there. `ahead`: another worker is further.
 * `behind`: the store has lost something (an older copy came back): the worker drops its state and starts anew.
 */
export type WriteOutcome =
  | { readonly outcome: 'moved' }
  | { readonly outcome: 'ahead' | 'behind'; readonly at: number };

/** One version of one election's read model. */
export interface ReadModel {
  readonly election: ElectionId;
  readonly version: number;
  readonly shards: number;
  /**
   * Writes a batch: attempts and notes, then sheets, then totals and states, then the checkpoint, in that order
   * (all at once where the store has transactions).
   */
  write(batch: ModelBatch): Promise<WriteOutcome>;
  checkpoint(shard: number): Promise<Checkpoint>;
  /** Opens a consistent view; it must be closed. */
  snapshot(): Promise<ModelSnapshot>;
}

/**
 * A view of the model; checkpoints are taken first, so no document is older than they say.
 *
 * `contests`: all that can be there, where the caller knows them; a store may then look each up, and all that is asked
 * for at once together.
 */
export interface ModelSnapshot {
  readonly checkpoints: readonly Checkpoint[];
  /** `checkpoints` as a position. */
  readonly position: Position;
  /** A node's parts, one a shard at most, by shard. */
  totals(unit: UnitCode, contest: ContestId): Promise<TotalsDoc[]>;
  /** The parts of every contest at a unit. */
  totalsAt(unit: UnitCode, contests?: readonly ContestId[]): Promise<TotalsDoc[]>;
  /** All parts of all nodes, ordered by unit code, contest, shard (by bytes). */
  allTotals(): AsyncIterable<TotalsDoc>;
  sheet(station: StationCode, contest: ContestId): Promise<SheetDoc | undefined>;
  sheetsOf(station: StationCode, contests?: readonly ContestId[]): Promise<SheetDoc[]>;
  /** All sheets, ordered by station code, contest (by bytes). */
  allSheets(): AsyncIterable<SheetDoc>;
  attempt(shard: number, offset: number): Promise<AttemptDoc | undefined>;
  /** Attempts from `from` up to, not including, `to`, in order. */
  attempts(shard: number, from: number, to: number): AsyncIterable<AttemptDoc>;
  /** Every attempt filed under a sheet, in order. */
  attemptsOn(station: StationCode, contest: ContestId): Promise<AttemptDoc[]>;
  /**
   * Attempts of a shard filed under one of these sheets, and all of it that are filed under no sheet, offsets from `from`
   * up to, not including, `to`, in order.
   */
  attemptsAbout(sheets: readonly SheetKey[], shard: number, from: number, to: number): AsyncIterable<AttemptDoc>;
  /** Attempts of a shard that changed a node, offsets from `from` up to, not including, `to`, in order. */
  changesOf(unit: UnitCode, contest: ContestId, shard: number, from: number, to: number): Promise<AttemptDoc[]>;
  /** The last full state of a node's part whose offset is smaller than `before`. */
  stateBefore(unit: UnitCode, contest: ContestId, shard: number, before: number): Promise<TotalsDoc | undefined>;
  /** The full states of a node's part, in order. */
  statesOf(unit: UnitCode, contest: ContestId, shard: number): Promise<TotalsDoc[]>;
  /** Notes by kind and subject (all subjects where left out), ordered by shard and offset. */
  notes(kind: string, subject?: string): Promise<NoteDoc[]>;
  close(): void;
}

/** Which version of an election's model is read. */
export interface ModelPointer {
  /** The version that readers use. */
  readonly current: number;
  /** Every version that projections keep up to date, ascending. */
  readonly versions: readonly number[];
  /** Version of the fold that made `current`. */
  readonly fold: string;
}

/** What whoever rebuilds an election's model has written down last; its words are its own. */
export interface RebuildNote {
  /** Goes up with every writing, from 1. */
  readonly revision: number;
  readonly text: string;
}

/** All read models of one installation. */
export interface ReadModels {
  pointer(election: ElectionId): Promise<ModelPointer | undefined>;
  /** Adds a new, empty version (1 where there was none, and makes it current then) and returns it. */
  create(election: ElectionId, shards: number, fold: string): Promise<ReadModel>;
  /**
   * The current version where its fold is `fold`, else a new one that is current from then on. All that ask at once, in
   * any number of processes, get the same one.
   */
  ensure(election: ElectionId, shards: number, fold: string): Promise<ReadModel>;
  open(election: ElectionId, version: number): Promise<ReadModel | undefined>;
  /** Says that whoever makes a version beside the current one is still at it; false where the version is gone. */
  touch(election: ElectionId, version: number): Promise<boolean>;
  /**
   * Versions beside the current one that were not made, touched or current within so many milliseconds, by the store's
   * clock: nobody is at them any more, and whoever asks may drop them.
   */
  abandoned(election: ElectionId, olderThanMs: number): Promise<number[]>;
  /** Makes `to` current if `from` still is; false where it is not. */
  switch(election: ElectionId, from: number, to: number): Promise<boolean>;
  /** undefined where nobody has written anything down. */
  rebuildNote(election: ElectionId): Promise<RebuildNote | undefined>;
  /** Writes it where the last note still is of revision `seen` (0: there is none); false where another was quicker. */
  noteRebuild(election: ElectionId, seen: number, text: string): Promise<boolean>;
  /** Drops a version that is not current. */
  drop(election: ElectionId, version: number): Promise<void>;
  close(): Promise<void>;
}

export class ModelError extends Error {
  readonly code: 'model-full' | 'model-unavailable' | 'model-gone';
  constructor(code: ModelError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelError';
    this.code = code;
  }
}

/** A part's full state is kept at every so many of its changes (architecture, "Few writes"). */
export const STATE_EVERY = 64;
