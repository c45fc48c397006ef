/**
 * A real Apache Kafka for tests and development: one or three brokers (KRaft, broker and controller in one process each)
 * on free ports of 127.0.0.1, from Maven Central, with their data in a temporary folder.
 *
 * Every broker can be killed, stopped and started again; it keeps its ports and its data. Clients reach it through a
 * listener of their own, which can be advertised under another port than it listens on: a proxy in between then carries
 * all of a client's connections, while the brokers talk to each other directly.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka as KafkaClient, logLevel } from 'kafkajs';
import { type BrokerPorts, KafkaBroker } from './kafka-broker.ts';
import { classPath } from './maven.ts';
import { freePorts } from './ports.ts';

const VERSION = '4.3.1';
const START_DEADLINE_MS = 90_000;

export interface KafkaSettings {
  /** 1 (the default) or 3. */
  readonly brokers?: number;
  /** Further settings of every broker, such as `message.max.bytes`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Under which port clients are told to reach a broker (0, 1, 2); default: where it listens. */
  readonly advertise?: (broker: number) => number;
  /**
   * Further listeners by name, and under which port each broker advertises its own: clients that begin at one of them
   * are led through the same one to every broker.
   */
  readonly doors?: Readonly<Record<string, (broker: number) => number>>;
  /** Where a broker keeps its log; default: in the temporary folder. */
  readonly logFolder?: (broker: number) => string;
  /** Java's heap for each, in MB; default 256. */
  readonly heapMb?: number;
}

/** The class path of Kafka and its tools. */
export function kafkaClassPath(): Promise<string> {
  return classPath('kafka', [
    `org.apache.kafka:kafka_2.13:${VERSION}`,
    `org.apache.kafka:kafka-tools:${VERSION}`,
    // Without it the brokers would be silent about why they do not start.
    'org.slf4j:slf4j-simple:1.7.36',
  ]);
}

export class KafkaCluster {
  readonly brokers: readonly KafkaBroker[];
  readonly #folder: string;

  private constructor(brokers: readonly KafkaBroker[], folder: string) {
    this.brokers = brokers;
    this.#folder = folder;
  }

  /** Resolves once every broker answers; rejects with what the brokers wrote. */
  static async start(settings: KafkaSettings = {}): Promise<KafkaCluster> {
    const count = settings.brokers ?? 1;
    const java = await kafkaClassPath();
    const ports = await brokerPorts(count, Object.keys(settings.doors ?? {}));
    const folder = await mkdtemp(join(tmpdir(), 'tally-kafka-'));
    // Sixteen bytes in base64url; one that begins with a dash would be taken for an option.
    const clusterId = `T${Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url').slice(1)}`;
    const brokers = ports.map((own, id) => {
      const home = join(folder, `broker-${id}`);
      const properties = propertiesOf(id, ports, settings.logFolder?.(id) ?? join(home, 'log'), settings);
      return new KafkaBroker({ id, home, ports: own, properties, classPath: java, clusterId, heapMb: settings.heapMb });
    });
    const cluster = new KafkaCluster(brokers, folder);
    try {
      await Promise.all(brokers.map((broker) => broker.format()));
      await Promise.all(brokers.map((broker) => broker.start()));
      await cluster.ready();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Where clients begin, past any proxy. */
  get addresses(): string[] {
    return this.brokers.map(({ address }) => address);
  }

  /** Resolves once all brokers are registered and there is a controller that creates topics. */
  async ready(): Promise<void> {
    const client = new KafkaClient({
      brokers: this.brokers.map(({ internal }) => internal),
      logLevel: logLevel.NOTHING,
    });
    const admin = client.admin({ retry: { retries: 0 } });
    const deadline = Date.now() + START_DEADLINE_MS;
    for (;;) {
      try {
        await admin.connect();
        const { brokers, controller } = await admin.describeCluster();
        if (brokers.length === this.brokers.length && controller !== null) break;
      } catch (error) {
        if (Date.now() > deadline) throw new Error(`Kafka is not ready: ${error}\n${await this.logs()}`);
      }
      if (Date.now() > deadline) throw new Error(`Kafka is not complete\n${await this.logs()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await admin.disconnect();
  }

  /** The last lines that each broker wrote. */
  async logs(): Promise<string> {
    return (await Promise.all(this.brokers.map((broker) => broker.lastLines()))).join('\n');
  }

  /** Ends every broker at once and removes the data. */
  async stop(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.kill()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export interface TestKafka {
  readonly brokers: readonly string[];
  stop(): Promise<void>;
}

/** A broker for tests that only use it: the one that `TEST_KAFKA_BROKERS` names, or one of its own. */
export async function testKafka(): Promise<TestKafka> {
  const named = process.env.TEST_KAFKA_BROKERS;
  if (named) return { brokers: named.split(','), stop: async () => undefined };
  const cluster = await KafkaCluster.start();
  return { brokers: cluster.addresses, stop: () => cluster.stop() };
}

async function brokerPorts(count: number, doors: readonly string[]): Promise<BrokerPorts[]> {
  const free = await freePorts(count * (3 + doors.length));
  const next = (): number => free.pop()!;
  return Array.from({ length: count }, () => ({
    client: next(),
    internal: next(),
    controller: next(),
    doors: new Map(doors.map((name) => [name, next()])),
  }));
}

function propertiesOf(
  id: number,
  ports: readonly BrokerPorts[],
  logFolder: string,
  { advertise, doors = {}, config }: KafkaSettings,
): Record<string, string> {
  const { client, internal, controller } = ports[id]!;
  const further = [...ports[id]!.doors];
  const local = (name: string, port: number) => `${name}://127.0.0.1:${port}`;
  const replicas = String(ports.length);
  return {
    'node.id': String(id),
    'process.roles': 'broker,controller',
    'controller.quorum.voters': ports.map((other, i) => `${i}@127.0.0.1:${other.controller}`).join(','),
    listeners: [
      local('CLIENT', client),
      local('INTERNAL', internal),
      local('CONTROLLER', controller),
      ...further.map(([name, port]) => local(name, port)),
    ].join(','),
    'advertised.listeners': [
      local('CLIENT', advertise?.(id) ?? client),
      local('INTERNAL', internal),
      ...further.map(([name]) => local(name, doors[name]!(id))),
    ].join(','),
    'listener.security.protocol.map': ['CLIENT', 'INTERNAL', 'CONTROLLER', ...further.map(([name]) => name)]
      .map((name) => `${name}:PLAINTEXT`)
      .join(','),
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logFolder,
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '500',
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'controller.quorum.election.timeout.ms': '500',
    'controller.quorum.fetch.timeout.ms': '1000',
    'log.cleaner.dedupe.buffer.size': '10485760',
    ...config,
  };
}
