/** The brokers of a cluster: connections to them that are used again, and which of them leads what. */
import { setTimeout as delay } from 'node:timers/promises';
import { LogError } from '../../port.ts';
import type { KafkaSettings } from '../options.ts';
import type { Partition } from '../wire/records.ts';
import { BrokerError, type Request } from '../wire/request.ts';
import { type Metadata, metadata, type Node } from '../wire/topics.ts';
import { ConnectionLost, Link, NotConnected } from './link.ts';

/** A deposed leader that is cut off from the others does not know it and answers as if nothing happened: look again. */
const LEADERS_MAX_AGE_MS = 15_000;
const FIRST_PAUSE_MS = 30;
const LONGEST_PAUSE_MS = 500;

interface Leaders {
  readonly nodes: ReadonlyMap<number, Node>;
  readonly byPartition: ReadonlyMap<number, number>;
  readonly until: number;
}

export class Cluster {
  readonly settings: KafkaSettings;
  readonly #seeds: readonly Node[];
  #known: readonly Node[] = [];
  readonly #leaders = new Map<string, Promise<Leaders>>();
  readonly #idle = new Map<string, Link[]>();
  readonly #busy = new Set<Link>();
  #closed = false;

  constructor(settings: KafkaSettings) {
    this.settings = settings;
    this.#seeds = settings.brokers.map(nodeOf);
  }

  /** Asks a broker; throws `NotConnected`, `ConnectionLost`, `BrokerError`, each at the first try. */
  async askNode<T>(node: Node, request: Request<T>, timeoutMs = this.settings.answerMs): Promise<T> {
    const link = await this.#take(node);
    try {
      return await link.ask(request, timeoutMs);
    } finally {
      this.#giveBack(link);
    }
  }

  /** Asks the leader of a partition; after a failure, who leads is looked up anew. */
  async askLeader<T>(partition: Partition, request: Request<T>, timeoutMs?: number): Promise<T> {
    return this.askThisLeader(await this.leaderOf(partition), partition, request, timeoutMs);
  }

  /** The same where the leader was looked up before. */
  async askThisLeader<T>(
    leader: Node,
    partition: Partition,
    request: Request<T>,
    timeoutMs = this.settings.answerMs,
  ): Promise<T> {
    try {
      return await this.askNode(leader, request, timeoutMs);
    } catch (error) {
      this.#leaders.delete(partition.topic);
      throw error;
    }
  }

  /** Throws what `askAny` does, and `NotConnected` where no broker leads it now. */
  async leaderOf({ topic, partition }: Partition): Promise<Node> {
    const { nodes, byPartition } = await this.#leadersOf(topic);
    const node = nodes.get(byPartition.get(partition) ?? -1);
    if (node) return node;
    this.#leaders.delete(topic);
    throw new NotConnected(`partition ${partition} of ${topic} has no leader now`);
  }

  /** Asks any broker that can be reached. */
  async askAny<T>(request: Request<T>, timeoutMs?: number): Promise<T> {
    let failure: unknown = new NotConnected('no broker is named');
    for (const node of shuffled([...this.#known, ...this.#seeds]))
      try {
        return await this.askNode(node, request, timeoutMs);
      } catch (error) {
        if (error instanceof BrokerError) throw error;
        failure = error;
      }
    throw failure;
  }

  /** Of these topics, or of all. */
  async metadata(topics: readonly string[] | null): Promise<Metadata> {
    const found = await this.askAny(metadata(topics));
    if (found.nodes.size > 0) this.#known = [...found.nodes.values()];
    return found;
  }

  /** Repeats a question that changes nothing until it is answered; throws `LogError` at the deadline or a plain refusal. */
  async persist<T>(question: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + this.settings.deadlineMs;
    for (const pause of pauses()) {
      this.mustBeOpen();
      try {
        return await question();
      } catch (error) {
        this.mustBeOpen();
        if (error instanceof LogError) throw error;
        if (!isTransient(error) || Date.now() + pause > deadline) throw unavailable(error);
      }
      await delay(pause);
    }
    throw new Error('pauses never end');
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  mustBeOpen(): void {
    if (this.#closed) throw new LogError('log-unavailable', 'the logs are closed');
  }

  /** Ends all connections at once. */
  close(): void {
    this.#closed = true;
    for (const link of [...this.#busy, ...[...this.#idle.values()].flat()]) link.close();
    this.#idle.clear();
  }

  async #leadersOf(topic: string): Promise<Leaders> {
    const known = this.#leaders.get(topic);
    const leaders = await known;
    if (leaders && leaders.until > Date.now()) return leaders;
    if (known === this.#leaders.get(topic)) this.#leaders.set(topic, this.#lookUp(topic));
    return this.#leaders.get(topic)!;
  }

  async #lookUp(topic: string): Promise<Leaders> {
    try {
      const { nodes, topics } = await this.metadata([topic]);
      const { code, leaders } = topics.get(topic)!;
      if (code !== 0) throw new BrokerError(code, topic);
      return { nodes, byPartition: leaders, until: Date.now() + LEADERS_MAX_AGE_MS };
    } catch (error) {
      this.#leaders.delete(topic);
      throw error;
    }
  }

  async #take(node: Node): Promise<Link> {
    this.mustBeOpen();
    const idle = this.#idle.get(keyOf(node)) ?? [];
    for (let link = idle.pop(); link; link = idle.pop())
      if (link.usable) {
        this.#busy.add(link);
        return link;
      }
    const link = await Link.open(node, this.settings);
    this.#busy.add(link);
    if (this.#closed) {
      link.close();
      this.mustBeOpen();
    }
    return link;
  }

  #giveBack(link: Link): void {
    this.#busy.delete(link);
    if (!link.usable) return;
    const key = keyOf(link.node);
    const idle = this.#idle.get(key);
    if (idle) idle.push(link);
    else this.#idle.set(key, [link]);
  }
}

/** Ever longer, without end. */
export function* pauses(): Generator<number, never> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) yield pause;
}

/** Whether a later try may have another end. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof NotConnected ||
    error instanceof ConnectionLost ||
    (error instanceof BrokerError && error.retriable)
  );
}

/** What a broker refused it for can be asked by `refusedFor`. */
export function unavailable(cause: unknown): LogError {
  const what = cause instanceof BrokerError ? 'Kafka refuses' : 'Kafka does not answer';
  return new LogError('log-unavailable', `${what} (${(cause as Error).message})`, { cause });
}

export function refusedFor(error: unknown): BrokerError | null {
  const { cause } = error as Error;
  return cause instanceof BrokerError ? cause : null;
}

function nodeOf(address: string): Node {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

function keyOf({ host, port }: Node): string {
  return `${host}:${port}`;
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
