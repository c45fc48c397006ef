/** Readers that wait for a shard to grow. */
export class ShardWaiters {
  readonly #waiting = new Map<number, Set<() => void>>();

  /** Resolves once `there` holds, the time is over, the signal is given or all are woken for good. */
  async wait(shard: number, there: () => boolean, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const waiting = this.#of(shard);
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        waiting.delete(look);
        this.#all.delete(end);
        resolve();
      };
      const look = () => {
        if (there()) end();
      };
      const timer = setTimeout(end, waitMs);
      signal?.addEventListener('abort', end);
      waiting.add(look);
      this.#all.add(end);
    });
  }

  readonly #all = new Set<() => void>();

  wake(shard: number): void {
    for (const look of [...this.#of(shard)]) look();
  }

  wakeAll(): void {
    for (const end of [...this.#all]) end();
  }

  #of(shard: number): Set<() => void> {
    let waiting = this.#waiting.get(shard);
    if (!waiting) {
      waiting = new Set();
      this.#waiting.set(shard, waiting);
    }
    return waiting;
  }
}
