/** Those who wait for the projection: senders for the fold's word on their records, others for a position. */
import { type ElectionId, notBeyond, type Position } from '#domain';
import type { AttemptDoc, ReadModel } from '#read-model';
import type { Place } from './projection.ts';
import { RecentAttempts } from './recent-attempts.ts';
import type { Changes } from './shard-worker.ts';

interface Waiter {
  /** By shard: offsets still waited for, with their place in the answer. */
  readonly pending: Map<number, Map<number, number>>;
  readonly found: (AttemptDoc | undefined)[];
  left: number;
  readonly settle: () => void;
}

/** What the waiters ask of the projection they belong to. */
export interface Written {
  model(id: ElectionId): Promise<ReadModel | undefined>;
  position(id: ElectionId): Position;
}

export class OutcomeWaiters {
  readonly #written: Written;
  readonly #waiters = new Map<ElectionId, Set<Waiter>>();
  readonly #recent = new RecentAttempts();

  constructor(written: Written) {
    this.#written = written;
  }

  /** The attempts at places of the log; undefined for those that the current version did not pass in time. */
  async outcomes(id: ElectionId, places: readonly Place[], timeoutMs: number): Promise<(AttemptDoc | undefined)[]> {
    const written = this.#written.position(id);
    const found = new Array<AttemptDoc | undefined>(places.length).fill(undefined);
    const pending: Waiter['pending'] = new Map();
    const stored: number[] = [];
    let left = 0;
    places.forEach(({ shard, offset }, place) => {
      if (offset < (written[shard] ?? 0)) {
        found[place] = this.#recent.find(id, shard, offset);
        if (!found[place]) stored.push(place);
        return;
      }
      const offsets = pending.get(shard) ?? new Map<number, number>();
      pending.set(shard, offsets.set(offset, place));
      left += 1;
    });
    const waited = left > 0 ? this.#wait(id, { pending, found, left }, timeoutMs) : undefined;
    if (stored.length > 0) await this.#readStored(id, places, stored, found);
    await waited;
    // Some were passed without a word of them: a batch's message was lost.
    const passed = this.#written.position(id);
    const silent = places.flatMap(({ shard, offset }, place) =>
      !found[place] && offset < (passed[shard] ?? 0) ? [place] : [],
    );
    if (silent.length > 0) await this.#readStored(id, places, silent, found);
    return found;
  }

  /** Resolves with whether the current version came to be at a position or beyond before the deadline. */
  async reached(id: ElectionId, position: Position, timeoutMs: number): Promise<boolean> {
    const written = this.#written.position(id);
    const last = position.flatMap((next, shard) => (next > (written[shard] ?? 0) ? [{ shard, offset: next - 1 }] : []));
    await this.outcomes(id, last, timeoutMs);
    return notBeyond(position, this.#written.position(id));
  }

  /** Gives a batch's attempts to those who wait for them. */
  deliver(changes: Changes): void {
    this.#recent.keep(changes);
    this.passed(changes.election, changes.shard, changes.to, (offset) => changes.attempts[offset - changes.from]);
  }

  /** A shard was written up to an offset; `attemptAt` gives what is known of the records before. */
  passed(
    id: ElectionId,
    shard: number,
    to: number,
    attemptAt: (offset: number) => AttemptDoc | undefined = () => undefined,
  ): void {
    for (const waiter of [...(this.#waiters.get(id) ?? [])]) {
      const offsets = waiter.pending.get(shard);
      if (!offsets) continue;
      for (const [offset, place] of offsets) {
        if (offset >= to) continue;
        waiter.found[place] = attemptAt(offset);
        offsets.delete(offset);
        waiter.left -= 1;
      }
      if (waiter.left === 0) waiter.settle();
    }
  }

  /** Nobody is to wait any longer. */
  settleAll(): void {
    for (const waiters of this.#waiters.values()) for (const waiter of [...waiters]) waiter.settle();
  }

  #wait(id: ElectionId, wanted: Pick<Waiter, 'pending' | 'found' | 'left'>, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(id) ?? new Set<Waiter>();
      this.#waiters.set(id, waiters);
      const waiter: Waiter = {
        ...wanted,
        settle: () => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve();
        },
      };
      const timer = setTimeout(waiter.settle, timeoutMs);
      waiters.add(waiter);
    });
  }

  async #readStored(
    id: ElectionId,
    places: readonly Place[],
    wanted: readonly number[],
    found: (AttemptDoc | undefined)[],
  ): Promise<void> {
    const model = await this.#written.model(id);
    if (!model) return;
    const snapshot = await model.snapshot();
    try {
      await Promise.all(
        wanted.map(async (place) => {
          const { shard, offset } = places[place]!;
          found[place] = await snapshot.attempt(shard, offset);
        }),
      );
    } finally {
      snapshot.close();
    }
  }
}

/** Followers of something that moves, who look again at each movement until they have seen enough. */
export class Movement {
  readonly #looks = new Set<() => void>();
  readonly #stopped: AbortSignal;

  constructor(stopped: AbortSignal) {
    this.#stopped = stopped;
  }

  /** Something moved. */
  tell(): void {
    for (const look of [...this.#looks]) look();
  }

  /** Resolves once `isThere`, which is asked now and after each movement; rejects at the deadline and when stopped. */
  until(isThere: () => boolean, deadline?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const signals = [this.#stopped, ...(deadline ? [deadline] : [])];
      const end = (settle: () => void): void => {
        this.#looks.delete(look);
        for (const signal of signals) signal.removeEventListener('abort', stopped);
        settle();
      };
      const stopped = (): void =>
        end(() => reject(new Error(deadline?.aborted ? 'not in time' : 'the projection was stopped')));
      const look = (): void => {
        if (isThere()) end(resolve);
      };
      this.#looks.add(look);
      for (const signal of signals) signal.addEventListener('abort', stopped);
      if (signals.some(({ aborted }) => aborted)) stopped();
      else look();
    });
  }
}
