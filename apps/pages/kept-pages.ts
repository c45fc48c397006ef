/**
 * Rendered pages, kept as bytes for a few seconds: thousands who open the same page are given the same bytes, and those
 * who ask while it is being rendered wait for that. Kept under the entity tag, so a page can never be an old one.
 */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';

/** How pages are packed, the smallest first. */
export const PACKED = ['br', 'gzip'] as const;
export type Encoding = (typeof PACKED)[number] | 'identity';

interface Kept {
  readonly until: number;
  readonly html: Promise<Buffer>;
  readonly packed: Map<Encoding, Promise<Buffer>>;
}

const KEPT_MS = 5_000;
const MOST = 500;
const packers: Record<Encoding, (html: Buffer) => Promise<Buffer>> = {
  br: (html) => promisify(brotliCompress)(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (html) => promisify(gzip)(html, { level: 6 }),
  identity: async (html) => html,
};

@Injectable()
export class KeptPages {
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();

  async of(tag: string, encoding: Encoding, make: () => Promise<string>): Promise<Buffer> {
    const { html, packed } = this.#get(tag, make);
    const known = packed.get(encoding);
    if (known) return known;
    const made = html.then(packers[encoding]);
    packed.set(encoding, made);
    return made;
  }

  #get(tag: string, make: () => Promise<string>): Kept {
    const known = this.#kept.get(tag);
    if (known && known.until > Date.now()) return known;
    const html = make().then((text) => Buffer.from(text));
    const kept: Kept = { until: Date.now() + KEPT_MS, html, packed: new Map() };
    html.catch(() => {
      if (this.#kept.get(tag) === kept) this.#kept.delete(tag);
    });
    this.#kept.delete(tag);
    this.#kept.set(tag, kept);
    for (const [oldest, { until }] of this.#kept) {
      if (until > Date.now() && this.#kept.size <= MOST) break;
      this.#kept.delete(oldest);
    }
    return kept;
  }
}
