/** The trees of a data folder, in an lmdb environment of their own: a growth is one transaction, flushed when it ends. */
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { ElectionId } from '#domain';
import { failureOf } from '#event-log/embedded';
import type { RecordKey } from '#transparency';
import {
  type ElectionTree,
  EMPTY_EDGE,
  type Growth,
  type GrowthOutcome,
  type KeptCosignature,
  type KeptHead,
  type LogTrees,
  type TreeEdge,
  TreeError,
} from '../port.ts';
import { packEdge, unpackEdge } from '../stored-edge.ts';

type Key = (string | number)[];

interface Tables {
  readonly path: string;
  readonly root: RootDatabase<unknown, string>;
  /** By election, shard, level, index. */
  readonly tiles: Database<Buffer, Key>;
  /** By election, shard. */
  readonly edges: Database<Buffer, Key>;
  /** By election, shard, offset: the key. */
  readonly recordKeys: Database<string, Key>;
  /** By election, events, 1 where it has the fingerprint. */
  readonly heads: Database<KeptHead, Key>;
  /** By election, shard, the witness's key. */
  readonly cosignatures: Database<KeptCosignature, Key>;
}

/** Address space set aside; the file takes only what it holds. */
const MAP_BYTES = 2 ** 38;

/** Opens the trees in `<folder>/tree`, made where there are none. The caller owns the folder. */
export async function openEmbeddedTrees(folder: string): Promise<LogTrees> {
  const path = join(folder, 'tree');
  const root = open<unknown, string>({
    path,
    noSubdir: false,
    overlappingSync: false,
    eventTurnBatching: false,
    mapSize: MAP_BYTES,
  });
  return new EmbeddedTrees({
    path,
    root,
    tiles: root.openDB<Buffer, Key>('tiles', { encoding: 'binary' }),
    edges: root.openDB<Buffer, Key>('edges', { encoding: 'binary' }),
    recordKeys: root.openDB<string, Key>('recordKeys', { encoding: 'string' }),
    heads: root.openDB<KeptHead, Key>('heads', { encoding: 'json' }),
    cosignatures: root.openDB<KeptCosignature, Key>('cosignatures', { encoding: 'json' }),
  });
}

class EmbeddedTrees implements LogTrees {
  readonly #tables: Tables;
  #closing: Promise<void> | null = null;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  of(election: ElectionId): ElectionTree {
    return new EmbeddedTree(election, this.#tables, () => {
      if (this.#closing) throw new TreeError('tree-unavailable', 'the trees are closed');
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#tables.root.close();
    return this.#closing;
  }
}

class EmbeddedTree implements ElectionTree {
  readonly #election: ElectionId;
  readonly #tables: Tables;
  readonly #mustBeOpen: () => void;

  constructor(election: ElectionId, tables: Tables, mustBeOpen: () => void) {
    this.#election = election;
    this.#tables = tables;
    this.#mustBeOpen = mustBeOpen;
  }

  async edge(shard: number): Promise<TreeEdge> {
    this.#mustBeOpen();
    return this.#edge(shard);
  }

  #edge(shard: number): TreeEdge {
    const packed = this.#tables.edges.get([this.#election, shard]);
    return packed ? unpackEdge(packed) : EMPTY_EDGE;
  }

  async tile(shard: number, level: number, index: number): Promise<Uint8Array | undefined> {
    this.#mustBeOpen();
    return this.#tables.tiles.get([this.#election, shard, level, index]);
  }

  async grow({ shard, from, tiles, recordKeys, edge }: Growth): Promise<GrowthOutcome> {
    this.#mustBeOpen();
    const election = this.#election;
    let outcome: GrowthOutcome = 'grown';
    await this.#write(() => {
      // Looked at where nobody else can write: two that grow one tree may both have seen the same edge before.
      const { size } = this.#edge(shard);
      if (size !== from && size !== edge.size) {
        outcome = size > from ? 'ahead' : 'behind';
        return;
      }
      for (const { level, index, bytes } of tiles)
        this.#tables.tiles.put([election, shard, level, index], Buffer.from(bytes));
      for (const { offset, key } of recordKeys) this.#tables.recordKeys.put([election, shard, offset], key);
      this.#tables.edges.put([election, shard], packEdge(edge));
    });
    return outcome;
  }

  async recordKeys(): Promise<RecordKey[]> {
    this.#mustBeOpen();
    const range = this.#tables.recordKeys.getRange(this.#own);
    return Array.from(range, ({ key: [, shard, offset], value: key }) => ({
      shard: Number(shard),
      offset: Number(offset),
      key,
    }));
  }

  async keepHead(head: KeptHead): Promise<void> {
    this.#mustBeOpen();
    const key = [this.#election, head.events, head.hasFingerprint ? 1 : 0];
    if (this.#tables.heads.get(key)) return;
    await this.#write(() => void this.#tables.heads.put(key, head));
  }

  async heads(limit: number): Promise<KeptHead[]> {
    this.#mustBeOpen();
    const { start, end } = this.#own;
    const range = this.#tables.heads.getRange({ start: end, end: start, reverse: true, limit });
    return Array.from(range, ({ value }) => value);
  }

  async keepCosignature(cosignature: KeptCosignature): Promise<void> {
    this.#mustBeOpen();
    const { shard, witness, size } = cosignature;
    const key = [this.#election, shard, witness];
    await this.#write(() => {
      if ((this.#tables.cosignatures.get(key)?.size ?? -1) < size) this.#tables.cosignatures.put(key, cosignature);
    });
  }

  async cosignatures(shard: number): Promise<KeptCosignature[]> {
    this.#mustBeOpen();
    const range = this.#tables.cosignatures.getRange({
      start: [this.#election, shard],
      end: [this.#election, shard + 1],
    });
    return Array.from(range, ({ value }) => value);
  }

  /** Bounds of all keys of the election. */
  get #own(): { start: Key; end: Key } {
    return { start: [this.#election], end: [this.#election, Number.MAX_SAFE_INTEGER] };
  }

  async #write(put: () => void): Promise<void> {
    try {
      await this.#tables.root.transaction(put);
    } catch (error) {
      const { kind, cause } = await failureOf(error, join(this.#tables.path, 'data.mdb'));
      if (kind === 'full') throw new TreeError('tree-full', 'the disk of the trees is full', { cause });
      throw new TreeError('tree-unavailable', `the trees could not be written (${String(cause)})`, { cause });
    }
  }
}
