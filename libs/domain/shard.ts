/**
 * Which shard an event belongs to: Kafka's default partitioner over its key (contracts §3), on every adapter.
 */
import type { UnitCode } from './definition.ts';

const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const encoder = new TextEncoder();

/**
 * MurmurHash2, 32 bit, as in Apache Kafka's `Utils.murmur2` (org.apache.kafka.common.utils).
 * Returns a signed 32-bit number.
 */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  let h = SEED ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    k = Math.imul(k, M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = length & 3;
  if (rest >= 3) h ^= bytes[whole + 2]! << 16;
  if (rest >= 2) h ^= bytes[whole + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ bytes[whole]!, M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  h ^= h >>> 15;
  return h | 0;
}

/** The shard of a key: `toPositive(murmur2(utf8(key))) % shards`, as Kafka's DefaultPartitioner. */
export function shardOf(key: UnitCode, shards: number): number {
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % shards;
}
