/** The way from a leaf to the root (RFC 9162 §2.1.3.2). No more than the language itself is needed: browsers go it too. */

/** On which side of what was hashed so far a hash of the proof stands. */
export type Side = 'left' | 'right';

/** One for each hash of an inclusion proof, from the leaf up; null where the tree has no such leaf. */
export function inclusionSides(index: number, size: number): Side[] | null {
  if (!isSize(index) || !isSize(size) || index >= size) return null;
  const sides: Side[] = [];
  let [at, last] = [index, size - 1];
  while (last > 0) {
    if (at % 2 === 1 || at === last) {
      sides.push('left');
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else sides.push('right');
    [at, last] = [half(at), half(last)];
  }
  return sides;
}

export function half(n: number): number {
  return Math.floor(n / 2);
}

export function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}
