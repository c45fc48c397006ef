/**
 * The workers of one projector process: those of the shards it holds, of every listed version of every open election.
 * For a moment two processes may work on one shard; guarded writes bear that.
 */
import { createHash } from 'node:crypto';
import { type ElectionId, FOLD_VERSION } from '#domain';
import type { Shares } from '#event-log';
import { type LogTrees, ShardTree } from '#log-tree';
import type { ReadModels } from '#read-model';
import type { Elections, ServedElection } from '../elections.ts';
import { type Changes, ShardWorker } from '../shard-worker.ts';
import { Repeated } from './repeated.ts';
import type { Teller } from './teller.ts';

export interface WorkersParts {
  readonly elections: Elections;
  readonly models: ReadModels;
  readonly shares: Shares;
  readonly teller: Teller;
  /** Where the trees of the logs are kept; left out: none are grown. */
  readonly trees?: LogTrees;
  /** Told of faults that are waited out, and that they are over (null). */
  readonly onFault: (where: { readonly election: ElectionId | null; readonly shard?: number }, error: unknown) => void;
  /** The same of trees: figures go on without them. */
  readonly onTreeFault?: (where: { readonly election: ElectionId; readonly shard: number }, error: unknown) => void;
  /** Told of every batch that was written, of any version. */
  readonly onBatch?: (changes: Changes, isCurrent: boolean) => void;
  /** At most so many records a batch; default 2,000. */
  readonly batch?: number;
}

/** One of the workers, for those who look on. */
export interface WorkerState {
  readonly election: ElectionId;
  readonly version: number;
  readonly isCurrent: boolean;
  readonly shard: number;
  readonly position: number;
}

/** Shards of all elections are spread over so many slots, which processes share out among them. */
export const SLOTS = 64;

const LOOK_EVERY_MS = 1_000;
/** A version that nobody rebuilds any longer is dropped after so long. */
const ABANDONED_MS = 60_000;

interface Working {
  readonly worker: ShardWorker;
  readonly served: ServedElection;
  readonly version: number;
  isCurrent: boolean;
}

export class Workers {
  readonly #parts: WorkersParts;
  readonly #working = new Map<string, Working>();
  /** By election and shard: one for the workers of all versions. */
  readonly #trees = new Map<string, ShardTree>();
  readonly #ending = new Set<Promise<void>>();
  readonly #looking: Repeated;
  #slots: ReadonlySet<number> = new Set();
  #leave: () => Promise<void> = async () => undefined;

  constructor(parts: WorkersParts) {
    this.#parts = parts;
    this.#looking = new Repeated(
      LOOK_EVERY_MS,
      () => this.#look(),
      (error) => parts.onFault({ election: null }, error),
    );
  }

  async start(): Promise<void> {
    this.#leave = await this.#parts.shares.join(SLOTS, (slots) => {
      this.#slots = slots;
      void this.#looking.now();
    });
    await this.#looking.start();
  }

  get slots(): number {
    return this.#slots.size;
  }

  get states(): WorkerState[] {
    return [...this.#working.values()].map(({ worker, served, version, isCurrent }) => ({
      election: served.election.definition.id,
      version,
      isCurrent,
      shard: worker.shard,
      position: worker.position,
    }));
  }

  /** Ends after the batches at hand; others take over. */
  async stop(): Promise<void> {
    await this.#looking.stop();
    for (const key of [...this.#working.keys()]) this.#end(key);
    await Promise.all(this.#ending);
    await Promise.all([...this.#trees.values()].map((tree) => tree.close()));
    await this.#leave();
  }

  /** Starts and ends workers so that they are those wanted now, and tells where they are. */
  async #look(): Promise<void> {
    const wanted = new Set<string>();
    for (const served of await this.#parts.elections.list()) {
      const shards = Array.from({ length: served.log.shards }, (_, shard) => shard);
      const mine = shards.filter((shard) => this.#slots.has(slotOf(served.election.definition.id, shard)));
      if (mine.length > 0) await this.#lookAt(served, mine, wanted);
    }
    for (const key of [...this.#working.keys()]) if (!wanted.has(key)) this.#end(key);
    this.#tellPositions();
  }

  async #lookAt(served: ServedElection, shards: readonly number[], wanted: Set<string>): Promise<void> {
    const { models } = this.#parts;
    const id = served.election.definition.id;
    const known = await models.pointer(id);
    if (!known) await models.ensure(id, served.log.shards, FOLD_VERSION);
    else if (known.fold !== FOLD_VERSION) throw new OtherFoldError(id, known.fold);
    if (shards.includes(0))
      for (const version of await models.abandoned(id, ABANDONED_MS)) await models.drop(id, version);
    const pointer = await models.pointer(id);
    for (const version of pointer?.versions ?? []) {
      const isCurrent = version === pointer?.current;
      for (const shard of shards) {
        const key = `${id}/${version}/${shard}`;
        wanted.add(key);
        const known = this.#working.get(key);
        if (known) known.isCurrent = isCurrent;
        else await this.#begin(key, served, version, shard, isCurrent);
      }
    }
  }

  async #begin(key: string, served: ServedElection, version: number, shard: number, isCurrent: boolean): Promise<void> {
    const election = served.election.definition.id;
    const model = await this.#parts.models.open(election, version);
    if (!model) return;
    const worker = new ShardWorker(served, model, shard, {
      ...(this.#parts.batch !== undefined && { batch: this.#parts.batch }),
      ...this.#treeOf(served, shard),
      onChanges: (changes) => this.#wrote(key, changes),
      onFault: (error) => this.#parts.onFault({ election, shard }, error),
    });
    this.#working.set(key, { worker, served, version, isCurrent });
    worker.start();
  }

  #treeOf({ election, log }: ServedElection, shard: number): { tree?: ShardTree } {
    const { trees, onTreeFault } = this.#parts;
    if (!trees) return {};
    const { id } = election.definition;
    const key = `${id}/${shard}`;
    const store = trees.of(id);
    const tree =
      this.#trees.get(key) ??
      new ShardTree({ election, log, shard, store, onFault: (error) => onTreeFault?.({ election: id, shard }, error) });
    this.#trees.set(key, tree);
    return { tree };
  }

  #end(key: string): void {
    const { worker, served } = this.#working.get(key)!;
    this.#working.delete(key);
    const ended: Promise<void> = worker.stop().finally(() => {
      this.#ending.delete(ended);
      // Whatever it was waiting out is another process's now.
      this.#parts.onFault({ election: served.election.definition.id, shard: worker.shard }, null);
    });
    this.#ending.add(ended);
  }

  #wrote(key: string, changes: Changes): void {
    const { election, version, shard, to } = changes;
    const isCurrent = this.#working.get(key)?.isCurrent ?? false;
    this.#parts.onBatch?.(changes, isCurrent);
    if (isCurrent) this.#parts.teller.batch(changes);
    else this.#parts.teller.position(election, { version, shard, at: to });
  }

  #tellPositions(): void {
    for (const { election, version, shard, position } of this.states)
      this.#parts.teller.position(election, { version, shard, at: position });
  }
}

/** Figures of another fold are its projectors' to keep up to date. */
class OtherFoldError extends Error {
  constructor(election: ElectionId, fold: string) {
    super(
      `the read model of ${election} is made by fold ${fold}, and this projector folds by ${FOLD_VERSION}: ` +
        'let projectors of that fold run, or empty the read model, so that it is made anew from the log',
    );
    this.name = 'OtherFoldError';
  }
}

/** Neighbouring shards of an election lie in neighbouring slots, so that few processes share them evenly. */
export function slotOf(election: ElectionId, shard: number): number {
  const start = createHash('sha256').update(election).digest().readUInt32BE(0);
  return (start + shard) % SLOTS;
}
