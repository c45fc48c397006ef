/**
 * What is wrong with a package, told all at once and with its place. A problem is data: nothing a package can hold throws.
 */

export interface Problem {
  /** Path inside the package, `/` between folders; the package itself is `.`. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in characters (UTF-16 units) of the line. */
  readonly column?: number;
  /** Stable, for programs. */
  readonly code: string;
  /** For people: what was expected, what was found, what to do. */
  readonly message: string;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** More than this many are counted, not listed: nobody reads them, and a broken file could fill the memory. */
export const MAX_PROBLEMS = 1000;

const MAX_SHOWN = 60;

export class Problems {
  readonly #list: Problem[] = [];
  #more = 0;

  get none(): boolean {
    return this.#list.length === 0;
  }

  /** How many there are, listed or not. */
  get count(): number {
    return this.#list.length + this.#more;
  }

  /** Whether further ones are only counted: their places need not be looked up. */
  get full(): boolean {
    return this.#list.length >= MAX_PROBLEMS;
  }

  add(file: string, place: Place | undefined, code: string, message: string): void {
    if (this.#list.length >= MAX_PROBLEMS) this.#more += 1;
    else this.#list.push({ file, ...(place && { line: place.line, column: place.column }), code, message });
  }

  /** The problems, file by file in the order of their places, with a last one saying how many more there are. */
  list(): Problem[] {
    const files = [...new Set(this.#list.map(({ file }) => file))];
    const sorted = files.flatMap((file) => this.#list.filter((problem) => problem.file === file).sort(byPlace));
    if (this.#more === 0) return sorted;
    const message = `${this.#more} more problems are not listed. Mend these first and check again.`;
    return [...sorted, { file: '.', code: 'more-problems', message }];
  }
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** A value as a message shows it: quoted, shortened, control characters spelled. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** `a, b or c` for messages. */
export function oneOf(words: Iterable<string>): string {
  const list = [...words];
  if (list.length > 12) return `${list.slice(0, 12).join(', ')}, … (${list.length} in all)`;
  return list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
}
