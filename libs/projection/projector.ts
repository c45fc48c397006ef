/**
 * Keeps read models up to date: a worker for every shard of every version of every election, and word of what they did.
 */
import { type ElectionId, FOLD_VERSION, notBeyond, type Position } from '#domain';
import type { AttemptDoc, ReadModel, ReadModels } from '#read-model';
import type { Elections, ServedElection } from './elections.ts';
import { type Changes, ShardWorker, type WorkerOptions } from './shard-worker.ts';

export type ChangesListener = (changes: Changes) => void;

interface Fleet {
  readonly model: ReadModel;
  readonly workers: readonly ShardWorker[];
}

/** A sender waiting for the fold's word on records it appended. */
interface Waiter {
  /** By shard: offsets still waited for, with their place in the answer. */
  readonly pending: Map<number, Map<number, number>>;
  readonly found: (AttemptDoc | undefined)[];
  left: number;
  readonly settle: () => void;
}

type Place = { readonly shard: number; readonly offset: number };

export interface ProjectorOptions {
  readonly batch?: number;
  readonly idleMs?: number;
  readonly onFault?: (where: { election: ElectionId; shard: number }, error: Error | null) => void;
}

/** A version beside the current one that was not touched for so long is nobody's any more. */
const LEASE_MS = 60_000;
/** How long a version to be left is waited for, so that nobody misses a batch. */
const OLD_WAIT_MS = 5_000;
/** How long figures stand still at most for the new version to come up. */
const NEW_WAIT_MS = 10_000;

export class Projector {
  readonly #elections: Elections;
  readonly #models: ReadModels;
  readonly #options: ProjectorOptions;
  /** By election, then version. */
  readonly #fleets = new Map<ElectionId, Map<number, Fleet>>();
  readonly #current = new Map<ElectionId, number>();
  readonly #listeners = new Set<ChangesListener>();
  /** Told of every batch of every version, current or not. */
  readonly #followers = new Set<ChangesListener>();
  /** By election: the version that is to become current, and its batches to be told when it is. */
  readonly #coming = new Map<ElectionId, { readonly version: number; readonly batches: Changes[] }>();
  readonly #serving = new Map<ElectionId, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #waiters = new Map<ElectionId, Set<Waiter>>();

  constructor(elections: Elections, models: ReadModels, options: ProjectorOptions = {}) {
    this.#elections = elections;
    this.#models = models;
    this.#options = options;
  }

  /** Starts workers for every open election. */
  async start(): Promise<void> {
    for (const served of await this.#elections.list()) await this.serve(served);
  }

  /**
   * Starts workers for one election (again is a no-op) on the current version. Versions that an interrupted rebuild
   * has left beside it are dropped.
   */
  serve(served: ServedElection): Promise<void> {
    const id = served.election.definition.id;
    const known = this.#serving.get(id);
    if (known) return known;
    const made = this.#startWorkers(id, served).catch((error: unknown) => {
      // The next call tries anew.
      this.#serving.delete(id);
      throw error;
    });
    this.#serving.set(id, made);
    return made;
  }

  async #startWorkers(id: ElectionId, served: ServedElection): Promise<void> {
    const model = await this.#models.ensure(id, served.log.shards, FOLD_VERSION);
    for (const version of await this.#models.abandoned(id, LEASE_MS)) await this.#models.drop(id, version);
    this.#current.set(id, model.version);
    await this.project(served, model);
  }

  /** Starts workers on one version beside those there are. */
  async project(served: ServedElection, model: ReadModel): Promise<void> {
    const id = served.election.definition.id;
    const workers = Array.from({ length: served.log.shards }, (_, shard) => {
      const options: WorkerOptions = {
        ...(this.#options.batch !== undefined && { batch: this.#options.batch }),
        ...(this.#options.idleMs !== undefined && { idleMs: this.#options.idleMs }),
        onChanges: (changes) => this.#publish(changes),
        onFault: (error) => this.#options.onFault?.({ election: id, shard }, error),
      };
      return new ShardWorker(served, model, shard, options);
    });
    await Promise.all(workers.map((worker) => worker.locate()));
    const fleets = this.#fleets.get(id) ?? new Map<number, Fleet>();
    this.#fleets.set(id, fleets);
    fleets.set(model.version, { model, workers });
    for (const worker of workers) worker.start();
  }

  /** The model that readers use. */
  async model(id: ElectionId): Promise<ReadModel | undefined> {
    const version = this.#current.get(id);
    return version === undefined ? undefined : this.#fleets.get(id)?.get(version)?.model;
  }

  /** How far a version's workers have written; the current version where none is named. */
  position(id: ElectionId, version = this.#current.get(id)): Position {
    return (
      this.#fleets
        .get(id)
        ?.get(version ?? 0)
        ?.workers.map((worker) => worker.position) ?? []
    );
  }

  /**
   * Makes another projected version current; false where that fails, and all is as before. The old version goes on
   * until it is where the new one was at first, then it stops, and the new one passes it before they change places: so
   * no figure goes back, and whoever listens or waits for a record hears of every batch.
   */
  async switchTo(id: ElectionId, version: number): Promise<boolean> {
    const from = this.#current.get(id);
    const old = this.#fleets.get(id)?.get(from ?? 0);
    if (from === undefined || !old || !this.#fleets.get(id)?.has(version) || this.#coming.has(id)) return false;
    const coming = { version, batches: [] as Changes[] };
    this.#coming.set(id, coming);
    try {
      // An old version that can't go on is one more reason to switch.
      await this.#reaches(id, from, this.position(id, version), OLD_WAIT_MS);
      await stopAll(old);
      const last = this.position(id, from);
      if (!(await this.#reaches(id, version, last, NEW_WAIT_MS))) return false;
      if (!(await this.#models.switch(id, from, version))) return false;
      this.#current.set(id, version);
      for (const changes of coming.batches) if (changes.to > last[changes.shard]!) this.#tell(changes);
      return true;
    } finally {
      this.#coming.delete(id);
      if (this.#current.get(id) === version) await this.retire(id, from);
      else if (!this.#stopping.signal.aborted) for (const worker of old.workers) worker.start();
    }
  }

  /** Whether a version is written up to a position before the deadline. */
  async #reaches(id: ElectionId, version: number, to: Position, ms: number): Promise<boolean> {
    const deadline = AbortSignal.timeout(ms);
    try {
      await this.caughtUp(id, version, to, undefined, deadline);
      return true;
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      return false;
    }
  }

  /** Resolves once a version has been written up to a position in every shard; rejects where the projector stops before. */
  caughtUp(
    id: ElectionId,
    version: number,
    to: Position,
    onProgress?: (at: Position) => void,
    deadline?: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const signals = [this.#stopping.signal, ...(deadline ? [deadline] : [])];
      const end = (settle: () => void): void => {
        this.#followers.delete(follow);
        for (const signal of signals) signal.removeEventListener('abort', stopped);
        settle();
      };
      const stopped = (): void =>
        end(() => reject(new Error(deadline?.aborted ? 'not in time' : 'the projection was stopped')));
      const look = (): void => {
        const at = this.position(id, version);
        onProgress?.(at);
        if (notBeyond(to, at)) end(resolve);
      };
      const follow: ChangesListener = (changes) => {
        if (changes.election === id && changes.version === version) look();
      };
      this.#followers.add(follow);
      for (const signal of signals) signal.addEventListener('abort', stopped);
      look();
    });
  }

  /** Stops the workers of a version that is not current and drops it. */
  async retire(id: ElectionId, version: number): Promise<void> {
    const fleet = this.#fleets.get(id)?.get(version);
    await Promise.all(fleet?.workers.map((worker) => worker.stop()) ?? []);
    this.#fleets.get(id)?.delete(version);
    await this.#models.drop(id, version);
  }

  /** Calls back after each batch of a current version; returns what ends it. */
  subscribe(listener: ChangesListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The fold's word on records, in their order: each one's attempt once the current version is past it; undefined for
   * those that it did not pass in time.
   */
  async outcomes(id: ElectionId, places: readonly Place[], timeoutMs: number): Promise<(AttemptDoc | undefined)[]> {
    const written = this.position(id);
    const found = new Array<AttemptDoc | undefined>(places.length).fill(undefined);
    const pending: Waiter['pending'] = new Map();
    const stored: number[] = [];
    let left = 0;
    places.forEach(({ shard, offset }, place) => {
      if (offset < (written[shard] ?? 0)) {
        stored.push(place);
        return;
      }
      const offsets = pending.get(shard) ?? new Map<number, number>();
      pending.set(shard, offsets.set(offset, place));
      left += 1;
    });
    const waited = left > 0 ? this.#wait(id, { pending, found, left }, timeoutMs) : undefined;
    if (stored.length > 0) await this.#readStored(id, places, stored, found);
    await waited;
    return found;
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
    const model = await this.model(id);
    if (!model) return;
    const snapshot = await model.snapshot();
    try {
      const reading = wanted.map(async (place) => {
        const { shard, offset } = places[place]!;
        found[place] = await snapshot.attempt(shard, offset);
      });
      await Promise.all(reading);
    } finally {
      snapshot.close();
    }
  }

  /** Resolves once the current version is at `position` or beyond in every shard; false at the deadline. */
  async reached(id: ElectionId, position: Position, timeoutMs: number): Promise<boolean> {
    const last = position.flatMap((next, shard) => (next > 0 ? [{ shard, offset: next - 1 }] : []));
    return (await this.outcomes(id, last, timeoutMs)).every((attempt) => attempt !== undefined);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const workers = [...this.#fleets.values()]
      .flatMap((fleets) => [...fleets.values()])
      .flatMap((fleet) => fleet.workers);
    await Promise.all(workers.map((worker) => worker.stop()));
    for (const waiters of this.#waiters.values()) for (const waiter of [...waiters]) waiter.settle();
    this.#fleets.clear();
  }

  #publish(changes: Changes): void {
    for (const follower of [...this.#followers]) follower(changes);
    const coming = this.#coming.get(changes.election);
    if (changes.version === this.#current.get(changes.election)) this.#tell(changes);
    else if (changes.version === coming?.version) coming.batches.push(changes);
  }

  #tell(changes: Changes): void {
    for (const waiter of [...(this.#waiters.get(changes.election) ?? [])]) deliver(waiter, changes);
    for (const listener of this.#listeners) listener(changes);
  }
}

async function stopAll({ workers }: Fleet): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
}

function deliver(waiter: Waiter, changes: Changes): void {
  const offsets = waiter.pending.get(changes.shard);
  if (!offsets) return;
  for (const [offset, place] of offsets) {
    if (offset >= changes.to) continue;
    waiter.found[place] = changes.attempts[offset - changes.from];
    offsets.delete(offset);
    waiter.left -= 1;
  }
  if (waiter.left === 0) waiter.settle();
}
