/**
 * Writing and reading compact binary values: whole numbers by 7 bits a byte (LEB128), texts with their length.
 *
 * lmdb writes from another thread, so a value must lie still until its transaction is settled: a writer hands out
 * parts of chunks that it never touches again.
 */

const CHUNK_BYTES = 512 * 1024;
/** Texts up to so many characters are copied by a loop, which is faster than a call into native code. */
const SHORT = 64;
const TWO_28 = 2 ** 28;
/** How a list of numbers is written. */
const WHOLE = 0;
const ZEROS = 1;
const DOUBLES = 2;
const SURROGATE = /\p{Surrogate}/u;

export class ByteWriter {
  #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  /** Where the value at hand begins. */
  #start = 0;
  #at = 0;

  /** Bytes of the value at hand so far. */
  get length(): number {
    return this.#at - this.#start;
  }

  /** Ends the value at hand and hands it out; the next one begins. */
  take(): Buffer {
    const value = this.#chunk.subarray(this.#start, this.#at);
    this.#start = this.#at;
    return value;
  }

  byte(value: number): void {
    if (this.#at >= this.#chunk.length) this.#makeRoom(1);
    this.#chunk[this.#at++] = value;
  }

  /** A whole number from 0 to 2^53 - 1. */
  whole(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a whole number from 0 on`);
    this.#bits(value);
  }

  #bits(value: number): void {
    if (this.#at + 8 > this.#chunk.length) this.#makeRoom(8);
    const chunk = this.#chunk;
    let at = this.#at;
    let rest = value;
    while (rest >= TWO_28) {
      const low = rest % TWO_28;
      chunk[at++] = (low & 127) | 128;
      chunk[at++] = ((low >>> 7) & 127) | 128;
      chunk[at++] = ((low >>> 14) & 127) | 128;
      chunk[at++] = (low >>> 21) | 128;
      rest = (rest - low) / TWO_28;
    }
    while (rest > 127) {
      chunk[at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    chunk[at++] = rest;
    this.#at = at;
  }

  /** Four bytes, lowest first: for tables that are read in the middle. */
  uint32(value: number): void {
    if (this.#at + 4 > this.#chunk.length) this.#makeRoom(4);
    this.#at = this.#chunk.writeUInt32LE(value, this.#at);
  }

  /** Any number, exactly. */
  double(value: number): void {
    if (this.#at + 8 > this.#chunk.length) this.#makeRoom(8);
    this.#at = this.#chunk.writeDoubleLE(value, this.#at);
  }

  /**
   * Numbers, exactly: lists of zeros take two bytes or so; whole numbers from -1 on (figures and sums) 1 to 8 each;
   * any other number makes the whole list take 8 each.
   */
  numbers(values: readonly number[]): void {
    const { length } = values;
    if (this.#at + 8 * length + 8 > this.#chunk.length) this.#makeRoom(8 * length + 8);
    const begin = this.#at;
    this.#bits(length * 4 + WHOLE);
    const chunk = this.#chunk;
    let at = this.#at;
    let any = 0;
    for (let i = 0; i < length; i += 1) {
      const value = values[i]!;
      if (value < 127 && value >= -1 && Math.trunc(value) === value) chunk[at++] = value + 1;
      else if (value < TWO_28 && value >= 0 && Math.trunc(value) === value) {
        let rest = value + 1;
        while (rest > 127) {
          chunk[at++] = (rest & 127) | 128;
          rest >>>= 7;
        }
        chunk[at++] = rest;
      } else if (Number.isSafeInteger(value) && value >= 0) {
        this.#at = at;
        this.#bits(value + 1);
        at = this.#at;
      } else {
        this.#at = begin;
        this.#doubles(values);
        return;
      }
      any |= value;
    }
    if (any === 0 && at - this.#at === length) {
      this.#at = begin;
      this.#bits(length * 4 + ZEROS);
    } else this.#at = at;
  }

  #doubles(values: readonly number[]): void {
    this.#bits(values.length * 4 + DOUBLES);
    for (const value of values) this.double(value);
  }

  /** Any text, exactly: UTF-8, or UTF-16 where it holds half a surrogate pair. */
  text(text: string): void {
    const { length } = text;
    if (length > SHORT) {
      this.#longText(text);
      return;
    }
    if (this.#at + length + 1 > this.#chunk.length) this.#makeRoom(length + 1);
    const chunk = this.#chunk;
    let at = this.#at;
    chunk[at++] = length;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        this.#longText(text);
        return;
      }
      chunk[at++] = code;
    }
    this.#at = at;
  }

  /** A first byte above `SHORT` says that a length and how to read it follow. */
  #longText(text: string): void {
    const encoding = SURROGATE.test(text) ? 'utf16le' : 'utf8';
    const bytes = Buffer.byteLength(text, encoding);
    this.byte(encoding === 'utf8' ? SHORT + 1 : SHORT + 2);
    this.whole(bytes);
    if (this.#at + bytes > this.#chunk.length) this.#makeRoom(bytes);
    this.#at += this.#chunk.write(text, this.#at, encoding);
  }

  /** What JSON can say, as JSON. */
  json(value: unknown): void {
    this.text(JSON.stringify(value));
  }

  /** Begins a new chunk and takes what there is of the value at hand along. */
  #makeRoom(bytes: number): void {
    const { length } = this;
    const chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, (length + bytes) * 2));
    this.#chunk.copy(chunk, 0, this.#start, this.#at);
    this.#chunk = chunk;
    this.#start = 0;
    this.#at = length;
  }
}

export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++]!;
  }

  whole(): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      unit *= 128;
    }
  }

  double(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  numbers(): number[] {
    const head = this.whole();
    const length = Math.floor(head / 4);
    const kind = head % 4;
    const values: number[] = [];
    for (let i = 0; i < length; i += 1)
      values.push(kind === ZEROS ? 0 : kind === WHOLE ? this.whole() - 1 : this.double());
    return values;
  }

  text(): string {
    const first = this.byte();
    const bytes = first > SHORT ? this.whole() : first;
    const start = this.#at;
    this.#at += bytes;
    if (first === SHORT + 1) return this.#bytes.toString('utf8', start, this.#at);
    if (first === SHORT + 2) return this.#bytes.toString('utf16le', start, this.#at);
    return this.#bytes.toString('latin1', start, this.#at);
  }

  json<T>(): T {
    return JSON.parse(this.text()) as T;
  }
}
