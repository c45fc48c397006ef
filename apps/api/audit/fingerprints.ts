/** Fingerprints, worked out once for a position and kept (contracts §7). */
import { Injectable } from '@nestjs/common';
import { type Contest, formatPosition } from '#domain';
import { fingerprint, type View } from '#projection';

interface Kept {
  readonly position: string;
  readonly value: Promise<string>;
}

/** A few positions of each election: the present one, and those that somebody asks for again. */
const KEPT_EACH = 16;

@Injectable()
export class Fingerprints {
  /** By election and contest, oldest first. */
  readonly #kept = new Map<string, Kept[]>();

  /** Of everything, or of one contest, at the view's position. The view must stay open until it is there. */
  at(view: View, contest: Contest | undefined): Promise<string> {
    const key = `${view.served.election.digest}|${view.version}|${contest?.id ?? ''}`;
    const position = formatPosition(view.position);
    const list = this.#kept.get(key) ?? [];
    this.#kept.set(key, list);
    const known = list.find((kept) => kept.position === position);
    if (known) return known.value;
    const kept: Kept = { position, value: fingerprint(view, contest) };
    list.push(kept);
    if (list.length > KEPT_EACH) list.shift();
    kept.value.catch(() => {
      this.#kept.set(
        key,
        list.filter((other) => other !== kept),
      );
    });
    return kept.value;
  }
}
