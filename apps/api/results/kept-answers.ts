/**
 * Answers kept as bytes while they are the present ones: thousands who watch the same table are given the same bytes.
 * An answer is kept under its address and entity tag, so it can never be an old one.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';

const compress = promisify(gzip);
/** Shorter answers gain nothing. */
const LEAST_TO_COMPRESS = 1_400;

/** Larger answers are worked out each time. */
const MOST_EACH = 512 * 1024;
const MOST_BYTES = 32 * 1024 * 1024;

@Injectable()
export class KeptAnswers {
  /** Oldest use first. */
  readonly #kept = new Map<string, Buffer>();
  /** Being worked out: who asks for one meanwhile waits for it. */
  readonly #coming = new Map<string, Promise<Buffer>>();
  #bytes = 0;

  /** `key`: everything the answer depends on. `gzip`: whether the client takes it compressed. */
  async of(key: string, gzip: boolean, make: () => Promise<unknown>): Promise<{ bytes: Buffer; isGzip: boolean }> {
    const plain = await this.#get(key, async () => Buffer.from(JSON.stringify(await make())));
    if (!gzip || plain.length < LEAST_TO_COMPRESS) return { bytes: plain, isGzip: false };
    return { bytes: await this.#get(`${key} gzip`, () => compress(plain, { level: 4 })), isGzip: true };
  }

  async #get(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known;
    }
    return this.#coming.get(key) ?? this.#make(key, make);
  }

  #make(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const coming = make()
      .then((answer) => {
        if (answer.length <= MOST_EACH) this.#keep(key, answer);
        return answer;
      })
      .finally(() => this.#coming.delete(key));
    this.#coming.set(key, coming);
    return coming;
  }

  #keep(key: string, answer: Buffer): void {
    this.#bytes += answer.length - (this.#kept.get(key)?.length ?? 0);
    this.#kept.set(key, answer);
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= MOST_BYTES) return;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
  }
}
