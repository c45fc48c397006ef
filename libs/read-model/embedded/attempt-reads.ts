/** Finding attempts in their blocks. */
import type { GetOptions } from 'lmdb';
import type { AttemptDoc } from '../port.ts';
import { AttemptBlock } from './attempt-blocks.ts';
import { LAST } from './keys.ts';
import type { ModelStore } from './store.ts';

/**
 * The block that has an attempt, as the transaction at hand or the one given sees it. Its bytes are lmdb's own
 * buffer, not a copy: it is good until the next read from the store, so never across an `await`.
 */
export function blockWith(
  store: ModelStore,
  shard: number,
  offset: number,
  options: GetOptions = {},
): AttemptBlock | undefined {
  const keys = store.attempts.getKeys({
    start: [shard, offset],
    end: [shard, 0],
    inclusiveEnd: true,
    reverse: true,
    limit: 1,
    ...options,
  });
  for (const [, first] of keys) {
    const bytes = store.attempts.getBinaryFast([shard, first!], options)!;
    const block = new AttemptBlock(shard, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    if (block.has(offset)) return block;
  }
  return undefined;
}

/** Attempts at offsets, which are all there; fastest in ascending order. */
export function attemptsAt(
  store: ModelStore,
  shard: number,
  offsets: readonly number[],
  options: GetOptions,
): AttemptDoc[] {
  let block: AttemptBlock | undefined;
  return offsets.map((offset) => {
    if (!block?.has(offset)) block = blockWith(store, shard, offset, options);
    if (!block) throw new Error(`attempt ${shard}:${offset} is listed, but not there`);
    return block.attempt(offset);
  });
}

/**
 * Attempts that lie together, the first of them at `from` or, where that is missing, the next there is; none at or
 * beyond `to`. Empty where there are no more.
 */
export function nextAttempts(
  store: ModelStore,
  shard: number,
  from: number,
  to: number,
  options: GetOptions,
): AttemptDoc[] {
  let begin = from;
  let block = blockWith(store, shard, begin, options);
  if (!block) {
    const keys = store.attempts.getKeys({ start: [shard, from], end: [shard, LAST], limit: 1, ...options });
    for (const [, first] of keys) begin = Number(first);
    if (begin > from && begin < to) block = blockWith(store, shard, begin, options);
  }
  if (!block) return [];
  const docs: AttemptDoc[] = [];
  for (let offset = begin; offset < to && block.has(offset); offset += 1) docs.push(block.attempt(offset));
  return docs;
}
