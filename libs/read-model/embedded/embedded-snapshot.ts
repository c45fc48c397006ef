/** A consistent view: one lmdb read transaction, held until the snapshot is closed. */
import type { Transaction } from 'lmdb';
import type { ContestId, Position, StationCode, UnitCode } from '#domain';
import {
  type AttemptDoc,
  type Checkpoint,
  ModelError,
  type ModelSnapshot,
  type NoteDoc,
  type SheetDoc,
  type SheetKey,
  type TotalsDoc,
} from '../port.ts';
import { attemptsAt, blockWith, nextAttempts } from './attempt-reads.ts';
import { LIST_SPAN, readChangeList } from './change-lists.ts';
import { readNote, readSheet, readTotalsDoc } from './document-codec.ts';
import { LAST } from './keys.ts';
import type { ModelStore, Table } from './store.ts';
import { NO_SHEET, readShard, START } from './write-plan.ts';

/** Long lists are read in pieces, with other work let in between; a piece has so many documents. */
const PIECE = 256;

type Key = (string | number)[];

export class EmbeddedSnapshot implements ModelSnapshot {
  readonly checkpoints: readonly Checkpoint[];
  readonly position: Position;
  readonly #store: ModelStore;
  readonly #transaction: Transaction;
  readonly #closed: () => void;
  #over: ModelError | null = null;

  constructor(store: ModelStore, shards: number, closed: () => void) {
    this.#store = store;
    this.#closed = closed;
    this.#transaction = store.root.useReadTransaction();
    this.checkpoints = Array.from({ length: shards }, (_, shard) => {
      const value = this.#get(store.shards, [shard]);
      return (value ? readShard(value) : START).checkpoint;
    });
    this.position = this.checkpoints.map(({ offset }) => offset);
  }

  async totals(unit: UnitCode, contest: ContestId): Promise<TotalsDoc[]> {
    return this.#list(this.#store.totals, [unit, contest], [unit, contest, LAST], readTotalsDoc);
  }

  async totalsAt(unit: UnitCode): Promise<TotalsDoc[]> {
    return this.#list(this.#store.totals, [unit], [unit, LAST], readTotalsDoc);
  }

  allTotals(): AsyncIterable<TotalsDoc> {
    const after = (doc: TotalsDoc): Key => [doc.unit, doc.contest, doc.shard + 1];
    return this.#pieces(this.#store.totals, after, readTotalsDoc);
  }

  async sheet(station: StationCode, contest: ContestId): Promise<SheetDoc | undefined> {
    const value = this.#get(this.#store.sheets, [station, contest]);
    return value && readSheet(value);
  }

  async sheetsOf(station: StationCode): Promise<SheetDoc[]> {
    return this.#list(this.#store.sheets, [station], [station, LAST], readSheet);
  }

  allSheets(): AsyncIterable<SheetDoc> {
    const after = (doc: SheetDoc): Key => [doc.station, doc.contest, 0];
    return this.#pieces(this.#store.sheets, after, readSheet);
  }

  async attempt(shard: number, offset: number): Promise<AttemptDoc | undefined> {
    return blockWith(this.#store, shard, offset, this.#at)?.attempt(offset);
  }

  async *attempts(shard: number, from: number, to: number): AsyncIterable<AttemptDoc> {
    for (let next = from; next < to; ) {
      const docs = nextAttempts(this.#store, shard, next, to, this.#at);
      const last = docs[docs.length - 1];
      if (!last) return;
      yield* docs;
      next = last.offset + 1;
      await otherWork();
    }
  }

  async attemptsOn(station: StationCode, contest: ContestId): Promise<AttemptDoc[]> {
    const keys = this.#store.attemptsOn.getKeys({
      start: [station, contest],
      end: [station, contest, LAST],
      ...this.#at,
    });
    const places = Array.from(keys, ([shard, offset]) => ({ shard: Number(shard), offset: Number(offset) }));
    return places.flatMap(({ shard, offset }) => attemptsAt(this.#store, shard, [offset], this.#at));
  }

  async *attemptsAbout(
    sheets: readonly SheetKey[],
    shard: number,
    from: number,
    to: number,
  ): AsyncIterable<AttemptDoc> {
    const offsets: number[] = [];
    for (const [place, { station, contest }] of [...sheets, NO_SHEET].entries()) {
      const start: Key = [station, contest, shard, Math.max(0, from)];
      const end: Key = [station, contest, shard, Math.max(0, to)];
      for (const [, offset] of this.#store.attemptsOn.getKeys({ start, end, ...this.#at }))
        offsets.push(Number(offset));
      if (place % PIECE === PIECE - 1) await otherWork();
    }
    offsets.sort((a, b) => a - b);
    for (let at = 0; at < offsets.length; at += PIECE) {
      yield* attemptsAt(this.#store, shard, offsets.slice(at, at + PIECE), this.#at);
      await otherWork();
    }
  }

  async changesOf(unit: UnitCode, contest: ContestId, shard: number, from: number, to: number): Promise<AttemptDoc[]> {
    const first: Key = [unit, contest, shard, Math.max(0, from - LIST_SPAN + 1)];
    const lists = this.#list(this.#store.changesOf, first, [unit, contest, shard, Math.max(0, to)], readChangeList);
    const offsets = lists.flat().filter((offset) => offset >= from && offset < to);
    offsets.sort((a, b) => a - b);
    return attemptsAt(this.#store, shard, offsets, this.#at);
  }

  async stateBefore(unit: UnitCode, contest: ContestId, shard: number, before: number): Promise<TotalsDoc | undefined> {
    const range = this.#store.states.getRange({
      start: [unit, contest, shard, before],
      end: [unit, contest, shard, 0],
      exclusiveStart: true,
      inclusiveEnd: true,
      reverse: true,
      limit: 1,
      ...this.#at,
    });
    for (const { value } of range) return readTotalsDoc(value);
    return undefined;
  }

  async statesOf(unit: UnitCode, contest: ContestId, shard: number): Promise<TotalsDoc[]> {
    return this.#list(this.#store.states, [unit, contest, shard], [unit, contest, shard, LAST], readTotalsDoc);
  }

  async notes(kind: string, subject?: string): Promise<NoteDoc[]> {
    const notes = this.#list(this.#store.notes, [kind], [kind, LAST], readNote);
    return subject === undefined ? notes : notes.filter((note) => note.subject === subject);
  }

  close(): void {
    this.end(new ModelError('model-unavailable', 'the snapshot is closed'));
  }

  /** Closes it; every later access fails with `reason`. */
  end(reason: ModelError): void {
    if (this.#over) return;
    this.#over = reason;
    this.#transaction.done();
    this.#closed();
  }

  /** Every access asks for it, so that none goes to a transaction that is over. */
  get #at(): { transaction: Transaction } {
    if (this.#over) throw this.#over;
    return { transaction: this.#transaction };
  }

  #get(table: Table, key: Key): Buffer | undefined {
    return table.get(key, this.#at);
  }

  #list<T>(table: Table, start: Key, end: Key, read: (value: Buffer) => T, limit?: number): T[] {
    const range = table.getRange({ start, end, ...(limit !== undefined && { limit }), ...this.#at });
    return Array.from(range, ({ value }) => read(value));
  }

  async *#pieces<T>(table: Table, after: (doc: T) => Key, read: (value: Buffer) => T): AsyncIterable<T> {
    for (let start: Key = []; ; await otherWork()) {
      const piece = this.#list(table, start, [LAST], read, PIECE);
      yield* piece;
      if (piece.length < PIECE) return;
      start = after(piece[piece.length - 1]!);
    }
  }
}

function otherWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
