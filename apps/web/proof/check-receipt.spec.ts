import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatCheckpoint,
  formatHash,
  type Hash,
  inclusionProof,
  leafHash,
  receiptCode,
  rootOver,
} from '#transparency';
import type { ProvenReceipt } from '#wire';
import { checkReceipt } from './check-receipt.ts';

const LEAVES = Array.from({ length: 300 }, (_, i) => leafHash(Buffer.from(`event ${i}`)));

/** What a server would answer about the leaf of a tree of so many. */
async function proven(index: number, size: number, leaves: readonly Hash[] = LEAVES): Promise<ProvenReceipt> {
  const leaf = leaves[index]!;
  const nodes = async (height: number, at: number): Promise<Hash> =>
    rootOver(leaves.slice(at * 2 ** height, (at + 1) * 2 ** height));
  const code = receiptCode(leaf);
  const root = rootOver(leaves.slice(0, size));
  return {
    id: `1-${index}-${code}`,
    election: 'e-1',
    code,
    digest: Buffer.from(leaf).toString('hex'),
    attempt: `1:${index}`,
    note: '',
    checkpoint: `${formatCheckpoint({ origin: 'tally/e-1/1', size, root })}\n— tally/e-1/1 c2lnbmF0dXJl\n`,
    proof: (await inclusionProof(index, size, nodes)).map(formatHash),
  };
}

const trees = fc
  .integer({ min: 1, max: LEAVES.length })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }));

describe('the check of a receipt in the browser', () => {
  it('finds every leaf under the root of every tree that has it', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async ({ index, size }) => {
        const receipt = await proven(index, size);
        const checked = await checkReceipt(receipt.id, receipt);
        expect(checked).toMatchObject({ verdict: 'holds', tree: { size } });
        expect(checked.steps.map(({ hash }) => hash)).toEqual(receipt.proof);
      }),
      { numRuns: 60 },
    );
  });

  it('finds it out where any hash of the proof, the digest or the root is another', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.nat(), async ({ index, size }, place) => {
        const receipt = await proven(index, size);
        const other = formatHash(leafHash(Buffer.from('another')));
        const proof = receipt.proof!.map((hash, i) => (i === place % receipt.proof!.length ? other : hash));
        if (proof.length > 0)
          expect(await checkReceipt(receipt.id, { ...receipt, proof })).toMatchObject({ verdict: 'other-root' });
        const checkpoint = receipt.checkpoint!.replace(/^((?:.*\n){2}).*/, `$1${other}`);
        expect(await checkReceipt(receipt.id, { ...receipt, checkpoint })).toMatchObject({ verdict: 'other-root' });
        const digest = Buffer.from(leafHash(Buffer.from('a third'))).toString('hex');
        expect(await checkReceipt(receipt.id, { ...receipt, digest })).toMatchObject({ verdict: 'other-code' });
      }),
      { numRuns: 40 },
    );
  });

  it('takes the word of the holder, not of the server, for place and code', async () => {
    const asked = await proven(7, 20);
    const moved = [...LEAVES.slice(0, 7), LEAVES[8]!, LEAVES[7]!, ...LEAVES.slice(9)];
    const elsewhere = await proven(8, 20, moved);
    expect(elsewhere.digest).toBe(asked.digest);
    expect((await checkReceipt(asked.id, { ...elsewhere, id: asked.id })).verdict).not.toBe('holds');
    expect((await checkReceipt(elsewhere.id, elsewhere)).verdict).toBe('holds');
    const other = await proven(8, 20);
    expect((await checkReceipt(`1-8-${asked.code}`, other)).verdict).toBe('other-code');
  });

  it('does not call a proof whole that lacks a hash, has one too many, or is of another log', async () => {
    const receipt = await proven(5, 11);
    const verdictOf = async (changed: Partial<ProvenReceipt>) =>
      (await checkReceipt(receipt.id, { ...receipt, ...changed })).verdict;
    expect(await verdictOf({ proof: receipt.proof!.slice(1) })).toBe('malformed');
    expect(await verdictOf({ proof: [...receipt.proof!, receipt.proof![0]!] })).toBe('malformed');
    expect(await verdictOf({ proof: ['AAAA', ...receipt.proof!.slice(1)] })).toBe('malformed');
    expect(await verdictOf({ election: 'e-2' })).toBe('malformed');
    expect(await verdictOf({ checkpoint: undefined, proof: undefined })).toBe('malformed');
    expect(await verdictOf({ checkpoint: receipt.checkpoint!.replace('\n11\n', '\n5\n') })).toBe('malformed');
  });
});
