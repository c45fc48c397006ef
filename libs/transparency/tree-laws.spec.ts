/** Laws of trees and proofs, over sizes that reach into the second level of tiles. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Hash, rootOver } from './hashing.ts';
import { checkConsistency, checkInclusion, consistencyProof, inclusionProof, type Proof, rootAt } from './proofs.ts';
import { hex, nodesOfTiles, someLeaves, tilesOf } from './testing/trees.ts';
import { widthAt } from './tile-paths.ts';
import { TiledTree } from './tiled-tree.ts';

const LEAVES = someLeaves(1_100);
const sizes = fc.oneof(
  fc.integer({ min: 1, max: LEAVES.length }),
  fc.constantFrom(1, 255, 256, 257, 511, 512, 513, 1_024),
);
const first = (size: number): Hash[] => LEAVES.slice(0, size);

describe('a tree', () => {
  it('has one root however it grows, and at each size on the way that of the leaves so far', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }), (batches) => {
        const tree = new TiledTree();
        for (const batch of batches) {
          for (const leaf of LEAVES.slice(tree.size, tree.size + batch)) tree.append(leaf);
          expect(hex(tree.root())).toBe(hex(rootOver(first(tree.size))));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has the tiles that its size asks for, and every earlier root in them', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (a, b) => {
        const [older, newer] = [Math.min(a, b), Math.max(a, b)];
        const leaves = first(newer);
        expect(hex(await rootAt(older, nodesOfTiles(leaves)))).toBe(hex(rootOver(first(older))));
        const widths = [...tilesOf(leaves).values()].map((bytes) => bytes.length / 32);
        const expected: number[] = [];
        for (let level = 0; widthAt(level, 0, newer) > 0; level += 1)
          for (let index = 0; widthAt(level, index, newer) > 0; index += 1) expected.push(widthAt(level, index, newer));
        expect(widths.sort(ascending)).toEqual(expected.sort(ascending));
      }),
      { numRuns: 40 },
    );
  });
});

describe('an inclusion proof', () => {
  it('checks, and fails with any part changed', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, at, bit) => {
        const index = at % size;
        const proof = await inclusionProof(index, size, nodesOfTiles(first(size)));
        const claim = { leaf: LEAVES[index]!, index, size, root: rootOver(first(size)) };
        expect(checkInclusion(claim, proof)).toBe(true);
        expect(checkInclusion({ ...claim, leaf: flip(claim.leaf, bit) }, proof)).toBe(false);
        expect(checkInclusion({ ...claim, root: flip(claim.root, bit) }, proof)).toBe(false);
        expect(checkInclusion({ ...claim, index: size }, proof)).toBe(false);
        if (size > 1) expect(checkInclusion({ ...claim, index: (index + 1) % size }, proof)).toBe(false);
        for (const wrong of mutations(proof, bit)) expect(checkInclusion(claim, wrong)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a consistency proof', () => {
  it('checks, and fails with any part changed', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), async (a, b, bit) => {
        const [older, newer] = [Math.min(a, b), Math.max(a, b)].map((size) => ({ size, root: rootOver(first(size)) }));
        const proof = await consistencyProof(older!.size, newer!.size, nodesOfTiles(first(newer!.size)));
        expect(checkConsistency(older!, newer!, proof)).toBe(true);
        expect(checkConsistency({ ...older!, root: flip(older!.root, bit) }, newer!, proof)).toBe(false);
        expect(checkConsistency(older!, { ...newer!, root: flip(newer!.root, bit) }, proof)).toBe(false);
        expect(checkConsistency({ ...older!, size: newer!.size + 1 }, newer!, proof)).toBe(false);
        for (const wrong of mutations(proof, bit)) expect(checkConsistency(older!, newer!, wrong)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('tells the empty tree to be the beginning of every tree, and nothing else to be empty', async () => {
    const newer = { size: 7, root: rootOver(first(7)) };
    expect(checkConsistency({ size: 0, root: rootOver([]) }, newer, [])).toBe(true);
    expect(checkConsistency({ size: 0, root: LEAVES[0]! }, newer, [])).toBe(false);
  });
});

/** A step changed, left out, doubled. */
function mutations(proof: Proof, at: number): Proof[] {
  const extra = [...proof, LEAVES[0]!];
  if (proof.length === 0) return [extra];
  const i = at % proof.length;
  return [
    proof.map((step, j) => (j === i ? flip(step, at) : step)),
    proof.filter((_, j) => j !== i),
    [...proof.slice(0, i), proof[i]!, ...proof.slice(i)],
    extra,
  ];
}

function flip(hash: Hash, bit: number): Hash {
  const flipped = Uint8Array.from(hash);
  flipped[(bit >> 3) % 32]! ^= 1 << (bit & 7);
  return flipped;
}

function ascending(a: number, b: number): number {
  return a - b;
}
