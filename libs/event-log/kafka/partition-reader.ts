/**
 * Reads one partition from any offset, by plain fetch requests: no group, no state on the broker, any number of readers.
 * Only records below the high-water mark are ever sent to a consumer: what is read once stays.
 */
import { LogError } from '../port.ts';
import { type Cluster, refusedFor } from './cluster/cluster.ts';
import { DamagedBatch, readBatches, type StoredRecord } from './wire/record-batch.ts';
import { EARLIEST, type Fetched, fetchRecords, LATEST, offsetAt, type Partition } from './wire/records.ts';

/** A waiting request is renewed so often; it is answered at once when a record arrives. */
const LONGEST_WAIT_MS = 2_000;
const LEAST_FETCH_BYTES = 64 * 1024;
const MOST_FETCH_BYTES = 4 * 1024 * 1024;
/** Of a record beside its key and value. */
const OVERHEAD = 40;

export interface Limits {
  readonly maxRecords: number;
  /** Stops after the record that passes so many bytes of values. */
  readonly maxBytes: number;
}

/** The partition begins later than asked for. */
export class RecordsGone extends Error {
  readonly earliest: number;
  constructor(earliest: number, message: string) {
    super(message);
    this.earliest = earliest;
  }
}

export class PartitionReader {
  readonly #cluster: Cluster;
  readonly #partition: Partition;
  /** Of the records read so far: how much to ask for where a number of records is wanted. */
  #usualBytes = 600;

  constructor(cluster: Cluster, partition: Partition) {
    this.#cluster = cluster;
    this.#partition = partition;
  }

  /** The high-water mark: the offset that the next record will get, once all in-sync replicas have it. */
  end(): Promise<number> {
    return this.#offsetAt(LATEST);
  }

  /**
   * Records from an offset on, up to the limits or the high-water mark; where there is none, those that come within
   * `waitMs`. Throws `RecordsGone`, or `LogError` where no answer is had.
   */
  async read(from: number, limits: Limits, waitMs = 0, signal?: AbortSignal): Promise<StoredRecord[]> {
    const page = new Page(Math.max(0, from), limits);
    const until = Date.now() + waitMs;
    // Where the page begins beyond the end, the fetch begins at the end: only so is it woken by a record.
    let at = page.from;
    for (;;) {
      const wait = page.isEmpty && !signal?.aborted ? Math.max(0, until - Date.now()) : 0;
      const fetched = await this.#fetch(at, page, Math.min(wait, LONGEST_WAIT_MS), signal);
      if (!fetched) return page.records;
      const { batches, highWater } = fetched;
      at = Math.min(this.#read(batches, at, page), highWater);
      if (page.isFull || (at === highWater && (wait === 0 || !page.isEmpty))) return page.records;
    }
  }

  #read(batches: Buffer, at: number, page: Page): number {
    try {
      const next = readBatches(batches, at, (record) => page.take(record));
      if (!page.isEmpty) this.#usualBytes = OVERHEAD + page.bytes / page.records.length;
      return next;
    } catch (error) {
      if (error instanceof DamagedBatch) throw new LogError('log-damaged', `${this.#name}: ${error.message}`);
      throw error;
    }
  }

  /** null where the wait was given up. */
  async #fetch(at: number, page: Page, wait: number, signal?: AbortSignal): Promise<Fetched | null> {
    const request = fetchRecords(this.#partition, at, this.#bytesFor(page), wait);
    const timeoutMs = wait + this.#cluster.settings.answerMs;
    const asking = this.#cluster.persist(() => this.#cluster.askLeader(this.#partition, request, timeoutMs));
    try {
      return await (signal && wait > 0 ? unlessAborted(asking, signal) : asking);
    } catch (error) {
      if (refusedFor(error)?.type !== 'OFFSET_OUT_OF_RANGE') throw error;
    }
    const [earliest, highWater] = await Promise.all([this.#offsetAt(EARLIEST), this.#offsetAt(LATEST)]);
    if (at >= earliest) return { batches: Buffer.alloc(0), highWater };
    throw new RecordsGone(earliest, `${this.#name} begins at ${earliest}; ${at} was asked for`);
  }

  #bytesFor({ limits, bytes, records }: Page): number {
    const wanted = Math.min((limits.maxRecords - records.length) * this.#usualBytes * 1.2, limits.maxBytes - bytes);
    return Math.round(Math.min(MOST_FETCH_BYTES, Math.max(LEAST_FETCH_BYTES, wanted + LEAST_FETCH_BYTES)));
  }

  #offsetAt(time: number): Promise<number> {
    const question = offsetAt(this.#partition, time);
    return this.#cluster.persist(() => this.#cluster.askLeader(this.#partition, question));
  }

  get #name(): string {
    return `partition ${this.#partition.partition} of ${this.#partition.topic}`;
  }
}

/** The records of one read. */
class Page {
  readonly records: StoredRecord[] = [];
  readonly from: number;
  readonly limits: Limits;
  bytes = 0;

  constructor(from: number, limits: Limits) {
    this.from = from;
    this.limits = limits;
  }

  get isEmpty(): boolean {
    return this.records.length === 0;
  }

  get isFull(): boolean {
    return !this.isEmpty && (this.records.length >= this.limits.maxRecords || this.bytes > this.limits.maxBytes);
  }

  /** Whether there is room for another one. */
  take(record: StoredRecord): boolean {
    if (record.offset < this.from) return true;
    this.records.push(record);
    this.bytes += record.value.length;
    return !this.isFull;
  }
}

/** null once the signal is given; what comes of the promise then is of no use to anyone. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(null);
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
