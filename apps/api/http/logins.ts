/** How often an address came with a wrong token, or to sign in: a window of a minute for all of them. */
import { Inject, Injectable } from '@nestjs/common';
import { LIMITS, type Limits } from '../services.ts';
import { ProblemError } from './problems.ts';

const WINDOW_MS = 60_000;

/** The whole table is dropped each minute, so it stays small. */
@Injectable()
export class Logins {
  readonly #most: number;
  #since = 0;
  #counts = new Map<string, number>();

  constructor(@Inject(LIMITS) { failedLoginsPerMinute }: Limits) {
    this.#most = failedLoginsPerMinute;
  }

  /** Counts one more; throws where there were too many. */
  count(address: string): void {
    const now = Date.now();
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#counts = new Map();
    }
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    if (count <= this.#most) return;
    const waitSeconds = Math.ceil((this.#since + WINDOW_MS - now) / 1_000);
    throw new ProblemError('too-many-requests', { headers: { 'retry-after': String(waitSeconds) } });
  }
}
