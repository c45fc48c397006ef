/** Faults that are being waited out: told in the log when they begin and end, and kept for health and metrics. */
import type { Logger } from 'pino';

export class Faults {
  readonly all = new Map<string, Error>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** `null`: it is over. */
  set(where: string, error: unknown): void {
    const known = this.all.get(where);
    if (error === null) {
      if (!known) return;
      this.all.delete(where);
      this.#log.warn({ where }, 'goes on');
      return;
    }
    const fault = error instanceof Error ? error : new Error(String(error));
    this.all.set(where, fault);
    if (known?.message !== fault.message) this.#log.error({ where, err: fault }, 'waits');
  }
}
