/** The test vectors of Certificate Transparency for RFC 6962: eight leaves, every root, some proofs. */
import { describe, expect, it } from '@jest/globals';
import { leafHash } from './hashing.ts';
import { checkConsistency, checkInclusion, consistencyProof, inclusionProof, rootAt } from './proofs.ts';
import { hex, nodesOver } from './testing/trees.ts';
import { TiledTree } from './tiled-tree.ts';

const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION = [
  {
    index: 0,
    size: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    index: 5,
    size: 8,
    proof: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
];
const CONSISTENCY = [
  { older: 1, newer: 1, proof: [] },
  {
    older: 2,
    newer: 5,
    proof: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
];

const leaves = LEAVES.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex');

describe('RFC 6962', () => {
  it.each(ROOTS.map((root, size) => ({ root, size })))('gives the root of $size leaves', async ({ root, size }) => {
    const tree = new TiledTree();
    for (const leaf of leaves.slice(0, size)) tree.append(leaf);
    expect(hex(tree.root())).toBe(root);
    expect(hex(await rootAt(size, nodesOver(leaves)))).toBe(root);
  });

  it.each(INCLUSION)('proves leaf $index of $size', async ({ index, size, proof }) => {
    expect((await inclusionProof(index, size, nodesOver(leaves))).map(hex)).toEqual(proof);
    const claim = { leaf: leaves[index]!, index, size, root: bytes(ROOTS[size]!) };
    expect(checkInclusion(claim, proof.map(bytes))).toBe(true);
  });

  it.each(CONSISTENCY)('proves $older to be the beginning of $newer', async ({ older, newer, proof }) => {
    expect((await consistencyProof(older, newer, nodesOver(leaves))).map(hex)).toEqual(proof);
    const head = (size: number) => ({ size, root: bytes(ROOTS[size]!) });
    expect(checkConsistency(head(older), head(newer), proof.map(bytes))).toBe(true);
  });
});
