/** A log in memory, with log times that depend on nothing but shard and offset. */
import type { Appended, EventLog, LogRecord, NewRecord, ReadOptions } from '#event-log';
import type { PlainRecord } from './plain-count.ts';

export class MemoryLog implements EventLog {
  readonly election: string;
  readonly shards: number;
  readonly #records: LogRecord[][];
  #grown: (() => void)[] = [];

  constructor(election: string, shards: number, records: readonly PlainRecord[] = []) {
    this.election = election;
    this.shards = shards;
    this.#records = Array.from({ length: shards }, () => []);
    for (const record of records) this.add(record);
  }

  add({ shard, key, value }: NewRecord): Appended {
    const records = this.#records[shard]!;
    const offset = records.length;
    const logTime = logTimeOf(shard, offset);
    records.push({ offset, logTime, key, value });
    for (const wake of this.#grown.splice(0)) wake();
    return { shard, offset, logTime };
  }

  async append(records: readonly NewRecord[]): Promise<Appended[]> {
    return records.map((record) => this.add(record));
  }

  async read(shard: number, from: number, options: ReadOptions = {}): Promise<LogRecord[]> {
    const { maxRecords = 1_000, waitMs = 0, signal } = options;
    if (from >= this.#records[shard]!.length && waitMs > 0) await this.#wait(waitMs, signal);
    return this.#records[shard]!.slice(from, from + maxRecords);
  }

  async end(shard: number): Promise<number> {
    return this.#records[shard]!.length;
  }

  #wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
      this.#grown.push(done);
    });
  }
}

const START = Date.UTC(2021, 4, 23, 12);

/** Records of one shard come one to three seconds apart, now and then at the same time; shards run at their own pace. */
export function logTimeOf(shard: number, offset: number): number {
  return START + shard * 700 + offset * (1_000 + 500 * (shard % 3)) - (offset % 4 === 3 ? 400 : 0);
}
