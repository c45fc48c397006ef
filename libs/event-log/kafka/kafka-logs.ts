/** All logs of a Kafka cluster. */
import type { ElectionId } from '#domain';
import { type EventLog, type EventLogs, LogError } from '../port.ts';
import type { Cluster } from './cluster/cluster.ts';
import { Definitions } from './definitions.ts';
import { KafkaLog } from './kafka-log.ts';
import { electionOfLogTopic, ensureTopic, logTopic, logTopicName, mustBeAsMeant, partitionsOf } from './topics.ts';

export class KafkaLogs implements EventLogs {
  readonly #cluster: Cluster;
  readonly #definitions: Definitions;
  readonly #open = new Map<ElectionId, KafkaLog>();
  #closing: Promise<void> | null = null;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#definitions = new Definitions(cluster);
  }

  async elections(): Promise<ElectionId[]> {
    this.#mustBeOpen();
    const { topics } = await this.#cluster.persist(() => this.#cluster.metadata(null));
    return [...topics.keys()].flatMap((name) => electionOfLogTopic(name, this.#cluster.settings) ?? []);
  }

  async find(election: ElectionId): Promise<EventLog | undefined> {
    this.#mustBeOpen();
    const open = this.#open.get(election);
    if (open) return open;
    const shards = await partitionsOf(this.#cluster, logTopicName(election, this.#cluster.settings));
    if (shards === undefined) return undefined;
    await mustBeAsMeant(this.#cluster, logTopic(election, shards, this.#cluster.settings));
    return this.#opened(election, shards);
  }

  async create(election: ElectionId, shards: number): Promise<EventLog> {
    this.#mustBeOpen();
    await ensureTopic(this.#cluster, logTopic(election, shards, this.#cluster.settings));
    return this.#opened(election, shards);
  }

  async putDefinition(election: ElectionId, digest: string, bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    await this.#definitions.put(election, digest, bytes);
  }

  async getDefinition(election: ElectionId, digest: string): Promise<Uint8Array | undefined> {
    this.#mustBeOpen();
    return this.#definitions.get(election, digest);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((log) => log.close()));
    this.#cluster.close();
  }

  #opened(election: ElectionId, shards: number): KafkaLog {
    this.#mustBeOpen();
    const open = this.#open.get(election);
    if (open) return open;
    const log = new KafkaLog(this.#cluster, election, logTopicName(election, this.#cluster.settings), shards);
    this.#open.set(election, log);
    return log;
  }

  #mustBeOpen(): void {
    if (this.#closing) throw new LogError('log-unavailable', 'the logs are closed');
  }
}
