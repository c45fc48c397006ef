/**
 * Batches on their way into the store, one transaction at a time.
 *
 * What waits together (batches of several shards) goes into one transaction. Native code writes it on another thread;
 * the main thread only encodes. A batch begins when the one before it is settled, so a failure never lets a
 * checkpoint pass over documents that are missing.
 */

import { join } from 'node:path';
import { type Failure, failureNow, failureOf } from '#event-log/embedded';
import { type Checkpoint, type ModelBatch, ModelError, type WriteOutcome } from '../port.ts';
import { writeGuarded } from './guarded-write.ts';
import type { ModelStore } from './store.ts';
import { Encoder, isAllNew, judge, type Put, readShard, type ShardState, START, stateAfter } from './write-plan.ts';

/** A transaction takes whole batches until it has so many puts. */
const MAX_PUTS = 50_000;

interface Waiting {
  readonly batch: ModelBatch;
  resolve(outcome: WriteOutcome): void;
  reject(error: unknown): void;
}

/** The batches of one transaction. */
class Group {
  readonly puts: Put[] = [];
  readonly states = new Map<number, ShardState>();
  readonly settled: { readonly waiting: Waiting; readonly outcome: WriteOutcome }[] = [];
}

export class WriteQueue {
  readonly #store: ModelStore;
  #encoder: Encoder;
  readonly #dataFile: string;
  /** As committed. */
  readonly #states = new Map<number, ShardState>();
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #closed: ModelError | null = null;
  #broken: ModelError | null = null;

  constructor(store: ModelStore, shards: number) {
    this.#store = store;
    this.#encoder = new Encoder(store);
    this.#dataFile = join(store.path, 'data.mdb');
    for (let shard = 0; shard < shards; shard += 1) {
      const value = store.shards.get([shard]);
      if (value) this.#states.set(shard, readShard(value));
    }
  }

  checkpoint(shard: number): Checkpoint {
    return (this.#states.get(shard) ?? START).checkpoint;
  }

  write(batch: ModelBatch): Promise<WriteOutcome> {
    const refused = this.#broken ?? this.#closed;
    if (refused) return Promise.reject(refused);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Refuses what comes from now on with `reason`; resolves when what was taken before is settled. */
  async close(reason: ModelError): Promise<void> {
    this.#closed ??= reason;
    await this.#running;
  }

  async #run(): Promise<void> {
    // Lets the batches of several shards gather that are given in the same turn.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      if (this.#broken) {
        for (const { reject } of this.#waiting.splice(0)) reject(this.#broken);
        break;
      }
      const group = this.#takeGroup();
      if (group.settled.length > 0) await this.#commit(group);
      else if (this.#waiting[0]) this.#writeBack(this.#waiting.shift()!);
    }
    this.#running = null;
  }

  /** Encodes what waits, up to the first batch that reaches back. */
  #takeGroup(): Group {
    const group = new Group();
    while (this.#waiting.length > 0 && group.puts.length < MAX_PUTS) {
      const waiting = this.#waiting[0]!;
      const { batch } = waiting;
      const state = group.states.get(batch.shard) ?? this.#states.get(batch.shard) ?? START;
      const outcome = judge(batch, state);
      if (outcome.outcome !== 'behind') {
        if (!isAllNew(batch, state.mark)) break;
        try {
          this.#encode(batch, stateAfter(batch, state, outcome), group);
        } catch (error) {
          // It may have left half a document behind.
          this.#encoder = new Encoder(this.#store);
          this.#waiting.shift();
          waiting.reject(error);
          continue;
        }
      }
      this.#waiting.shift();
      group.settled.push({ waiting, outcome });
    }
    return group;
  }

  /** Adds a batch to the group; whole, or where a document can't be written out, not at all. */
  #encode(batch: ModelBatch, after: ShardState, group: Group): void {
    const puts: Put[] = [];
    this.#encoder.all(batch, puts);
    puts.push(this.#encoder.shard(batch.shard, after));
    for (const put of puts) group.puts.push(put);
    group.states.set(batch.shard, after);
  }

  async #commit({ puts, states, settled }: Group): Promise<void> {
    try {
      if (puts.length > 0)
        await this.#store.root.batch(() => {
          for (const { table, key, value } of puts) table.put(key, value);
        });
    } catch (error) {
      const failed = this.#errorOf(await failureOf(error, this.#dataFile));
      for (const { waiting } of settled) waiting.reject(failed);
      return;
    }
    for (const [shard, state] of states) this.#states.set(shard, state);
    for (const { waiting, outcome } of settled) waiting.resolve(outcome);
  }

  /** Writes a batch that reaches back before the shard's mark, in a transaction of its own on this thread. */
  #writeBack({ batch, resolve, reject }: Waiting): void {
    const state = this.#states.get(batch.shard) ?? START;
    const outcome = judge(batch, state);
    const after = stateAfter(batch, state, outcome);
    try {
      this.#store.root.transactionSync(() => {
        writeGuarded(this.#store, this.#encoder, batch);
        const { table, key, value } = this.#encoder.shard(batch.shard, after);
        table.putSync(key, value);
      });
    } catch (error) {
      this.#encoder = new Encoder(this.#store);
      reject(this.#errorOf(failureNow(error, this.#dataFile)));
      return;
    }
    this.#states.set(batch.shard, after);
    resolve(outcome);
  }

  #errorOf({ kind, cause }: Failure): unknown {
    if (kind === 'other') return cause;
    if (kind === 'full')
      return new ModelError('model-full', 'the disk of the read model is full; nothing of the batch was stored', {
        cause,
      });
    const message = `the read model could not be written (${String(cause)}); restart`;
    this.#broken ??= new ModelError('model-unavailable', message, { cause });
    return this.#broken;
  }
}
