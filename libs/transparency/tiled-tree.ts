/**
 * A Merkle tree that grows leaf by leaf and hands out its tiles. It holds the unfinished tile of each level only, so a
 * tree of any size costs a few kilobytes.
 */
import { EMPTY_ROOT, HASH_BYTES, type Hash, nodeHash, rootOver } from './hashing.ts';
import { TILE_WIDTH, type TilePlace } from './tile-paths.ts';

/** The hashes of a tile, one after the other. */
export interface Tile extends TilePlace {
  readonly bytes: Uint8Array;
}

interface Level {
  /** Number of the unfinished tile. */
  index: number;
  hashes: Hash[];
}

export class TiledTree {
  readonly #onTile: (tile: Tile) => void;
  readonly #levels: Level[] = [];
  #size = 0;

  /** `onTile` is handed each tile when it is full; those of lower levels come first. */
  constructor(onTile: (tile: Tile) => void = () => undefined) {
    this.#onTile = onTile;
  }

  /**
   * A tree taken up where it was left: its size, and by level the hashes of the unfinished tile. Throws where these do
   * not belong together.
   */
  static from(
    { size, levels }: { readonly size: number; readonly levels: readonly Uint8Array[] },
    onTile?: (tile: Tile) => void,
  ): TiledTree {
    const tree = new TiledTree(onTile);
    tree.#size = size;
    for (let [level, hashes] = [0, size]; hashes > 0 || level < levels.length; level += 1) {
      const width = hashes % TILE_WIDTH;
      const found = hashesOf(levels[level] ?? new Uint8Array());
      if (found?.length !== width)
        throw new RangeError(`level ${level} of a tree of ${size} has ${width} hashes left over`);
      hashes = Math.floor(hashes / TILE_WIDTH);
      tree.#levels[level] = { index: hashes, hashes: found };
    }
    return tree;
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  append(leaf: Hash): void {
    this.#size += 1;
    this.#push(0, leaf);
  }

  #push(level: number, hash: Hash): void {
    this.#levels[level] ??= { index: 0, hashes: [] };
    const unfinished = this.#levels[level]!;
    unfinished.hashes.push(hash);
    if (unfinished.hashes.length < TILE_WIDTH) return;
    const { index, hashes } = unfinished;
    this.#onTile(tileOf(level, index, hashes));
    this.#levels[level] = { index: index + 1, hashes: [] };
    this.#push(level + 1, rootOver(hashes));
  }

  /** The partial tiles at the tree's right edge, in the order of their levels. */
  unfinished(): Tile[] {
    return this.#levels.flatMap(({ index, hashes }, level) =>
      hashes.length > 0 ? [tileOf(level, index, hashes)] : [],
    );
  }

  /** The root of all leaves so far. */
  root(): Hash {
    let root: Hash | null = null;
    for (const { hashes } of this.#levels)
      for (const peak of peaksOf(hashes)) root = root === null ? peak : nodeHash(peak, root);
    return root ?? EMPTY_ROOT;
  }
}

/** The roots of the complete subtrees that hashes of one level make up, the rightmost (smallest) first. */
function peaksOf(hashes: readonly Hash[]): Hash[] {
  const peaks: Hash[] = [];
  for (let end = hashes.length; end > 0; ) {
    const leaves = end & -end;
    peaks.push(rootOver(hashes.slice(end - leaves, end)));
    end -= leaves;
  }
  return peaks;
}

function tileOf(level: number, index: number, hashes: readonly Hash[]): Tile {
  return { level, index, width: hashes.length, bytes: Buffer.concat(hashes) };
}

/** The hashes in the bytes of a tile; null where these are not whole hashes. */
export function hashesOf(bytes: Uint8Array): Hash[] | null {
  if (bytes.length % HASH_BYTES !== 0) return null;
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}
