/** How a receipt is named. No more than the language itself is needed: browsers read it too. */
import type { Hash } from './hashing.ts';

/** Digits and letters that can't be taken for each other (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first 40 bits of the leaf hash, for reading aloud: `K7QM-3PXD`. */
export function receiptCode(leaf: Hash): string {
  let bits = 0n;
  for (const byte of leaf.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  let code = '';
  for (let at = 35n; at >= 0n; at -= 5n) code += ALPHABET[Number((bits >> at) & 31n)];
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** `<shard>-<offset>-<code>`: where the event lies, and a check that it is the right one. */
export function receiptId({ shard, offset, leaf }: { shard: number; offset: number; leaf: Hash }): string {
  return `${shard}-${offset}-${receiptCode(leaf)}`;
}

/** null where the text is no receipt's id. */
export function parseReceiptId(text: string): { shard: number; offset: number; code: string } | null {
  const match = /^(\d{1,5})-(\d{1,15})-([0-9A-Z]{4}-[0-9A-Z]{4})$/.exec(text.toUpperCase());
  return match && { shard: Number(match[1]), offset: Number(match[2]), code: match[3]! };
}
