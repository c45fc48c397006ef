/**
 * Group commit: appends that wait together go into one lmdb transaction and one sync.
 *
 * One round is under way at a time. Offsets are given out inside the round and only kept once it is committed, so a
 * round that fails leaves neither records nor gaps.
 */
import type { Database } from 'lmdb';
import { type Appended, LogError, type NewRecord } from '../port.ts';
import { RECORD_KEY_BYTES, valueBytes, writeRecordKey, writeRecordValue } from './record-codec.ts';
import { commitError, isFull, isShortWrite } from './store-errors.ts';

/** A round takes whole appends until it holds so many bytes or records. */
const ROUND_BYTES = 8 * 1024 * 1024;
const ROUND_RECORDS = 20_000;

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
  readonly records: readonly NewRecord[];
  readonly bytes: number;
  resolve(appended: Appended[]): void;
  reject(error: unknown): void;
}

export class GroupCommit {
  readonly #records: Database<Buffer, Uint8Array>;
  readonly #clock: () => number;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #broken: LogError | null = null;

  constructor(records: Database<Buffer, Uint8Array>, clock: () => number) {
    this.#records = records;
    this.#clock = clock;
  }

  append(target: CommitTarget, records: readonly NewRecord[]): Promise<Appended[]> {
    if (this.#broken) return Promise.reject(this.#broken);
    if (records.length === 0) return Promise.resolve([]);
    const bytes = records.reduce((sum, record) => sum + valueBytes(record), 0);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ target, records, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Refuses what comes from now on; resolves when what was accepted before is settled. */
  async close(): Promise<void> {
    this.#broken ??= new LogError('log-unavailable', 'the log is closed');
    await this.#running;
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
      records += waiting.records.length;
      if (count > 0 && (bytes > ROUND_BYTES || records > ROUND_RECORDS)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Commits a round; where it does not fit, each append is tried alone, so that a large one does not take small ones with it. */
  async #settle(round: readonly Waiting[]): Promise<void> {
    const error = await this.#commit(round);
    if (!error) return;
    if (error.code === 'log-full' && round.length > 1) {
      for (const waiting of round) await this.#settle([waiting]);
      return;
    }
    if (error.code !== 'log-full') this.#broken = new LogError('log-unavailable', error.message, { cause: error });
    for (const waiting of round) waiting.reject(error);
  }

  async #commit(round: readonly Waiting[]): Promise<LogError | null> {
    let failure = await this.#write(round);
    if (isShortWrite(failure)) failure = await this.#write(round);
    if (failure === null) return null;
    if (isFull(failure))
      return new LogError('log-full', 'the disk or the map of the log is full; nothing of the append was stored', {
        cause: failure,
      });
    return new LogError('outcome-unknown', `the log could not be written (${String(failure)}); restart and repeat`, {
      cause: failure,
    });
  }

  /** Writes a round in one transaction; returns what made it fail, or null once it is durable. */
  async #write(round: readonly Waiting[]): Promise<unknown> {
    const now = Math.max(0, Math.floor(this.#clock()));
    const ends = new Map<CommitTarget, Map<number, ShardEnd>>();
    const results: Appended[][] = [];
    try {
      await this.#records.batch(() => {
        for (const waiting of round) results.push(this.#put(waiting, now, ends));
      });
    } catch (error) {
      return commitError(error);
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

  #put({ target, records, bytes }: Waiting, now: number, ends: Map<CommitTarget, Map<number, ShardEnd>>): Appended[] {
    let shards = ends.get(target);
    if (!shards) {
      shards = new Map();
      ends.set(target, shards);
    }
    const values = Buffer.allocUnsafeSlow(bytes);
    const keys = Buffer.allocUnsafe(records.length * RECORD_KEY_BYTES);
    const appended: Appended[] = [];
    let valueAt = 0;
    let keyAt = 0;
    for (const record of records) {
      let end = shards.get(record.shard);
      if (!end) {
        end = { ...target.ends[record.shard]! };
        shards.set(record.shard, end);
      }
      end.logTime = Math.max(end.logTime, now);
      writeRecordKey(keys, keyAt, target.number, record.shard, end.next);
      const valueEnd = writeRecordValue(values, valueAt, end.logTime, record);
      this.#records.put(keys.subarray(keyAt, keyAt + RECORD_KEY_BYTES), values.subarray(valueAt, valueEnd));
      appended.push({ shard: record.shard, offset: end.next, logTime: end.logTime });
      end.next += 1;
      keyAt += RECORD_KEY_BYTES;
      valueAt = valueEnd;
    }
    return appended;
  }
}
