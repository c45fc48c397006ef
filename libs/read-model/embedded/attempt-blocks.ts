/**
 * Attempts in blocks of neighbours: one lmdb value holds up to 64 of them, so that an attempt costs a part of a put.
 *
 * A block holds consecutive offsets and no two blocks overlap; where its edges lie depends on the batches that came,
 * which nobody sees. Layout: the attempts; the shapes of their sheets; where each attempt begins (4 bytes each); and at
 * the end, in 12 bytes, the first offset (6), how many attempts there are (2) and where the shapes begin (4).
 */
import type { AttemptDoc } from '../port.ts';
import { readAttempt, writeAttempt } from './attempt-codec.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';
import { readShapes, type Shape, type ShapeTable } from './sheet-shapes.ts';

export const BLOCK_ATTEMPTS = 64;
const TAIL_BYTES = 12;

/** Writes attempts of consecutive offsets as one block. */
export function writeBlock(to: ByteWriter, docs: readonly AttemptDoc[], shapes: ShapeTable): Buffer {
  const starts: number[] = [];
  for (const doc of docs) {
    starts.push(to.length);
    writeAttempt(to, doc, shapes);
  }
  const shapesAt = to.length;
  shapes.writeUsed(to);
  for (const start of starts) to.uint32(start);
  const first = docs[0]!.offset;
  to.uint32(first % 2 ** 32);
  to.uint32(Math.floor(first / 2 ** 32) + docs.length * 2 ** 16);
  to.uint32(shapesAt);
  return to.take();
}

export class AttemptBlock {
  readonly first: number;
  readonly count: number;
  readonly #shard: number;
  readonly #bytes: Buffer;
  #shapes: Shape[] | null = null;

  constructor(shard: number, bytes: Buffer) {
    const tail = bytes.length - TAIL_BYTES;
    this.first = bytes.readUInt32LE(tail) + bytes.readUInt16LE(tail + 4) * 2 ** 32;
    this.count = bytes.readUInt16LE(tail + 6);
    this.#shard = shard;
    this.#bytes = bytes;
  }

  has(offset: number): boolean {
    return offset >= this.first && offset < this.first + this.count;
  }

  /** An attempt that the block has. */
  attempt(offset: number): AttemptDoc {
    const table = this.#bytes.length - TAIL_BYTES - this.count * 4;
    const start = this.#bytes.readUInt32LE(table + (offset - this.first) * 4);
    this.#shapes ??= readShapes(new ByteReader(this.#bytes, this.#bytes.readUInt32LE(this.#bytes.length - 4)));
    return readAttempt(new ByteReader(this.#bytes, start), this.#shard, offset, this.#shapes);
  }
}
