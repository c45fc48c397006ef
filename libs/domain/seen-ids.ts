/**
 * The event ids each subject has seen: first offset and content digest, in typed arrays (about 44 bytes an id).
 *
 * Ids of one subject form a chain from its newest backwards; a subject sees few, so a walk is short.
 */
export interface SeenId {
  readonly offset: number;
  readonly sameContent: boolean;
}

const NONE = -1;

export class SeenIds {
  #size = 0;
  /** 16 bytes of the id, then 16 of the digest, as 8 words. */
  #words = new Uint32Array(8 * 1024);
  #offsets = new Float64Array(1024);
  #previous = new Int32Array(1024);

  /** Looks an id up in a subject's chain. `head` as `remember` returned it, -1 for none. */
  find(head: number, id: string, digest: string): SeenId | null {
    if (head === NONE) return null;
    const a = word(id, 0);
    const b = word(id, 1);
    const c = word(id, 2);
    const d = word(id, 3);
    const words = this.#words;
    for (let at = head; at !== NONE; at = this.#previous[at]!) {
      const w = at * 8;
      if (words[w] !== a || words[w + 1] !== b || words[w + 2] !== c || words[w + 3] !== d) continue;
      let sameContent = true;
      for (let i = 0; i < 4; i += 1) sameContent &&= words[w + 4 + i] === digestWord(digest, i);
      return { offset: this.#offsets[at]!, sameContent };
    }
    return null;
  }

  /** Adds an id to a subject's chain and returns the new head. */
  remember(head: number, id: string, digest: string, offset: number): number {
    if (this.#size === this.#offsets.length) this.#grow();
    const at = this.#size;
    this.#size += 1;
    const w = at * 8;
    for (let i = 0; i < 4; i += 1) {
      this.#words[w + i] = word(id, i);
      this.#words[w + 4 + i] = digestWord(digest, i);
    }
    this.#offsets[at] = offset;
    this.#previous[at] = head;
    return at;
  }

  #grow(): void {
    const length = this.#offsets.length * 2;
    const words = new Uint32Array(length * 8);
    words.set(this.#words);
    const offsets = new Float64Array(length);
    offsets.set(this.#offsets);
    const previous = new Int32Array(length);
    previous.set(this.#previous);
    this.#words = words;
    this.#offsets = offsets;
    this.#previous = previous;
  }
}

/** The `i`-th 32 bits of a UUID in its text form (8-4-4-4-12 hex digits). */
function word(uuid: string, i: number): number {
  switch (i) {
    case 0:
      return Number.parseInt(uuid.slice(0, 8), 16);
    case 1:
      return Number.parseInt(uuid.slice(9, 13) + uuid.slice(14, 18), 16);
    case 2:
      return Number.parseInt(uuid.slice(19, 23) + uuid.slice(24, 28), 16);
    default:
      return Number.parseInt(uuid.slice(28, 36), 16);
  }
}

/** The `i`-th 32 bits of a digest, which has a character a byte. */
function digestWord(digest: string, i: number): number {
  const at = i * 4;
  return (
    ((digest.charCodeAt(at) << 24) |
      (digest.charCodeAt(at + 1) << 16) |
      (digest.charCodeAt(at + 2) << 8) |
      digest.charCodeAt(at + 3)) >>>
    0
  );
}
