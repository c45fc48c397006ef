/** Word of what is new, by a topic whose records are kept for an hour. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ElectionId } from '#domain';
import { type Broadcast, LogError, type Message } from '../port.ts';
import type { Cluster } from './cluster/cluster.ts';
import { PartitionReader, RecordsGone } from './partition-reader.ts';
import { PartitionWriter } from './partition-writer.ts';
import { changesTopic, ensureTopic, logTopicName, partitionsOf } from './topics.ts';
import type { StoredRecord } from './wire/record-batch.ts';

export const MAX_MESSAGE_BYTES = 900_000;
const PAGE = { maxRecords: 10_000, maxBytes: 4 * 1024 * 1024 };
const WAIT_MS = 60_000;
const PAUSE_MS = 200;
const NO_KEY = new Uint8Array(0);

export class KafkaBroadcast implements Broadcast {
  readonly #cluster: Cluster;
  readonly #writers = new Map<ElectionId, Promise<readonly PartitionWriter[]>>();
  readonly #ends = new Set<() => Promise<void>>();
  #closed = false;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async publish(election: ElectionId, messages: readonly Message[]): Promise<void> {
    this.#mustBeOpen();
    const writers = await this.#writersOf(election);
    for (const { shard, value } of messages) {
      if (!writers[shard])
        throw new LogError('unknown-shard', `${election} has shards 0 to ${writers.length - 1}, not ${shard}`);
      if (value.length > MAX_MESSAGE_BYTES)
        throw new LogError('record-too-large', `${value.length} bytes; a message has at most ${MAX_MESSAGE_BYTES}`);
    }
    const byShard = writers.map((writer, shard) => ({
      writer,
      own: messages
        .filter((message) => message.shard === shard)
        .map(({ value }) => ({ key: NO_KEY, value: Buffer.from(value) })),
    }));
    await Promise.all(byShard.map(({ writer, own }) => own.length > 0 && writer.append(own)));
  }

  async listen(election: ElectionId, hear: (message: Message) => void): Promise<() => Promise<void>> {
    this.#mustBeOpen();
    const { name, partitions } = await this.#topicOf(election);
    const readers = Array.from(
      { length: partitions },
      (_, partition) => new PartitionReader(this.#cluster, { topic: name, partition }),
    );
    const starts = await Promise.all(readers.map((reader) => reader.end()));
    const ended = new AbortController();
    const listening = readers.map((reader, shard) =>
      this.#follow(reader, starts[shard]!, ended.signal, ({ value }) => hear({ shard, value })),
    );
    const end = async (): Promise<void> => {
      ended.abort();
      this.#ends.delete(end);
      await Promise.all(listening);
    };
    this.#ends.add(end);
    return end;
  }

  /** Ends all listening; what was published before is settled. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#ends].map((end) => end()));
    const writers = await Promise.allSettled(this.#writers.values());
    for (const opened of writers)
      if (opened.status === 'fulfilled') await Promise.all(opened.value.map((writer) => writer.settled()));
  }

  async #follow(
    reader: PartitionReader,
    start: number,
    ended: AbortSignal,
    hear: (record: StoredRecord) => void,
  ): Promise<void> {
    let next = start;
    while (!ended.aborted && !this.#cluster.isClosed) {
      const records = await this.#heard(reader, next, ended);
      if (typeof records === 'number') next = records;
      else
        for (const record of records) {
          if (ended.aborted) return;
          hear(record);
          next = record.offset + 1;
        }
    }
  }

  /**
   * What came, or where to go on: messages older than an hour are gone, damaged ones are passed over, and while Kafka is
   * away nothing comes.
   */
  async #heard(reader: PartitionReader, from: number, ended: AbortSignal): Promise<StoredRecord[] | number> {
    try {
      return await reader.read(from, PAGE, WAIT_MS, ended);
    } catch (error) {
      if (error instanceof RecordsGone) return error.earliest;
      if (!(error instanceof LogError)) throw error;
      if (error.code === 'log-damaged') return from + 1;
      await delay(PAUSE_MS, undefined, { signal: ended }).catch(() => undefined);
      return from;
    }
  }

  #writersOf(election: ElectionId): Promise<readonly PartitionWriter[]> {
    const known = this.#writers.get(election);
    if (known) return known;
    const opening = this.#openWriters(election);
    this.#writers.set(election, opening);
    // Only what was opened is kept; who asked is told why it was not.
    opening.catch(() => this.#writers.delete(election));
    return opening;
  }

  async #openWriters(election: ElectionId): Promise<readonly PartitionWriter[]> {
    const { name, partitions } = await this.#topicOf(election);
    return Array.from(
      { length: partitions },
      (_, partition) => new PartitionWriter(this.#cluster, { topic: name, partition }),
    );
  }

  async #topicOf(election: ElectionId): Promise<{ name: string; partitions: number }> {
    const { settings } = this.#cluster;
    const shards = await partitionsOf(this.#cluster, logTopicName(election, settings));
    if (shards === undefined) throw new LogError('unknown-log', `there is no log of ${election}; make it first`);
    const topic = changesTopic(election, shards, settings);
    await ensureTopic(this.#cluster, topic);
    return topic;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new LogError('log-unavailable', 'the broadcast is closed');
    this.#cluster.mustBeOpen();
  }
}
