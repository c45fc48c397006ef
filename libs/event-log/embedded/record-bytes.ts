/**
 * Takes the bytes of records over from lmdb, which reads every value into one buffer of its own: into chunks that many
 * records share. A buffer of its own for each would cost more than reading it (docs/explanation/performance.md).
 */

const CHUNK_BYTES = 256 * 1024;

/** What lmdb calls an encoder, for values that are bytes already. */
export class RecordBytes {
  #room = Buffer.alloc(0);

  encode(value: Buffer): Buffer {
    return value;
  }

  decode(read: Uint8Array, length: number): Buffer {
    if (this.#room.length < length) this.#room = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, length));
    const value = this.#room.subarray(0, length);
    this.#room = this.#room.subarray(length);
    value.set(read.subarray(0, length));
    return value;
  }
}
