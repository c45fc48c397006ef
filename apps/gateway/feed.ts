/** The feed of an area: a line for every attempt, accepted or rejected, at most four bundles of lines a second. */
import { type Election, FULL_SIGHT, type Unit } from '#domain';
import { type Changes, loneAttempt } from '#projection';
import type { AttemptDoc } from '#read-model';
import type { AttemptAnswer } from '#wire';

export interface AttemptMessage extends AttemptAnswer {
  readonly election: string;
  readonly subject: string | null;
  readonly station: string | null;
  readonly contest: string | null;
}

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
      if (!this.#isMine(attempt)) continue;
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

  #isMine(attempt: AttemptDoc): boolean {
    const place = placeOf(this.#election, attempt);
    return place === this.unit || this.#election.ancestors(place).includes(this.unit);
  }
}

/** The unit an attempt is about; what names none is the root's. */
function placeOf(election: Election, { station, contest, subject = '' }: AttemptDoc): Unit {
  const slash = subject.indexOf('/');
  const name = slash < 0 ? subject : subject.slice(0, slash);
  const unit = election.unit(station ?? name);
  return unit ?? election.contest(contest ?? subject)?.home ?? election.root;
}

export function attemptMessage(election: Election, attempt: AttemptDoc): AttemptMessage {
  return {
    election: election.definition.id,
    subject: attempt.subject ?? null,
    station: attempt.station ?? null,
    contest: attempt.contest ?? null,
    ...loneAttempt(attempt, FULL_SIGHT),
  };
}
