/** Reads a shard's tree as it was stored at one moment: tiles of any width that it has, roots, proofs. */
import {
  consistencyProof,
  HASH_BYTES,
  inclusionProof,
  type Nodes,
  nodesFromTiles,
  type Proof,
  rootAt,
  TILE_WIDTH,
  type TilePlace,
  type TreeHead,
  widthAt,
} from '#transparency';
import type { ElectionTree, TreeEdge } from './port.ts';

export class TreeReads {
  readonly #store: ElectionTree;
  readonly #shard: number;
  readonly #edge: TreeEdge;

  private constructor(store: ElectionTree, shard: number, edge: TreeEdge) {
    this.#store = store;
    this.#shard = shard;
    this.#edge = edge;
  }

  static async open(store: ElectionTree, shard: number): Promise<TreeReads> {
    return new TreeReads(store, shard, await store.edge(shard));
  }

  /** Number of leaves. */
  get size(): number {
    return this.#edge.size;
  }

  /** The first hashes of a tile, as many as asked for; undefined where the tree does not have them. */
  async tile({ level, index, width }: TilePlace): Promise<Uint8Array | undefined> {
    const there = widthAt(level, index, this.size);
    if (width < 1 || width > there) return undefined;
    const isUnfinished = index === Math.floor(this.size / TILE_WIDTH ** (level + 1));
    const bytes = isUnfinished ? this.#edge.levels[level] : await this.#store.tile(this.#shard, level, index);
    return bytes?.subarray(0, width * HASH_BYTES);
  }

  /** The tree as it was at a size, which must not be beyond what it has. */
  async head(size = this.size): Promise<TreeHead> {
    return { size, root: await rootAt(size, this.#nodes(size)) };
  }

  inclusion(index: number, size = this.size): Promise<Proof> {
    return inclusionProof(index, size, this.#nodes(size));
  }

  consistency(older: number, newer = this.size): Promise<Proof> {
    return consistencyProof(older, newer, this.#nodes(newer));
  }

  #nodes(size: number): Nodes {
    if (size > this.size) throw new RangeError(`shard ${this.#shard} has ${this.size} leaves, not ${size}`);
    return nodesFromTiles(size, async (place) => {
      const bytes = await this.tile(place);
      if (!bytes) throw new Error(`tile ${place.level}/${place.index} of shard ${this.#shard} is missing`);
      return bytes;
    });
  }
}
