/**
 * Checks a receipt in the browser: that its digest is the one its code was made of, and that the digest is in the tree
 * whose root stands in the checkpoint (RFC 6962, RFC 9162 §2.1.3.2). The server's word is not taken for either.
 */
import { inclusionSides, parseReceiptId, receiptCode, type Side } from '#transparency/portable';
import type { ProvenReceipt } from '#wire';
import { type Bytes, fromBase64, toBase64 } from './bytes.ts';

/** `no-crypto`: browsers give away their hashing only to pages that come over https or from the same machine. */
export type ProofVerdict = 'holds' | 'other-code' | 'other-root' | 'malformed' | 'no-crypto';

export interface ProofChecked {
  readonly verdict: ProofVerdict;
  /** Of the checkpoint, where that could be read. */
  readonly tree?: { readonly size: number; readonly root: string };
  /** The hashes of the proof from the digest up, with the side each stands on. */
  readonly steps: readonly { readonly side: Side; readonly hash: string }[];
}

const HASH_BYTES = 32;
const NODE = 1;

/** `id`: as the holder of the receipt gave it. */
export async function checkReceipt(
  id: string,
  receipt: ProvenReceipt,
  subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle,
): Promise<ProofChecked> {
  const asked = parseReceiptId(id);
  const leaf = fromHex(receipt.digest);
  const tree = readCheckpoint(receipt.checkpoint ?? '');
  const sides = asked && tree && inclusionSides(asked.offset, tree.size);
  const path = receipt.proof?.map(hashOf) ?? [];
  const isWhole = asked && leaf && tree && sides?.length === path.length && path.every((hash) => hash !== null);
  if (!isWhole || tree.origin !== `tally/${receipt.election}/${asked.shard}`)
    return { verdict: 'malformed', steps: [] };
  const steps = sides.map((side, i) => ({ side, hash: receipt.proof![i]! }));
  const found = (verdict: ProofVerdict): ProofChecked => ({ verdict, tree, steps });
  if (receiptCode(leaf) !== asked.code) return found('other-code');
  if (!subtle) return found('no-crypto');
  let hash: Bytes = leaf;
  for (const [i, side] of sides.entries()) hash = await nodeHash(subtle, side, path[i]!, hash);
  return found(toBase64(hash) === tree.root ? 'holds' : 'other-root');
}

/** RFC 6962 §2.1: an inner node is the hash of 0x01, left and right. */
async function nodeHash(subtle: SubtleCrypto, side: Side, step: Bytes, hash: Bytes): Promise<Bytes> {
  const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
  bytes[0] = NODE;
  bytes.set(side === 'left' ? step : hash, 1);
  bytes.set(side === 'left' ? hash : step, 1 + HASH_BYTES);
  return new Uint8Array(await subtle.digest('SHA-256', bytes));
}

/** Origin, number of leaves and root: the first three lines of a C2SP checkpoint. */
function readCheckpoint(note: string): { origin: string; size: number; root: string } | null {
  const [origin, size = '', root = ''] = note.split('\n');
  return origin && /^(0|[1-9]\d{0,14})$/.test(size) && hashOf(root) ? { origin, size: Number(size), root } : null;
}

function hashOf(text: string): Bytes | null {
  const bytes = fromBase64(text);
  return bytes?.length === HASH_BYTES ? bytes : null;
}

function fromHex(text: string): Bytes | null {
  if (!/^[0-9a-f]{64}$/.test(text)) return null;
  return Uint8Array.from({ length: HASH_BYTES }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
