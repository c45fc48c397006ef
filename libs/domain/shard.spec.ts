import { describe, expect, it } from '@jest/globals';
import { murmur2, shardOf } from './shard.ts';

describe('murmur2', () => {
  // Vectors of Apache Kafka's UtilsTest.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('of %s is %d, as in Kafka', (text, hash) => {
    expect(murmur2(new TextEncoder().encode(text))).toBe(hash);
  });

  it('puts a key on one shard of those there are', () => {
    expect(shardOf('foobar', 1)).toBe(0);
    expect(shardOf('foobar', 7)).toBe((-790332482 & 0x7fffffff) % 7);
  });
});
