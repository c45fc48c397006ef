/** Notices a store that does not take what the projection writes: whoever waits for it is told, not left waiting. */
import { setTimeout as delay } from 'node:timers/promises';
import { unreachable } from '../errors.ts';

const LOOK_EVERY_MS = 20;
/** A fault that lasts so long is told. */
const PATIENCE_MS = 10_000;

export interface FaultWatchOptions {
  /** Waiting so long without any movement is a fault too, where the projection runs elsewhere. */
  readonly standstillMs: number;
  /** What to say then. */
  readonly standstill: string;
}

export class FaultWatch {
  readonly #faults = new Map<string, { readonly error: Error; readonly since: number }>();
  readonly #options: FaultWatchOptions | null;

  constructor(options: FaultWatchOptions | null = null) {
    this.#options = options;
  }

  readonly onFault = (where: { election: string; shard: number }, error: Error | null): void => {
    const key = `${where.election}/${where.shard}`;
    if (!error) this.#faults.delete(key);
    else if (!this.#faults.has(key)) this.#faults.set(key, { error, since: Date.now() });
  };

  /** Waits until `isDone`; throws once a fault has lasted too long. `progress`: something that changes while it moves. */
  async until(isDone: () => Promise<boolean> | boolean, progress: () => unknown = () => null): Promise<void> {
    let seen = progress();
    let movedMs = Date.now();
    while (!(await isDone())) {
      for (const { error, since } of this.#faults.values())
        if (Date.now() - since > PATIENCE_MS)
          throw unreachable(`The read model can't be brought up to date: ${error.message}`, error);
      if (progress() !== seen) movedMs = Date.now();
      seen = progress();
      if (this.#options && Date.now() - movedMs > this.#options.standstillMs)
        throw unreachable(this.#options.standstill);
      await delay(LOOK_EVERY_MS);
    }
  }
}
