/** How a receipt is named. No more than the language itself is needed: browsers read it too. */
import type { Hash } from './hashing.ts';

/** Digits and letters that can't be taken for each other (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first 40 bits of the leaf hash, for reading aloud: `K7QM-3PXD`. */
export function receiptCode(leaf: Hash): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = leaf;
  return `${fourDigits((a << 12) | (b << 4) | (c >> 4))}-${fourDigits(((c & 15) << 16) | (d << 8) | e)}`;
}

/** Of 20 bits. */
function fourDigits(bits: number): string {
  let digits = '';
  for (let at = 15; at >= 0; at -= 5) digits += ALPHABET[(bits >> at) & 31];
  return digits;
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
