/**
 * Keeps read models up to date: a worker for every shard of every version of every election, and word of what they did.
 */
import { type ElectionId, FOLD_VERSION, notBeyond, type Position } from '#domain';
import { type LogTrees, ShardTree } from '#log-tree';
import type { AttemptDoc, ReadModel, ReadModels } from '#read-model';
import type { Elections, ServedElection } from './elections.ts';
import type { ChangesListener, Place, Projection } from './projection.ts';
import { type Changes, ShardWorker, type WorkerOptions } from './shard-worker.ts';
import { Movement, OutcomeWaiters } from './waiters.ts';

interface Fleet {
  readonly model: ReadModel;
  readonly workers: readonly ShardWorker[];
}

export interface ProjectorOptions {
  readonly batch?: number;
  readonly idleMs?: number;
  /** Where the trees of the logs are kept; left out: none are grown. */
  readonly trees?: LogTrees;
  readonly onFault?: (where: { election: ElectionId; shard: number }, error: Error | null) => void;
  /** The same of trees: figures go on without them. */
  readonly onTreeFault?: (where: { election: ElectionId; shard: number }, error: Error | null) => void;
}

/** A version beside the current one that was not touched for so long is nobody's any more. */
const LEASE_MS = 60_000;
/** How long a version to be left is waited for, so that nobody misses a batch. */
const OLD_WAIT_MS = 5_000;
/** How long figures stand still at most for the new version to come up. */
const NEW_WAIT_MS = 10_000;

export class Projector implements Projection {
  readonly #elections: Elections;
  readonly #models: ReadModels;
  readonly #options: ProjectorOptions;
  /** By election, then version. */
  readonly #fleets = new Map<ElectionId, Map<number, Fleet>>();
  readonly #current = new Map<ElectionId, number>();
  /** By election, then shard: one for all versions. */
  readonly #trees = new Map<ElectionId, readonly ShardTree[]>();
  readonly #listeners = new Set<ChangesListener>();
  /** By election: the version that is to become current, and its batches to be told when it is. */
  readonly #coming = new Map<ElectionId, { readonly version: number; readonly batches: Changes[] }>();
  readonly #serving = new Map<ElectionId, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #movement = new Movement(this.#stopping.signal);
  readonly #waiters = new OutcomeWaiters(this);

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
    const trees = this.#treesOf(served);
    const workers = Array.from({ length: served.log.shards }, (_, shard) => {
      const options: WorkerOptions = {
        ...(this.#options.batch !== undefined && { batch: this.#options.batch }),
        ...(this.#options.idleMs !== undefined && { idleMs: this.#options.idleMs }),
        ...(trees[shard] && { tree: trees[shard] }),
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

  #treesOf({ election, log }: ServedElection): readonly ShardTree[] {
    const { id } = election.definition;
    const known = this.#trees.get(id);
    if (known || !this.#options.trees) return known ?? [];
    const store = this.#options.trees.of(id);
    const made = Array.from({ length: log.shards }, (_, shard) => {
      const onFault = (error: Error | null): void => this.#options.onTreeFault?.({ election: id, shard }, error);
      return new ShardTree({ election, log, shard, store, onFault });
    });
    this.#trees.set(id, made);
    return made;
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
  async switchTo(id: ElectionId, version: number, { keepsFormer = false } = {}): Promise<boolean> {
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
      if (this.#current.get(id) === version && !keepsFormer) await this.retire(id, from);
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

  caughtUp(
    id: ElectionId,
    version: number,
    to: Position,
    onProgress?: (at: Position) => void,
    deadline?: AbortSignal,
  ): Promise<void> {
    return this.#movement.until(() => {
      const at = this.position(id, version);
      onProgress?.(at);
      return notBeyond(to, at);
    }, deadline);
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

  outcomes(id: ElectionId, places: readonly Place[], timeoutMs: number): Promise<(AttemptDoc | undefined)[]> {
    return this.#waiters.outcomes(id, places, timeoutMs);
  }

  reached(id: ElectionId, position: Position, timeoutMs: number): Promise<boolean> {
    return this.#waiters.reached(id, position, timeoutMs);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const workers = [...this.#fleets.values()]
      .flatMap((fleets) => [...fleets.values()])
      .flatMap((fleet) => fleet.workers);
    await Promise.all(workers.map((worker) => worker.stop()));
    await Promise.all([...this.#trees.values()].flat().map((tree) => tree.close()));
    this.#waiters.settleAll();
    this.#fleets.clear();
  }

  #publish(changes: Changes): void {
    this.#movement.tell();
    const coming = this.#coming.get(changes.election);
    if (changes.version === this.#current.get(changes.election)) this.#tell(changes);
    else if (changes.version === coming?.version) coming.batches.push(changes);
  }

  #tell(changes: Changes): void {
    this.#waiters.deliver(changes);
    for (const listener of this.#listeners) listener(changes);
  }
}

async function stopAll({ workers }: Fleet): Promise<void> {
  await Promise.all(workers.map((worker) => worker.stop()));
}
