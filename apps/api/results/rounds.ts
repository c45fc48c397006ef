/**
 * What many ask for at once, worked out for all of them together. Who asks while it is being worked out waits for the
 * next round, which begins after they asked: nobody is given an older state than there was.
 */
export class Rounds<T> {
  readonly #running = new Map<string, Promise<T>>();
  readonly #next = new Map<string, Promise<T>>();

  /** `make`: works it out, now, or later when the round before it is over. */
  of(key: string, make: (isLater: boolean) => Promise<T>): Promise<T> {
    const known = this.#next.get(key);
    if (known) return known;
    const running = this.#running.get(key);
    if (!running) return this.#start(key, make(false));
    const begin = (): Promise<T> => {
      this.#next.delete(key);
      return this.#start(key, make(true));
    };
    // Those who asked for it are told of its fault.
    const next = running.then(begin, begin);
    this.#next.set(key, next);
    return next;
  }

  #start(key: string, made: Promise<T>): Promise<T> {
    const round = made.finally(() => this.#running.delete(key));
    this.#running.set(key, round);
    return round;
  }
}
