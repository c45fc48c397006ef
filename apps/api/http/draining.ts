/** Whether the server is stopping: then nothing new is taken in, and what is under way is answered. */
import { ProblemError } from './problems.ts';

export class Draining {
  #isStopping = false;
  readonly #listeners = new Set<() => void>();

  get isStopping(): boolean {
    return this.#isStopping;
  }

  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const listener of this.#listeners) listener();
  }

  /** Calls back once stopping begins; returns what ends it. */
  onStop(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  mustNotBeStopping(): void {
    if (this.#isStopping) throw new ProblemError('stopping', { headers: { 'retry-after': '2', connection: 'close' } });
  }
}
