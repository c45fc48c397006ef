/** The feed of an area: a line for every attempt, accepted or rejected, at most four bundles of lines a second. */
import type { Election, Unit } from '#domain';
import { attemptMessage, type Changes, isWithin } from '#projection';
import type { AttemptMessage } from '#wire';

const FEED_MS = 250;
/** More lines than this in one bundle are left out, and it is said how many. */
const MOST_LINES = 5_000;

export class Feed {
  readonly name: string;
  readonly unit: Unit;
  readonly #election: Election;
  readonly #emit: (lines: readonly AttemptMessage[], skipped: number) => void;
  #lines: AttemptMessage[] = [];
  #skipped = 0;
  #timer: NodeJS.Timeout | null = null;
  #lastMs = 0;

  constructor(
    name: string,
    election: Election,
    unit: Unit,
    emit: (lines: readonly AttemptMessage[], skipped: number) => void,
  ) {
    this.name = name;
    this.unit = unit;
    this.#election = election;
    this.#emit = emit;
  }

  take(changes: Changes): void {
    for (const attempt of changes.attempts) {
      if (!isWithin(this.#election, attempt, this.unit)) continue;
      if (this.#lines.length < MOST_LINES) this.#lines.push(attemptMessage(this.#election, attempt));
      else this.#skipped += 1;
    }
    if (this.#lines.length === 0 || this.#timer) return;
    const wait = this.#lastMs + FEED_MS - Date.now();
    if (wait <= 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), wait);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #flush(): void {
    const lines = this.#lines;
    const skipped = this.#skipped;
    this.#timer = null;
    this.#lines = [];
    this.#skipped = 0;
    this.#lastMs = Date.now();
    this.#emit(lines, skipped);
  }
}
