/**
 * Proofs that a leaf is in a tree, and that a tree is the beginning of a larger one (RFC 6962 §2.1.1, §2.1.2), and
 * their checking (RFC 9162 §2.1.3.2, §2.1.4.2).
 */
import { EMPTY_ROOT, type Hash, nodeHash, powerBelow, rootOver, sameHash } from './hashing.ts';
import { half, inclusionSides, isSize } from './inclusion-sides.ts';
import { TILE_WIDTH, type TilePlace, widthAt } from './tile-paths.ts';
import { hashesOf } from './tiled-tree.ts';

export type Proof = readonly Hash[];

/** The hash of the complete subtree over leaves `index`·2^height … (`index` + 1)·2^height − 1. */
export type Nodes = (height: number, index: number) => Promise<Hash>;

const TILE_HEIGHT = 8;

/** The nodes of a tree of so many leaves, from its tiles. Rejects where a tile is not as wide as it must be. */
export function nodesFromTiles(size: number, read: (place: TilePlace) => Promise<Uint8Array>): Nodes {
  return async (height, index) => {
    const level = Math.floor(height / TILE_HEIGHT);
    const hashes = 2 ** (height - level * TILE_HEIGHT);
    const first = index * hashes;
    const tile = Math.floor(first / TILE_WIDTH);
    const place = { level, index: tile, width: widthAt(level, tile, size) };
    const found = hashesOf(await read(place));
    if (found?.length !== place.width) throw new RangeError(`tile ${level}/${tile} has not ${place.width} hashes`);
    const start = first % TILE_WIDTH;
    return rootOver(found.slice(start, start + hashes));
  };
}

/** The root that the tree had, or has, at a size. */
export async function rootAt(size: number, nodes: Nodes): Promise<Hash> {
  return size === 0 ? EMPTY_ROOT : rangeHash(0, size, nodes);
}

/** The hash over leaves `from` … `to` − 1, which start where a subtree of their number may start. */
async function rangeHash(from: number, to: number, nodes: Nodes): Promise<Hash> {
  const leaves = to - from;
  const height = Math.log2(leaves);
  if (Number.isInteger(height)) return nodes(height, from / leaves);
  const middle = from + powerBelow(leaves);
  return nodeHash(await rangeHash(from, middle, nodes), await rangeHash(middle, to, nodes));
}

/** That leaf `index` is in the tree of `size` leaves. */
export async function inclusionProof(index: number, size: number, nodes: Nodes): Promise<Proof> {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const path: Hash[] = [];
  for (let [from, to] = [0, size]; to - from > 1; ) {
    const middle = from + powerBelow(to - from);
    if (index < middle) {
      path.push(await rangeHash(middle, to, nodes));
      to = middle;
    } else {
      path.push(await rangeHash(from, middle, nodes));
      from = middle;
    }
  }
  return path.reverse();
}

/** That the tree of `older` leaves is the beginning of that of `newer`; empty where either is empty or both are equal. */
export async function consistencyProof(older: number, newer: number, nodes: Nodes): Promise<Proof> {
  if (!(older >= 0 && older <= newer)) throw new RangeError(`a tree of ${older} is no beginning of one of ${newer}`);
  if (older === 0 || older === newer) return [];
  const path: Hash[] = [];
  let [from, to] = [0, newer];
  while (to !== older) {
    const middle = from + powerBelow(to - from);
    if (older <= middle) {
      path.push(await rangeHash(middle, to, nodes));
      to = middle;
    } else {
      path.push(await rangeHash(from, middle, nodes));
      from = middle;
    }
  }
  if (from > 0) path.push(await rangeHash(from, to, nodes));
  return path.reverse();
}

export interface ClaimedLeaf {
  readonly leaf: Hash;
  readonly index: number;
  readonly size: number;
  readonly root: Hash;
}

export function checkInclusion({ leaf, index, size, root }: ClaimedLeaf, proof: Proof): boolean {
  const sides = inclusionSides(index, size);
  if (sides?.length !== proof.length) return false;
  let hash = leaf;
  for (const [i, step] of proof.entries()) hash = sides[i] === 'left' ? nodeHash(step, hash) : nodeHash(hash, step);
  return sameHash(hash, root);
}

export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

export function checkConsistency(older: TreeHead, newer: TreeHead, proof: Proof): boolean {
  if (!isSize(older.size) || !isSize(newer.size) || older.size > newer.size) return false;
  if (older.size === 0) return proof.length === 0 && sameHash(older.root, EMPTY_ROOT);
  if (older.size === newer.size) return proof.length === 0 && sameHash(older.root, newer.root);
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  const [start, ...steps] = at === 0 ? [older.root, ...proof] : proof;
  if (!start) return false;
  let [was, is] = [start, start];
  for (const step of steps) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      was = nodeHash(step, was);
      is = nodeHash(step, is);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else is = nodeHash(is, step);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameHash(was, older.root) && sameHash(is, newer.root);
}
