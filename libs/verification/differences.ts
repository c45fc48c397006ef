/** How the events of a bundle differ from the hashes that their tile has for them. */
import { type Hash, sameHash } from '#transparency';
import type { FaultCode, Faults } from './faults.ts';

export interface Difference {
  readonly code: Extract<FaultCode, 'event-changed' | 'event-removed' | 'event-inserted' | 'events-reordered'>;
  /** The first event that differs. */
  readonly at: number;
  /** How many do. */
  readonly count: number;
  /** The shard that the event found there belongs to, where that is another one. */
  readonly homeShard?: number | null;
}

/** null where there is none. `found`: hashes of the events; `told`: those of the tile. */
export function differenceOf(found: readonly Hash[], told: readonly Hash[]): Difference | null {
  const length = Math.max(found.length, told.length);
  const isSame = (i: number): boolean => i < found.length && i < told.length && sameHash(found[i]!, told[i]!);
  let at = 0;
  while (at < length && isSame(at)) at += 1;
  if (at === length) return null;
  let count = 0;
  for (let i = at; i < length; i += 1) if (!isSame(i)) count += 1;
  return { code: kindOf(found, told, at), at, count };
}

function kindOf(found: readonly Hash[], told: readonly Hash[], at: number): Difference['code'] {
  if (at >= found.length) return 'event-removed';
  if (at >= told.length) return 'event-inserted';
  if (sameAsSet(found, told)) return 'events-reordered';
  const rest = Math.min(found.length, told.length) - at - 1;
  if (rest === 0) return 'event-changed';
  if (runsAlong(found, told, at, at + 1, rest)) return 'event-removed';
  if (runsAlong(found, told, at + 1, at, rest)) return 'event-inserted';
  return 'event-changed';
}

function runsAlong(found: readonly Hash[], told: readonly Hash[], from: number, to: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) {
    const [a, b] = [found[from + i], told[to + i]];
    if (!a || !b || !sameHash(a, b)) return false;
  }
  return true;
}

function sameAsSet(found: readonly Hash[], told: readonly Hash[]): boolean {
  const sorted = (hashes: readonly Hash[]): string =>
    hashes
      .map((hash) => Buffer.from(hash).toString('hex'))
      .sort()
      .join();
  return sorted(found) === sorted(told);
}

const WORDS: Readonly<Record<Difference['code'], string>> = {
  'event-changed': 'is not the event that was signed there: it was changed',
  'event-removed': 'is not the event that was signed there: one was taken out, and later ones moved up',
  'event-inserted': 'is not the event that was signed there: one was put in, and later ones moved down',
  'events-reordered': 'is not the event that was signed there: events were put in another order',
};

export function tellDifference(faults: Faults, shard: number, difference: Difference, differing: number): void {
  const { code, at, homeShard } = difference;
  const event = `${shard}:${at}`;
  const more = differing > 1 ? ` (${differing} events of shard ${shard} differ, this is the first)` : '';
  const home = homeShard === null || homeShard === undefined ? '' : `; what is there belongs to shard ${homeShard}`;
  faults.add(code, event, `event ${event} ${WORDS[code]}${home}${more}`);
}
