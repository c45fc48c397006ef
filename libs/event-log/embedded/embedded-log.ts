/** One election's log in lmdb. */
import { type ElectionId, MAX_EVENT_BYTES } from '#domain';
import { type Appended, type EventLog, LogError, type LogRecord, type NewRecord, type ReadOptions } from '../port.ts';
import type { CommitTarget, GroupCommit, ShardEnd } from './group-commit.ts';
import { logTimeOf, MAX_KEY_BYTES, offsetOf, readRecord, recordKey } from './record-codec.ts';
import type { LogHead, LogStore } from './store.ts';
import { ShardWaiters } from './waiters.ts';

const MAX_RECORDS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** Past the last offset that a key can hold. */
const MAX_OFFSET = 2 ** 48 - 1;

export class EmbeddedLog implements EventLog, CommitTarget {
  readonly election: ElectionId;
  readonly shards: number;
  readonly number: number;
  readonly ends: readonly ShardEnd[];
  readonly #store: LogStore;
  readonly #committer: GroupCommit;
  readonly #waiters = new ShardWaiters();
  #closed = false;

  constructor(election: ElectionId, head: LogHead, store: LogStore, committer: GroupCommit) {
    this.election = election;
    this.shards = head.shards;
    this.number = head.number;
    this.#store = store;
    this.#committer = committer;
    this.ends = Array.from({ length: head.shards }, (_, shard) => this.#storedEnd(shard));
  }

  async append(records: readonly NewRecord[]): Promise<Appended[]> {
    this.#mustBeOpen();
    for (const record of records) {
      this.#mustHave(record.shard);
      mustFit(record);
    }
    return this.#committer.append(this, records);
  }

  async read(shard: number, from: number, options: ReadOptions = {}): Promise<LogRecord[]> {
    this.#mustBeOpen();
    this.#mustHave(shard);
    const { waitMs = 0, signal } = options;
    if (waitMs > 0 && from >= this.ends[shard]!.next) {
      const there = () => from < this.ends[shard]!.next;
      await this.#waiters.wait(shard, there, waitMs, signal);
      this.#mustBeOpen();
    }
    return this.#readNow(shard, from, options);
  }

  async end(shard: number): Promise<number> {
    this.#mustBeOpen();
    this.#mustHave(shard);
    return this.ends[shard]!.next;
  }

  grown(shards: ReadonlySet<number>): void {
    for (const shard of shards) this.#waiters.wake(shard);
  }

  /** Ends waits; every later call is refused. */
  close(): void {
    this.#closed = true;
    this.#waiters.wakeAll();
  }

  #readNow(shard: number, from: number, options: ReadOptions): LogRecord[] {
    const { maxRecords = MAX_RECORDS, maxBytes = MAX_BYTES } = options;
    const end = this.ends[shard]!.next;
    const records: LogRecord[] = [];
    if (from >= end) return records;
    let bytes = 0;
    let offset = Math.max(0, from);
    const range = this.#store.records.getRange({
      start: recordKey(this.number, shard, offset),
      end: recordKey(this.number, shard, end),
      limit: Math.max(1, maxRecords),
    });
    for (const { value } of range) {
      const record = readRecord(offset, value);
      records.push(record);
      offset += 1;
      bytes += record.value.length;
      if (bytes > maxBytes) break;
    }
    return records;
  }

  #storedEnd(shard: number): ShardEnd {
    const range = this.#store.records.getRange({
      start: recordKey(this.number, shard, MAX_OFFSET),
      end: recordKey(this.number, shard, 0),
      inclusiveEnd: true,
      reverse: true,
      limit: 1,
    });
    for (const { key, value } of range) return { next: offsetOf(key) + 1, logTime: logTimeOf(value) };
    return { next: 0, logTime: 0 };
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new LogError('log-unavailable', `the log of ${this.election} is closed`);
  }

  #mustHave(shard: number): void {
    if (Number.isInteger(shard) && shard >= 0 && shard < this.shards) return;
    throw new LogError('unknown-shard', `the log of ${this.election} has shards 0 to ${this.shards - 1}, not ${shard}`);
  }
}

function mustFit({ key, value }: NewRecord): void {
  if (value.length > MAX_EVENT_BYTES)
    throw new LogError('record-too-large', `${value.length} bytes; an event has at most ${MAX_EVENT_BYTES}`);
  const keyBytes = Buffer.byteLength(key, 'utf8');
  if (keyBytes > MAX_KEY_BYTES)
    throw new LogError('record-too-large', `a key of ${keyBytes} bytes; at most ${MAX_KEY_BYTES} fit`);
}
