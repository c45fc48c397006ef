/** What people type, as receipts are named. */
import { parseReceiptId } from '#transparency/portable';

/**
 * The id of a receipt from what was read aloud or copied: blanks and dashes of any kind, small letters, and the letters
 * that Crockford's base 32 leaves out because they are taken for digits. null where it is none.
 */
export function readReceiptId(text: string): string | null {
  const [shard, offset, ...code] = text
    .trim()
    .toUpperCase()
    .split(/[\s\-\u2010-\u2015:/]+/);
  const letters = code.join('').replaceAll('O', '0').replace(/[IL]/g, '1');
  const id = `${shard}-${offset}-${letters.slice(0, 4)}-${letters.slice(4)}`;
  return parseReceiptId(id) ? id : null;
}
