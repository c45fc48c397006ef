/** Tells the faults of work in the background: one that lasts is told once. */
export class ToldOnce {
  readonly #report: ((error: unknown) => void) | undefined;
  #last: string | null = null;

  constructor(report: ((error: unknown) => void) | undefined) {
    this.#report = report;
  }

  fault(error: unknown): void {
    if (String(error) !== this.#last) this.#report?.(error);
    this.#last = String(error);
  }

  /** All went well. */
  over(): void {
    this.#last = null;
  }
}
