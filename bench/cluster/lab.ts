/** Where a cluster is measured: a real broker, a MongoDB-wire server, and elections opened over both. */
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPackage } from '#definition';
import { Elections } from '#projection';
import { openStores, type Stores, storesEnvironment } from '../../apps/server/cluster.ts';
import { KafkaCluster } from '../../test/services/kafka.ts';
import { MongoWire } from '../../test/services/mongo-wire.ts';
import { type Nation, ROOT, writePackage } from '../nation.ts';

export type Environment = Readonly<Record<string, string>>;

export interface OpenedElection {
  readonly id: string;
  readonly shards: number;
  /** Of a clerk of the whole nation. */
  readonly token: string;
}

export class Lab {
  readonly kafka: KafkaCluster;
  readonly mongo: MongoWire;
  /** What processes over both are told. */
  readonly env: Environment;
  readonly stores: Stores;
  readonly #elections: Elections;

  private constructor(kafka: KafkaCluster, mongo: MongoWire, env: Environment, stores: Stores) {
    this.kafka = kafka;
    this.mongo = mongo;
    this.env = env;
    this.stores = stores;
    this.#elections = new Elections(stores.logs);
  }

  static async start(): Promise<Lab> {
    const [kafka, mongo] = await Promise.all([KafkaCluster.start({ heapMb: 512 }), MongoWire.start()]);
    const env = {
      KAFKA_BROKERS: kafka.addresses.join(','),
      KAFKA_REPLICATION: '1',
      KAFKA_MIN_INSYNC: '1',
      MONGODB_URI: mongo.uri,
      MONGODB_DATABASE: `bench-${randomUUID()}`,
    };
    return new Lab(kafka, mongo, env, await openStores(storesEnvironment.parse(env)));
  }

  /** Opens the nation as an election of its own name, in so many shards. */
  async open(nation: Nation, name: string, shards: number, folder: string): Promise<OpenedElection> {
    const id = `${name}-rehearsal`;
    const path = join(folder, `package-${id}`);
    await writePackage({ ...nation, shards }, path);
    const file = join(path, 'election.json');
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), id }));
    const read = await readPackage(path);
    if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
    await rm(path, { recursive: true });
    const { digest, bytes } = read;
    const manager = { id: 'bench', role: 'manager', unit: ROOT } as const;
    const { outcome } = await this.#elections.open({ id, shards, rootUnit: ROOT, digest, bytes }, manager, new Date());
    if (outcome !== 'opened') throw new Error(`${id} is ${outcome}`);
    const { token } = await this.stores.accounts.add({ role: 'clerk', unit: ROOT });
    return { id, shards, token };
  }

  /** Events of an election, and the mean size of a sheet's. */
  async measure({ id, shards }: OpenedElection): Promise<{ events: number; bytesAnEvent: number }> {
    const log = (await this.stores.logs.find(id))!;
    let events = 0;
    for (let shard = 0; shard < shards; shard += 1) events += await log.end(shard);
    const sample = await log.read(0, 1, { maxRecords: 500 });
    const bytes = sample.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
    return { events, bytesAnEvent: Math.round(bytes / sample.length) };
  }

  async stop(): Promise<void> {
    await this.stores.close();
    await Promise.all([this.kafka.stop(), this.mongo.kill()]);
  }
}
