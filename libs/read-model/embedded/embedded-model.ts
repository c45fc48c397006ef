/** One version of an election's read model in lmdb. */
import type { ElectionId } from '#domain';
import { isFull } from '#event-log/embedded';
import {
  type Checkpoint,
  type ModelBatch,
  ModelError,
  type ModelSnapshot,
  type ReadModel,
  type TotalsDoc,
  type WriteOutcome,
} from '../port.ts';
import { EmbeddedSnapshot } from './embedded-snapshot.ts';
import type { ModelStore } from './store.ts';

export const START: Checkpoint = { offset: 0, logTime: 0 };

export class EmbeddedModel implements ReadModel {
  readonly election: ElectionId;
  readonly version: number;
  readonly shards: number;
  readonly #store: ModelStore;
  readonly #open = new Set<EmbeddedSnapshot>();
  #gone: ModelError | null = null;

  constructor(election: ElectionId, version: number, shards: number, store: ModelStore) {
    this.election = election;
    this.version = version;
    this.shards = shards;
    this.#store = store;
  }

  async write(batch: ModelBatch): Promise<WriteOutcome> {
    this.#mustBeThere();
    try {
      return this.#store.root.transactionSync(() => this.#writeAll(batch));
    } catch (error) {
      if (isFull(error)) throw new ModelError('model-full', 'the disk is full; nothing was stored', { cause: error });
      throw error;
    }
  }

  async checkpoint(shard: number): Promise<Checkpoint> {
    this.#mustBeThere();
    return this.#store.checkpoints.get(shard) ?? START;
  }

  async snapshot(): Promise<ModelSnapshot> {
    this.#mustBeThere();
    const snapshot: EmbeddedSnapshot = new EmbeddedSnapshot(this.#store, this.shards, () =>
      this.#open.delete(snapshot),
    );
    this.#open.add(snapshot);
    return snapshot;
  }

  /** Closes what is open; every later call fails with `reason`. */
  async close(reason: ModelError): Promise<void> {
    if (this.#gone) return;
    this.#gone = reason;
    for (const snapshot of [...this.#open]) snapshot.close();
    await this.#store.root.close();
  }

  #writeAll(batch: ModelBatch): WriteOutcome {
    const store = this.#store;
    const { shard, checkpoint } = batch;
    let outcome: WriteOutcome = { outcome: 'moved' };
    if (checkpoint) {
      const at = store.checkpoints.get(shard)?.offset ?? 0;
      if (at < checkpoint.from) return { outcome: 'behind', at };
      if (at > checkpoint.to.offset) outcome = { outcome: 'ahead', at };
    }
    for (const doc of batch.attempts ?? []) {
      const key: [number, number] = [doc.shard, doc.offset];
      if (store.attempts.doesExist(key)) continue;
      store.attempts.putSync(key, doc);
      if (doc.station !== undefined && doc.contest !== undefined)
        store.attemptsOn.putSync([doc.station, doc.contest, doc.shard, doc.offset], null);
      for (const contest of new Set(doc.changes.map((change) => change.contest)))
        for (const unit of doc.units) store.changesOf.putSync([unit, contest, doc.shard, doc.offset], null);
    }
    for (const doc of batch.notes ?? []) {
      const key: [string, string, number, number] = [doc.kind, doc.subject, doc.shard, doc.offset];
      if (!store.notes.doesExist(key)) store.notes.putSync(key, doc);
    }
    for (const doc of batch.sheets ?? []) {
      const key: [string, string] = [doc.station, doc.contest];
      const there = store.sheets.get(key);
      if (!there || there.offset < doc.offset) store.sheets.putSync(key, doc);
    }
    for (const doc of batch.totals ?? []) {
      const key: [string, string, number] = [doc.unit, doc.contest, doc.shard];
      const there = store.totals.get(key);
      if (!there || there.offset < doc.offset) store.totals.putSync(key, doc);
    }
    for (const doc of batch.states ?? []) this.#insertState(doc);
    if (checkpoint && outcome.outcome === 'moved') store.checkpoints.putSync(shard, checkpoint.to);
    return outcome;
  }

  #insertState(doc: TotalsDoc): void {
    const key: [string, string, number, number] = [doc.unit, doc.contest, doc.shard, doc.offset];
    if (!this.#store.states.doesExist(key)) this.#store.states.putSync(key, doc);
  }

  #mustBeThere(): void {
    if (this.#gone) throw this.#gone;
  }
}
