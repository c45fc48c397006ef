/**
 * Definitions beside the log: a compacted topic of chunks keyed `<digest>/<i>`, each of which fits into a batch, and a
 * manifest keyed `<digest>` after them, without which a definition is not there.
 */
import { createHash } from 'node:crypto';
import type { ElectionId } from '#domain';
import { LogError } from '../port.ts';
import type { Cluster } from './cluster/cluster.ts';
import { PartitionReader } from './partition-reader.ts';
import { PartitionWriter } from './partition-writer.ts';
import { definitionTopic, ensureTopic, partitionsOf } from './topics.ts';

const CHUNK_BYTES = 512_000;
const PAGE = { maxRecords: 1_000, maxBytes: 4 * 1024 * 1024 };

interface Manifest {
  readonly chunks: number;
  readonly bytes: number;
  readonly sha256: string;
}

export class Definitions {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Durable when resolved; where it is there already, nothing is written. */
  async put(election: ElectionId, digest: string, bytes: Uint8Array): Promise<void> {
    const topic = definitionTopic(election, this.#cluster.settings);
    const copy = Buffer.from(bytes);
    await ensureTopic(this.#cluster, topic);
    if (await this.get(election, digest)) return;
    const chunks = Math.max(1, Math.ceil(copy.length / CHUNK_BYTES));
    const manifest: Manifest = { chunks, bytes: copy.length, sha256: sha256(copy) };
    const records = Array.from({ length: chunks }, (_, i) => ({
      key: Buffer.from(`${digest}/${i}`),
      value: copy.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
    }));
    const writer = new PartitionWriter(this.#cluster, { topic: topic.name, partition: 0 });
    await writer.append([...records, { key: Buffer.from(digest), value: Buffer.from(JSON.stringify(manifest)) }]);
  }

  async get(election: ElectionId, digest: string): Promise<Buffer | undefined> {
    const { name } = definitionTopic(election, this.#cluster.settings);
    if ((await partitionsOf(this.#cluster, name)) === undefined) return undefined;
    const records = await this.#recordsOf(name, digest);
    const manifest = records.get(digest);
    if (!manifest) return undefined;
    const { chunks, bytes, sha256: digestOfBytes } = JSON.parse(manifest.toString('utf8')) as Manifest;
    const parts = Array.from({ length: chunks }, (_, i) => records.get(`${digest}/${i}`) ?? Buffer.alloc(0));
    const whole = Buffer.concat(parts);
    if (whole.length !== bytes || sha256(whole) !== digestOfBytes)
      throw new LogError('log-damaged', `the definition ${digest} in ${name} is not what was put there; open it again`);
    return whole;
  }

  /** The newest record of each key of a definition. Compaction leaves gaps between offsets. */
  async #recordsOf(topic: string, digest: string): Promise<Map<string, Buffer>> {
    const reader = new PartitionReader(this.#cluster, { topic, partition: 0 });
    const end = await reader.end();
    const found = new Map<string, Buffer>();
    for (let at = 0; at < end; ) {
      const records = await reader.read(at, PAGE);
      for (const { key, value } of records) {
        const name = Buffer.from(key).toString('utf8');
        if (name === digest || name.startsWith(`${digest}/`)) found.set(name, Buffer.from(value));
      }
      at = records.length > 0 ? records.at(-1)!.offset + 1 : end;
    }
    return found;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
