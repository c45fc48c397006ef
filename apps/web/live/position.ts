/**
 * Positions in the browser and the rule of the live feed (contracts §6): a message is applied if its `from` is not
 * beyond the own position in any shard and its `to` is not behind it; if `from` is beyond, the snapshot is fetched
 * anew; no shard ever goes back.
 */

/** The next offset to read of every shard, in order. */
export type Position = readonly number[];

/** Reads `0:1234,1:99`; null where it is no position. */
export function readPosition(text: string): Position | null {
  const offsets: number[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d{1,5}):(\d{1,15})$/.exec(part);
    if (!match || Number(match[1]) !== offsets.length) return null;
    offsets.push(Number(match[2]));
  }
  return offsets;
}

export function printPosition(position: Position): string {
  return position.map((offset, shard) => `${shard}:${offset}`).join(',');
}

/** Whether `a` is at or before `b` in every shard. Positions of different elections are never comparable. */
export function isNotBeyond(a: Position, b: Position): boolean {
  return a.length === b.length && a.every((offset, shard) => offset <= b[shard]!);
}

/** How many events lie before the position, all shards together. */
export function eventsBefore(position: Position): number {
  return position.reduce((sum, offset) => sum + offset, 0);
}

export type Verdict = 'apply' | 'ignore' | 'refetch';

export function judgeMessage(own: Position, from: Position, to: Position): Verdict {
  if (!isNotBeyond(from, own)) return 'refetch';
  return isNotBeyond(own, to) ? 'apply' : 'ignore';
}
