/** A whole cluster for tests: real brokers, a real MongoDB-wire server, and processes of each kind over them. */
import { randomUUID } from 'node:crypto';
import { newToken } from '#access';
import { KafkaCluster, type KafkaSettings } from './kafka.ts';
import { MongoWire, type WireSettings } from './mongo-wire.ts';
import { freePorts } from './ports.ts';
import { type ProcessKind, TallyProcess } from './tally-process.ts';

export interface ClusterSettings {
  readonly kafka?: KafkaSettings;
  readonly mongo?: WireSettings;
  readonly apis?: number;
  readonly projectors?: number;
  readonly gateways?: number;
  /** Where the processes find Kafka and MongoDB, where there is a proxy in front of them. */
  readonly through?: (kind: ProcessKind, kafka: KafkaCluster, mongo: MongoWire) => Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export class TallyCluster {
  readonly kafka: KafkaCluster;
  mongo: MongoWire;
  readonly apis: readonly TallyProcess[];
  readonly projectors: readonly TallyProcess[];
  readonly gateways: readonly TallyProcess[];
  /** What a process is told where nothing stands between, and what the command line needs to speak to the stores directly. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the first manager. */
  readonly token: string;

  private constructor(
    kafka: KafkaCluster,
    mongo: MongoWire,
    env: Readonly<Record<string, string>>,
    processes: Readonly<Record<ProcessKind, readonly TallyProcess[]>>,
  ) {
    this.kafka = kafka;
    this.mongo = mongo;
    this.env = env;
    this.token = env.TALLY_MANAGER_TOKEN!;
    this.apis = processes.api;
    this.projectors = processes.projector;
    this.gateways = processes.gateway;
  }

  /** Resolves once every process is ready. */
  static async start(settings: ClusterSettings = {}): Promise<TallyCluster> {
    const { apis = 1, projectors = 1, gateways = 0 } = settings;
    const [kafka, mongo] = await Promise.all([KafkaCluster.start(settings.kafka), MongoWire.start(settings.mongo)]);
    const env = {
      KAFKA_BROKERS: kafka.addresses.join(','),
      KAFKA_REPLICATION: String(kafka.brokers.length),
      KAFKA_MIN_INSYNC: String(Math.min(2, kafka.brokers.length)),
      TALLY_MANAGER_TOKEN: newToken(),
      MONGODB_URI: mongo.uri,
      MONGODB_DATABASE: `tally-${randomUUID()}`,
      ...settings.env,
    };
    const kinds = [
      ...Array.from({ length: apis }, (): ProcessKind => 'api'),
      ...Array.from({ length: projectors }, (): ProcessKind => 'projector'),
      ...Array.from({ length: gateways }, (): ProcessKind => 'gateway'),
    ];
    const ports = await freePorts(kinds.length);
    const all = kinds.map(
      (kind, i) => new TallyProcess(kind, ports[i]!, { ...env, ...settings.through?.(kind, kafka, mongo) }),
    );
    const of = (kind: ProcessKind): TallyProcess[] => all.filter((one) => one.kind === kind);
    const cluster = new TallyCluster(kafka, mongo, env, {
      api: of('api'),
      projector: of('projector'),
      gateway: of('gateway'),
    });
    try {
      await Promise.all(all.map((one) => one.start()));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get processes(): readonly TallyProcess[] {
    return [...this.apis, ...this.projectors, ...this.gateways];
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.kill()));
    await Promise.all([this.kafka.stop(), this.mongo.kill()]);
  }
}
