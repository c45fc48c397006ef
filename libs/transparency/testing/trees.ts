/** Trees for specs. */
import { type Hash, leafHash, rootOver } from '../hashing.ts';
import { type Nodes, nodesFromTiles } from '../proofs.ts';
import { tilePath } from '../tile-paths.ts';
import { TiledTree } from '../tiled-tree.ts';

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Leaves that all differ. */
export function someLeaves(count: number): Hash[] {
  return Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));
}

/** Nodes worked out from the leaves themselves. */
export function nodesOver(leaves: readonly Hash[]): Nodes {
  return async (height, index) => rootOver(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height));
}

/** The tiles of a tree by their paths, those of the right edge as they are at its full size. */
export function tilesOf(leaves: readonly Hash[]): Map<string, Uint8Array> {
  const tiles = new Map<string, Uint8Array>();
  const tree = new TiledTree((tile) => tiles.set(tilePath(tile), tile.bytes));
  for (const leaf of leaves) tree.append(leaf);
  for (const tile of tree.unfinished()) tiles.set(tilePath(tile), tile.bytes);
  return tiles;
}

export function nodesOfTiles(leaves: readonly Hash[]): Nodes {
  const tiles = tilesOf(leaves);
  return nodesFromTiles(leaves.length, async (place) => {
    const bytes = tiles.get(tilePath(place));
    if (!bytes) throw new Error(`no ${tilePath(place)}`);
    return bytes;
  });
}
