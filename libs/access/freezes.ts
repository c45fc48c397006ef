/**
 * Freezes of publication: from a moment on the public sees figures as they were then, until somebody lifts it. All that
 * ever were are kept, with who, when and why. They are no events: the log goes on, and its types are fixed (contracts §3).
 */
import type { Actor, ElectionId } from '#domain';

/** An order to freeze or to lift; its id makes a repeat harmless. */
export interface FreezeOrder {
  readonly id: string;
  readonly reason: string;
  readonly by: Actor;
}

export interface Freeze extends FreezeOrder {
  /** Moment from which on public figures stand still; RFC 3339. */
  readonly from: string;
  /** Position that they stand at; null until somebody settled it. */
  readonly position: string | null;
  /** null while it stands. */
  readonly lifted: (FreezeOrder & { readonly at: string }) | null;
}

export function hasBegun({ from }: Freeze): boolean {
  return Date.parse(from) <= Date.now();
}

/** All freezes of an election, oldest first; `version` counts its changes. */
export interface FreezeLog {
  readonly version: number;
  readonly freezes: readonly Freeze[];
}

export const NO_FREEZES: FreezeLog = { version: 0, freezes: [] };

export interface FreezeStore {
  /** `NO_FREEZES` where nothing was written. */
  read(election: ElectionId): Promise<FreezeLog>;
  /** Writes the next version; false where another writer was first. */
  write(election: ElectionId, next: FreezeLog): Promise<boolean>;
  close(): Promise<void>;
}

/** What was read is believed for so long: another process may have written since. */
const BELIEVED_MS = 500;

interface Believed {
  readonly log: Promise<FreezeLog>;
  readonly untilMs: number;
}

/** How long after the order a freeze begins: by then every process has heard of it, and none shows anything newer. */
const DELAY_MS = 2_000;

export class Freezes {
  readonly #store: FreezeStore;
  readonly #delayMs: number;
  readonly #believed = new Map<ElectionId, Believed>();

  constructor(store: FreezeStore, { delayMs = DELAY_MS }: { readonly delayMs?: number } = {}) {
    this.#store = store;
    this.#delayMs = delayMs;
  }

  /** All there were, oldest first; what another process wrote half a second ago may be missing. */
  async list(election: ElectionId): Promise<readonly Freeze[]> {
    const known = this.#believed.get(election);
    if (known && known.untilMs > Date.now()) return (await known.log).freezes;
    const log = this.#store.read(election);
    this.#believed.set(election, { log, untilMs: Date.now() + BELIEVED_MS });
    log.catch(() => this.#believed.delete(election));
    return (await log).freezes;
  }

  /** The freeze that was ordered and not lifted. */
  async ordered(election: ElectionId): Promise<Freeze | null> {
    const last = (await this.list(election)).at(-1);
    return last?.lifted === null ? last : null;
  }

  /** The same, once it has begun. */
  async standing(election: ElectionId): Promise<Freeze | null> {
    const ordered = await this.ordered(election);
    return ordered && hasBegun(ordered) ? ordered : null;
  }

  /** The freeze that the order made, now or before; null where another one stands. */
  freeze(election: ElectionId, order: FreezeOrder): Promise<Freeze | null> {
    return this.#change(election, (freezes) => {
      const known = freezes.find(({ id }) => id === order.id);
      if (known) return { result: known };
      if (freezes.at(-1)?.lifted === null) return { result: null };
      const from = new Date(Date.now() + this.#delayMs).toISOString();
      const result: Freeze = { ...order, from, position: null, lifted: null };
      return { result, next: [...freezes, result] };
    });
  }

  /** Says where figures stand; what was said first holds. */
  settle(election: ElectionId, freeze: Freeze, position: string): Promise<Freeze> {
    return this.#change(election, (freezes) => {
      const known = freezes.find(({ id }) => id === freeze.id);
      if (!known) throw new RangeError(`there is no freeze ${freeze.id}`);
      if (known.position !== null) return { result: known };
      const result = { ...known, position };
      return { result, next: freezes.map((one) => (one === known ? result : one)) };
    });
  }

  /** The freeze that the order lifted, now or before; null where none stands. */
  lift(election: ElectionId, order: FreezeOrder): Promise<Freeze | null> {
    return this.#change(election, (freezes) => {
      const before = freezes.find(({ lifted }) => lifted?.id === order.id);
      if (before) return { result: before };
      const standing = freezes.at(-1);
      if (!standing || standing.lifted !== null) return { result: null };
      const result: Freeze = { ...standing, lifted: { ...order, at: new Date().toISOString() } };
      return { result, next: [...freezes.slice(0, -1), result] };
    });
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** Decides on what stands now, and again where another writer came in between. */
  async #change<T>(
    election: ElectionId,
    decide: (freezes: readonly Freeze[]) => { readonly result: T; readonly next?: readonly Freeze[] },
  ): Promise<T> {
    for (;;) {
      const { version, freezes } = await this.#store.read(election);
      const { result, next } = decide(freezes);
      if (!next || (await this.#store.write(election, { version: version + 1, freezes: next }))) {
        this.#believed.delete(election);
        return result;
      }
    }
  }
}
