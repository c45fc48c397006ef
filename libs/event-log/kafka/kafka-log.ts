/** One election's log in Kafka: a topic with a partition a shard. */
import { type ElectionId, MAX_EVENT_BYTES } from '#domain';
import { type Appended, type EventLog, LogError, type LogRecord, type NewRecord, type ReadOptions } from '../port.ts';
import type { Cluster } from './cluster/cluster.ts';
import { LogTimes } from './log-times.ts';
import { PartitionReader, RecordsGone } from './partition-reader.ts';
import { PartitionWriter, type Placed } from './partition-writer.ts';
import type { BatchRecord, StoredRecord } from './wire/record-batch.ts';

const MAX_RECORDS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_KEY_BYTES = 1_024;

interface Shard {
  readonly writer: PartitionWriter;
  readonly reader: PartitionReader;
  readonly times: LogTimes;
}

export class KafkaLog implements EventLog {
  readonly election: ElectionId;
  readonly shards: number;
  readonly #cluster: Cluster;
  readonly #shards: readonly Shard[];
  #closed = false;

  constructor(cluster: Cluster, election: ElectionId, topic: string, shards: number) {
    this.election = election;
    this.shards = shards;
    this.#cluster = cluster;
    this.#shards = Array.from({ length: shards }, (_, partition) => ({
      writer: new PartitionWriter(cluster, { topic, partition }),
      reader: new PartitionReader(cluster, { topic, partition }),
      times: new LogTimes(cluster, { topic, partition }),
    }));
  }

  async append(records: readonly NewRecord[]): Promise<Appended[]> {
    this.#mustBeOpen();
    for (const record of records) {
      this.#shard(record.shard);
      mustFit(record);
    }
    const places = new Map<number, number[]>();
    records.forEach(({ shard }, i) => {
      const own = places.get(shard);
      if (own) own.push(i);
      else places.set(shard, [i]);
    });
    const appended: Appended[] = new Array(records.length);
    const parts = [...places].map(async ([shard, own]) => {
      const placed = await this.#appendTo(
        shard,
        own.map((i) => copyOf(records[i]!)),
      );
      own.forEach((i, k) => {
        appended[i] = placed[k]!;
      });
    });
    mustAllBeStored(await Promise.allSettled(parts));
    return appended;
  }

  async read(shard: number, from: number, options: ReadOptions = {}): Promise<LogRecord[]> {
    this.#mustBeOpen();
    const { reader, times } = this.#shard(shard);
    const { maxRecords = MAX_RECORDS, maxBytes = MAX_BYTES, waitMs, signal } = options;
    try {
      const stored = await reader.read(from, { maxRecords: Math.max(1, maxRecords), maxBytes }, waitMs, signal);
      return await this.#withLogTimes(stored, Math.max(0, from), times);
    } catch (error) {
      if (!(error instanceof RecordsGone)) throw error;
      throw new LogError(
        'log-damaged',
        `${error.message}: records of the election ${this.election} were deleted; restore the topic, whose retention.ms must be -1`,
      );
    }
  }

  async end(shard: number): Promise<number> {
    this.#mustBeOpen();
    return this.#shard(shard).reader.end();
  }

  /** Refuses what comes from now on; resolves when what was appended before is settled. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#shards.map(({ writer }) => writer.settled()));
  }

  async #appendTo(shard: number, records: readonly BatchRecord[]): Promise<Appended[]> {
    const { writer, times } = this.#shard(shard);
    const placed = await writer.append(records);
    const appended: Appended[] = [];
    let next: Placed | null = null;
    let logTime = 0;
    for (const { offset, stamp } of placed) {
      const follows = next !== null && offset === next.offset + 1;
      logTime = follows ? Math.max(logTime, stamp) : await this.#timeOf(times, offset, stamp);
      next = { offset, stamp };
      appended.push({ shard, offset, logTime });
    }
    if (next) times.remember(next.offset + 1, logTime);
    return appended;
  }

  /** The record is stored by now; without its log time the append is not confirmed. */
  async #timeOf(times: LogTimes, offset: number, stamp: number): Promise<number> {
    try {
      return await times.at(offset, stamp);
    } catch (error) {
      throw new LogError('outcome-unknown', `stored, but not confirmed (${(error as Error).message})`, {
        cause: error,
      });
    }
  }

  async #withLogTimes(stored: readonly StoredRecord[], from: number, times: LogTimes): Promise<LogRecord[]> {
    if (stored.length === 0) return [];
    const records: LogRecord[] = new Array(stored.length);
    let logTime = await times.at(from, stored[0]!.timestamp);
    for (let i = 0; i < stored.length; i += 1) {
      const { offset, timestamp, key, value } = stored[i]!;
      if (offset !== from + i)
        throw new LogError('log-damaged', `the log of ${this.election} lacks offset ${from + i}; next is ${offset}`);
      logTime = Math.max(logTime, timestamp);
      records[i] = { offset, logTime, key: textOf(key), value };
    }
    times.remember(from + stored.length, logTime);
    return records;
  }

  #shard(shard: number): Shard {
    const found = this.#shards[shard];
    if (found) return found;
    throw new LogError('unknown-shard', `the log of ${this.election} has shards 0 to ${this.shards - 1}, not ${shard}`);
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new LogError('log-unavailable', `the log of ${this.election} is closed`);
    this.#cluster.mustBeOpen();
  }
}

/** Throws where a part failed: as it failed, or as unknown where another part was or may be stored. */
function mustAllBeStored(outcomes: readonly PromiseSettledResult<void>[]): void {
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as LogError] : []));
  const unknown = failures.find((failure) => failure.code === 'outcome-unknown');
  const [failure] = failures;
  if (!failure) return;
  if (unknown) throw unknown;
  if (failures.length === outcomes.length) throw failure;
  throw new LogError('outcome-unknown', `stored in part only (${failure.message}); repeat with the same event ids`, {
    cause: failure,
  });
}

function mustFit({ key, value }: NewRecord): void {
  if (value.length > MAX_EVENT_BYTES)
    throw new LogError('record-too-large', `${value.length} bytes; an event has at most ${MAX_EVENT_BYTES}`);
  const keyBytes = Buffer.byteLength(key, 'utf8');
  if (keyBytes > MAX_KEY_BYTES)
    throw new LogError('record-too-large', `a key of ${keyBytes} bytes; at most ${MAX_KEY_BYTES} fit`);
}

/** Taken over as it is now; the caller may change its buffer afterwards. */
function copyOf({ key, value }: NewRecord): BatchRecord {
  return { key: Buffer.from(key, 'utf8'), value: Buffer.from(value) };
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8');
}
