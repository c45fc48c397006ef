/** One version of an election's read model in lmdb. */
import type { ElectionId } from '#domain';
import type { Checkpoint, ModelBatch, ModelError, ModelSnapshot, ReadModel, WriteOutcome } from '../port.ts';
import { EmbeddedSnapshot } from './embedded-snapshot.ts';
import { type ModelStore, openModelStore } from './store.ts';
import { markSynced, prepareFolder } from './trust.ts';
import { WriteQueue } from './write-queue.ts';

export class EmbeddedModel implements ReadModel {
  readonly election: ElectionId;
  readonly version: number;
  readonly shards: number;
  readonly #store: ModelStore;
  readonly #queue: WriteQueue;
  readonly #open = new Set<EmbeddedSnapshot>();
  #gone: ModelError | null = null;

  /** Opens the model in a folder, made where it is missing. */
  constructor(election: ElectionId, version: number, shards: number, path: string) {
    this.election = election;
    this.version = version;
    this.shards = shards;
    prepareFolder(path);
    this.#store = openModelStore(path);
    this.#queue = new WriteQueue(this.#store, shards);
  }

  async write(batch: ModelBatch): Promise<WriteOutcome> {
    this.#mustBeThere();
    return this.#queue.write(batch);
  }

  async checkpoint(shard: number): Promise<Checkpoint> {
    this.#mustBeThere();
    return this.#queue.checkpoint(shard);
  }

  async snapshot(): Promise<ModelSnapshot> {
    this.#mustBeThere();
    const snapshot: EmbeddedSnapshot = new EmbeddedSnapshot(this.#store, this.shards, () =>
      this.#open.delete(snapshot),
    );
    this.#open.add(snapshot);
    return snapshot;
  }

  /** Settles what was given, closes open snapshots; every later call fails with `reason`. */
  async close(reason: ModelError): Promise<void> {
    if (this.#gone) return;
    this.#gone = reason;
    await this.#queue.close(reason);
    for (const snapshot of [...this.#open]) snapshot.end(reason);
    await this.#store.root.close();
    markSynced(this.#store.path);
  }

  #mustBeThere(): void {
    if (this.#gone) throw this.#gone;
  }
}
