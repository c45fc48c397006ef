/** A tree's edge as bytes: size (8 bytes), then of each level the number of hashes (2 bytes) and the hashes. */
import { HASH_BYTES } from '#transparency';
import type { TreeEdge } from './port.ts';

export function packEdge({ size, levels }: TreeEdge): Buffer {
  const head = Buffer.alloc(8);
  head.writeBigUInt64BE(BigInt(size));
  const parts = levels.flatMap((bytes) => {
    const hashes = bytes.length / HASH_BYTES;
    return [Uint8Array.of(hashes >> 8, hashes & 0xff), bytes];
  });
  return Buffer.concat([head, ...parts]);
}

export function unpackEdge(packed: Uint8Array): TreeEdge {
  const bytes = Buffer.from(packed);
  const levels: Uint8Array[] = [];
  for (let at = 8; at < bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at) * HASH_BYTES;
    levels.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return { size: Number(bytes.readBigUInt64BE()), levels };
}
