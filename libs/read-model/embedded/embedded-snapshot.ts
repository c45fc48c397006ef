/** A consistent view: one lmdb read transaction. */
import type { Transaction } from 'lmdb';
import type { ContestId, Position, StationCode, UnitCode } from '#domain';
import {
  type AttemptDoc,
  type Checkpoint,
  ModelError,
  type ModelSnapshot,
  type NoteDoc,
  type SheetDoc,
  type TotalsDoc,
} from '../port.ts';
import type { ModelStore } from './store.ts';

const LAST = Number.MAX_SAFE_INTEGER;

export class EmbeddedSnapshot implements ModelSnapshot {
  readonly checkpoints: readonly Checkpoint[];
  readonly #store: ModelStore;
  readonly #transaction: Transaction;
  readonly #closed: () => void;
  #open = true;

  constructor(store: ModelStore, shards: number, closed: () => void) {
    this.#store = store;
    this.#closed = closed;
    this.#transaction = store.root.useReadTransaction();
    this.checkpoints = Array.from(
      { length: shards },
      (_, shard) => store.checkpoints.get(shard, this.#at) ?? { offset: 0, logTime: 0 },
    );
  }

  get position(): Position {
    return this.checkpoints.map(({ offset }) => offset);
  }

  async totals(unit: UnitCode, contest: ContestId): Promise<TotalsDoc[]> {
    return this.#list(this.#store.totals, [unit, contest, 0], [unit, contest, LAST]);
  }
  async totalsAt(unit: UnitCode): Promise<TotalsDoc[]> {
    return this.#list(this.#store.totals, [unit], [unit, '\uffff']);
  }
  async *allTotals(): AsyncIterable<TotalsDoc> {
    yield* this.#list<TotalsDoc>(this.#store.totals, undefined, undefined);
  }
  async sheet(station: StationCode, contest: ContestId): Promise<SheetDoc | undefined> {
    return this.#store.sheets.get([station, contest], this.#at);
  }
  async sheetsOf(station: StationCode): Promise<SheetDoc[]> {
    return this.#list(this.#store.sheets, [station], [station, '\uffff']);
  }
  async *allSheets(): AsyncIterable<SheetDoc> {
    yield* this.#list<SheetDoc>(this.#store.sheets, undefined, undefined);
  }
  async attempt(shard: number, offset: number): Promise<AttemptDoc | undefined> {
    return this.#store.attempts.get([shard, offset], this.#at);
  }
  async *attempts(shard: number, from: number, to: number): AsyncIterable<AttemptDoc> {
    yield* this.#list<AttemptDoc>(this.#store.attempts, [shard, from], [shard, to]);
  }
  async attemptsOn(station: StationCode, contest: ContestId): Promise<AttemptDoc[]> {
    const at = this.#at;
    const keys = this.#store.attemptsOn.getKeys({ start: [station, contest, 0], end: [station, contest, LAST], ...at });
    return [...keys].map(([, , shard, offset]) => this.#store.attempts.get([shard, offset], at)!);
  }
  async changesOf(unit: UnitCode, contest: ContestId, shard: number, from: number, to: number): Promise<AttemptDoc[]> {
    const at = this.#at;
    const range = { start: [unit, contest, shard, from], end: [unit, contest, shard, to], ...at };
    return [...this.#store.changesOf.getKeys(range)].map((key) => this.#store.attempts.get([shard, key[3]], at)!);
  }
  async stateBefore(unit: UnitCode, contest: ContestId, shard: number, before: number): Promise<TotalsDoc | undefined> {
    return (await this.statesOf(unit, contest, shard)).filter(({ offset }) => offset < before).at(-1);
  }
  async statesOf(unit: UnitCode, contest: ContestId, shard: number): Promise<TotalsDoc[]> {
    return this.#list(this.#store.states, [unit, contest, shard, 0], [unit, contest, shard, LAST]);
  }
  async notes(kind: string, subject?: string): Promise<NoteDoc[]> {
    const notes =
      subject === undefined
        ? this.#list<NoteDoc>(this.#store.notes, [kind], [kind, '\uffff'])
        : this.#list<NoteDoc>(this.#store.notes, [kind, subject, 0], [kind, subject, LAST]);
    return notes.sort((a, b) => a.shard - b.shard || a.offset - b.offset);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#transaction.done();
    this.#closed();
  }

  get #at(): { transaction: Transaction } {
    if (!this.#open) throw new ModelError('model-unavailable', 'the snapshot is closed');
    return { transaction: this.#transaction };
  }

  #list<T>(db: { getRange(options: object): Iterable<{ value: T }> }, start: unknown, end: unknown): T[] {
    const options = start === undefined ? {} : { start, end };
    return Array.from(db.getRange({ ...options, ...this.#at }), ({ value }) => value);
  }
}
