/** Does something again and again, one at a time, until it is stopped; what fails is told and tried again, and told (null) once it works. */
export class Repeated {
  readonly #everyMs: number;
  readonly #action: () => Promise<void>;
  readonly #told: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #isStopped = false;
  #isWanted = false;
  #isFaulty = false;

  constructor(everyMs: number, action: () => Promise<void>, told: (error: unknown) => void) {
    this.#everyMs = everyMs;
    this.#action = action;
    this.#told = told;
  }

  /** Resolves when it was done once, or failed once. */
  start(): Promise<void> {
    return this.now();
  }

  /** Does it now; where it is being done, once more after that. */
  now(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    if (this.#running) {
      this.#isWanted = true;
      return this.#running;
    }
    if (this.#timer) clearTimeout(this.#timer);
    this.#running = this.#do();
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #do(): Promise<void> {
    do {
      this.#isWanted = false;
      try {
        await this.#action();
        if (this.#isFaulty) this.#told(null);
        this.#isFaulty = false;
      } catch (error) {
        this.#isFaulty = true;
        this.#told(error);
      }
    } while (this.#isWanted && !this.#isStopped);
    this.#running = null;
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.now(), this.#everyMs);
  }
}
