/**
 * Group commit: appends that wait together go into one lmdb transaction and one sync.
 *
 * One round is under way at a time. Offsets are given out inside the round and only kept once it is committed, so a
 * round that fails leaves neither records nor gaps.
 */
import type { Database } from 'lmdb';
import { type Appended, LogError, type NewRecord } from '../port.ts';
import { recordKey, valueBytes, writeLogTime, writeRecordValue } from './record-codec.ts';
import type { LogStore } from './store.ts';
import { type Failure, failureOf } from './store-errors.ts';

/** A round takes whole appends until it holds so many bytes or records. */
const ROUND_BYTES = 8 * 1024 * 1024;
const ROUND_RECORDS = 20_000;
const CHUNK_BYTES = 1024 * 1024;

/** Where a shard's log stands: the next offset, and the log time of the record before it. */
export interface ShardEnd {
  next: number;
  logTime: number;
}

/** What the committer needs to know of a log. */
export interface CommitTarget {
  readonly number: number;
  readonly ends: readonly ShardEnd[];
  /** Called once the shards have new records. */
  grown(shards: ReadonlySet<number>): void;
}

interface Waiting {
  readonly target: CommitTarget;
  readonly shards: readonly number[];
  /** One a record, as stored but for the log time. */
  readonly values: readonly Buffer[];
  readonly bytes: number;
  resolve(appended: Appended[]): void;
  reject(error: unknown): void;
}

export class GroupCommit {
  readonly #records: Database<Buffer, Uint8Array>;
  readonly #dataFile: string;
  readonly #clock: () => number;
  #space = Buffer.alloc(0);
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #closed: LogError | null = null;
  #broken: LogError | null = null;

  constructor(store: LogStore, clock: () => number) {
    this.#records = store.records;
    this.#dataFile = store.dataFile;
    this.#clock = clock;
  }

  /** Takes the records over as they are now; the caller may change its buffers afterwards. */
  append(target: CommitTarget, records: readonly NewRecord[]): Promise<Appended[]> {
    const refused = this.#broken ?? this.#closed;
    if (refused) return Promise.reject(refused);
    if (records.length === 0) return Promise.resolve([]);
    const values = records.map((record) => writeRecordValue(this.#room(valueBytes(record)), record));
    const bytes = values.reduce((sum, value) => sum + value.length, 0);
    const shards = records.map(({ shard }) => shard);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ target, shards, values, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Refuses what comes from now on; resolves when what was accepted before is settled. */
  async close(): Promise<void> {
    this.#closed ??= new LogError('log-unavailable', 'the log is closed');
    await this.#running;
  }

  /** A part of a chunk that nothing else is written to: lmdb reads values from another thread. */
  #room(bytes: number): Buffer {
    if (this.#space.length < bytes) this.#space = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, bytes));
    const room = this.#space.subarray(0, bytes);
    this.#space = this.#space.subarray(bytes);
    return room;
  }

  async #run(): Promise<void> {
    // Lets what is appended in the same turn gather before the first round.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#settle(this.#takeRound());
    this.#running = null;
  }

  #takeRound(): Waiting[] {
    let bytes = 0;
    let records = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      records += waiting.values.length;
      if (count > 0 && (bytes > ROUND_BYTES || records > ROUND_RECORDS)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Commits a round; where it does not fit, each append is tried alone, so that a large one does not take small ones with it. */
  async #settle(round: readonly Waiting[]): Promise<void> {
    const error = this.#broken ?? (await this.#commit(round));
    if (!error) return;
    if (error.code === 'log-full' && round.length > 1) {
      for (const waiting of round) await this.#settle([waiting]);
      return;
    }
    if (error.code === 'outcome-unknown')
      this.#broken = new LogError('log-unavailable', error.message, { cause: error });
    for (const waiting of round) waiting.reject(error);
  }

  async #commit(round: readonly Waiting[]): Promise<LogError | null> {
    const failure = await this.#write(round);
    if (failure === null) return null;
    const { kind, cause } = failure;
    if (kind === 'full')
      return new LogError('log-full', 'the disk of the log is full; nothing of the append was stored', { cause });
    return new LogError('outcome-unknown', `the log could not be written (${String(cause)}); restart and repeat`, {
      cause,
    });
  }

  /** Writes a round in one transaction; returns what made it fail, or null once it is durable. */
  async #write(round: readonly Waiting[]): Promise<Failure | null> {
    const now = Math.max(0, Math.floor(this.#clock()));
    const ends = new Map<CommitTarget, Map<number, ShardEnd>>();
    const results: Appended[][] = [];
    try {
      await this.#records.batch(() => {
        for (const waiting of round) results.push(this.#put(waiting, now, ends));
      });
    } catch (error) {
      return failureOf(error, this.#dataFile);
    }
    for (const [target, shards] of ends) {
      for (const [shard, end] of shards) Object.assign(target.ends[shard]!, end);
      target.grown(new Set(shards.keys()));
    }
    round.forEach((waiting, i) => {
      waiting.resolve(results[i]!);
    });
    return null;
  }

  /** Hands an append's records to lmdb. Nothing in here may fail: lmdb would commit what it has by then. */
  #put({ target, shards, values }: Waiting, now: number, ends: Map<CommitTarget, Map<number, ShardEnd>>): Appended[] {
    let targetEnds = ends.get(target);
    if (!targetEnds) {
      targetEnds = new Map();
      ends.set(target, targetEnds);
    }
    const appended: Appended[] = [];
    for (let i = 0; i < values.length; i += 1) {
      const shard = shards[i]!;
      let end = targetEnds.get(shard);
      if (!end) {
        end = { ...target.ends[shard]! };
        targetEnds.set(shard, end);
      }
      end.logTime = Math.max(end.logTime, now);
      writeLogTime(values[i]!, end.logTime);
      this.#records.put(recordKey(target.number, shard, end.next), values[i]!);
      appended.push({ shard, offset: end.next, logTime: end.logTime });
      end.next += 1;
    }
    return appended;
  }
}
