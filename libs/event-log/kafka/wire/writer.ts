/** Writes the primitive types of Kafka's protocol (https://kafka.apache.org/protocol.html#protocol_types), in order. */
export class Writer {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#add(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.#add(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#add(4, (part) => part.writeInt32BE(value));
  }

  int64(value: number): this {
    return this.#add(8, (part) => part.writeBigInt64BE(BigInt(value)));
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value, 'utf8');
    this.int16(bytes.length).#parts.push(bytes);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.int32(value.length).#parts.push(Buffer.from(value.buffer, value.byteOffset, value.length));
    return this;
  }

  array<T>(values: readonly T[], write: (value: T) => void): this {
    this.int32(values.length);
    for (const value of values) write(value);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(bytes: number, write: (part: Buffer) => void): this {
    const part = Buffer.allocUnsafe(bytes);
    write(part);
    this.#parts.push(part);
    return this;
  }
}
