/**
 * A view of a version in MongoDB: checkpoints as they were when it was opened, documents as they are when they are
 * read. Those may lie beyond the checkpoints; `libs/projection` reads them as of the position.
 */
import type { Model } from 'mongoose';
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
import type { Collections } from './collections.ts';
import {
  NO_SHEET,
  readAttempt,
  readNote,
  readSheet,
  readTotals,
  type StoredAttempt,
  type StoredState,
} from './documents.ts';
import { GatheredReads } from './gathered-reads.ts';
import { attemptId, below, key } from './keys.ts';
import type { VersionReads } from './version-reads.ts';

export class MongoSnapshot implements ModelSnapshot {
  readonly checkpoints: readonly Checkpoint[];
  readonly position: Position;
  readonly #collections: Collections;
  readonly #reads: VersionReads;
  readonly #mustBeThere: () => void;
  readonly #sheets: GatheredReads<string, StoredState>;
  readonly #totals: GatheredReads<string, StoredState>;
  readonly #attempts: GatheredReads<number, StoredAttempt>;
  #closed: ModelError | null = null;

  /** `mustBeThere` throws once the version is of no use any more. */
  constructor(
    collections: Collections,
    reads: VersionReads,
    checkpoints: readonly Checkpoint[],
    mustBeThere: () => void,
  ) {
    this.checkpoints = checkpoints;
    this.position = checkpoints.map(({ offset }) => offset);
    this.#collections = collections;
    this.#reads = reads;
    this.#mustBeThere = mustBeThere;
    this.#sheets = new GatheredReads((ids) => reads.list(collections.sheets, { _id: { $in: [...ids] } }));
    this.#totals = new GatheredReads((ids) => reads.list(collections.totals, { _id: { $in: [...ids] } }));
    this.#attempts = new GatheredReads((ids) => reads.list(collections.attempts, { _id: { $in: [...ids] } }));
  }

  async totals(unit: UnitCode, contest: ContestId): Promise<TotalsDoc[]> {
    this.#mustBeOpen();
    const parts = await Promise.all(this.position.map((_, shard) => this.#totals.get(key(unit, contest, shard))));
    return parts.flatMap((part) => (part ? [readTotals(part)] : []));
  }

  async totalsAt(unit: UnitCode, contests?: readonly ContestId[]): Promise<TotalsDoc[]> {
    this.#mustBeOpen();
    if (contests) return (await Promise.all(contests.map((contest) => this.totals(unit, contest)))).flat();
    return (await this.#reads.list(this.#collections.totals, { _id: below(unit) })).map(readTotals);
  }

  async *allTotals(): AsyncIterable<TotalsDoc> {
    for await (const page of this.#pages(this.#collections.totals)) yield* page.map(readTotals);
  }

  async sheet(station: StationCode, contest: ContestId): Promise<SheetDoc | undefined> {
    this.#mustBeOpen();
    const found = await this.#sheets.get(key(station, contest));
    return found && readSheet(found);
  }

  async sheetsOf(station: StationCode, contests?: readonly ContestId[]): Promise<SheetDoc[]> {
    this.#mustBeOpen();
    if (contests) {
      const found = await Promise.all(contests.map((contest) => this.sheet(station, contest)));
      return found.filter((doc) => doc !== undefined);
    }
    return (await this.#reads.list(this.#collections.sheets, { _id: below(station) })).map(readSheet);
  }

  async *allSheets(): AsyncIterable<SheetDoc> {
    for await (const page of this.#pages(this.#collections.sheets)) yield* page.map(readSheet);
  }

  async attempt(shard: number, offset: number): Promise<AttemptDoc | undefined> {
    this.#mustBeOpen();
    const found = await this.#attempts.get(attemptId(shard, offset));
    return found && readAttempt(found);
  }

  async *attempts(shard: number, from: number, to: number): AsyncIterable<AttemptDoc> {
    this.#mustBeOpen();
    if (from >= to) return;
    const within = idsBetween(shard, from, to);
    for await (const page of this.#pages(this.#collections.attempts, within)) yield* page.map(readAttempt);
  }

  async attemptsOn(station: StationCode, contest: ContestId): Promise<AttemptDoc[]> {
    this.#mustBeOpen();
    const found = await this.#reads.list(this.#collections.attempts, { on: key(station, contest) });
    // Codes that a sender made up may share a key.
    return found.map(readAttempt).filter((doc) => doc.station === station && doc.contest === contest);
  }

  async *attemptsAbout(
    sheets: readonly SheetKey[],
    shard: number,
    from: number,
    to: number,
  ): AsyncIterable<AttemptDoc> {
    this.#mustBeOpen();
    const wanted = new Set(sheets.map(({ station, contest }) => key(station, contest)));
    const filter = { on: { $in: [...wanted, NO_SHEET] } };
    for await (const page of this.#pages(this.#collections.attempts, idsBetween(shard, from, to), filter))
      yield* page.map(readAttempt);
  }

  async changesOf(unit: UnitCode, contest: ContestId, shard: number, from: number, to: number): Promise<AttemptDoc[]> {
    this.#mustBeOpen();
    const within = idsBetween(shard, from, to);
    const found = await this.#reads.list(this.#collections.attempts, { nodes: key(unit, contest), _id: within });
    return found.map(readAttempt);
  }

  async stateBefore(unit: UnitCode, contest: ContestId, shard: number, before: number): Promise<TotalsDoc | undefined> {
    this.#mustBeOpen();
    const within = { $gte: key(unit, contest, shard, 0), $lt: key(unit, contest, shard, before) };
    const range = { limit: 1, backwards: true };
    const [found] = await this.#reads.list(this.#collections.states, { _id: within }, range);
    return found && readTotals(found);
  }

  async statesOf(unit: UnitCode, contest: ContestId, shard: number): Promise<TotalsDoc[]> {
    this.#mustBeOpen();
    const found = await this.#reads.list(this.#collections.states, { _id: below(unit, contest, shard) });
    return found.map(readTotals);
  }

  async notes(kind: string, subject?: string): Promise<NoteDoc[]> {
    this.#mustBeOpen();
    const filter = { _id: below(kind), ...(subject !== undefined && { subject }) };
    return (await this.#reads.list(this.#collections.notes, filter)).map(readNote);
  }

  close(): void {
    this.#closed ??= new ModelError('model-unavailable', 'the snapshot is closed');
  }

  #mustBeOpen(): void {
    if (this.#closed) throw this.#closed;
    this.#mustBeThere();
  }

  async *#pages<T extends { readonly _id: unknown }>(
    model: Model<T>,
    within?: object,
    filter?: object,
  ): AsyncGenerator<T[]> {
    this.#mustBeOpen();
    for await (const page of this.#reads.pages(model, within, filter)) {
      yield page;
      this.#mustBeOpen();
    }
  }
}

function idsBetween(shard: number, from: number, to: number): { readonly $gte: number; readonly $lt: number } {
  return { $gte: attemptId(shard, Math.max(0, from)), $lt: attemptId(shard, Math.max(0, to)) };
}
