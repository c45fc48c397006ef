/** Reads the primitive types of Kafka's protocol (https://kafka.apache.org/protocol.html#protocol_types), in order. */
export class Reader {
  #at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#forward(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#forward(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#forward(4));
  }

  /** Offsets and times are whole numbers up to 2^53. */
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#forward(8)));
  }

  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.#bytes.toString('utf8', this.#forward(length), this.#at);
  }

  bytes(): Buffer {
    const length = Math.max(0, this.int32());
    const start = this.#forward(length);
    return this.#bytes.subarray(start, this.#at);
  }

  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read);
  }

  #forward(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
