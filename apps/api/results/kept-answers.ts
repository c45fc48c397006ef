/**
 * Answers kept as bytes while they are the present ones: thousands who watch the same table are given the same bytes.
 * An answer is kept under its address and entity tag, so it can never be an old one.
 */
import { Injectable } from '@nestjs/common';

/** Larger answers are worked out each time. */
const MOST_EACH = 512 * 1024;
const MOST_BYTES = 32 * 1024 * 1024;

@Injectable()
export class KeptAnswers {
  /** Oldest use first. */
  readonly #kept = new Map<string, Buffer>();
  #bytes = 0;

  /** `key`: everything the answer depends on. */
  async of(key: string, make: () => Promise<unknown>): Promise<Buffer> {
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known;
    }
    const answer = Buffer.from(JSON.stringify(await make()));
    if (answer.length <= MOST_EACH) this.#keep(key, answer);
    return answer;
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
