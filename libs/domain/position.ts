/**
 * A position: how far each shard has been read, as the next offset to read, every shard in order (contracts §3).
 */
export type Position = readonly number[];

/** Prints a position as `0:1234,1:99`. */
export function formatPosition(position: Position): string {
  return position.map((offset, shard) => `${shard}:${offset}`).join(',');
}

const PART = /^(\d{1,5}):(\d{1,15})$/;

/** Reads a printed position of an election with so many shards; null where it is none. */
export function parsePosition(text: string, shards: number): Position | null {
  const parts = text.split(',');
  if (parts.length !== shards) return null;
  const position: number[] = [];
  for (const [shard, part] of parts.entries()) {
    const match = PART.exec(part);
    if (!match || Number(match[1]) !== shard) return null;
    position.push(Number(match[2]));
  }
  return position;
}

/** Whether `a` is at or before `b` in every shard. */
export function notBeyond(a: Position, b: Position): boolean {
  return a.every((offset, shard) => offset <= (b[shard] ?? 0));
}
