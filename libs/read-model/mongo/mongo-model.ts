/** One version of an election's read model in MongoDB. */
import type { ElectionId } from '#domain';
import type { Checkpoint, ModelBatch, ModelError, ModelSnapshot, ReadModel, WriteOutcome } from '../port.ts';
import { allSettled, insertNew, replaceOlder } from './bulk-writes.ts';
import type { Collections } from './collections.ts';
import { inWords, told } from './connection.ts';
import { storeAttempt, storeFullState, storeNote, storeSheet, storeTotals } from './documents.ts';
import { MongoSnapshot } from './mongo-snapshot.ts';
import { VersionReads } from './version-reads.ts';

export class MongoModel implements ReadModel {
  readonly election: ElectionId;
  readonly version: number;
  readonly shards: number;
  readonly collections: Collections;
  readonly #reads: VersionReads;
  /** By shard: what was given last. A shard's batches are written one after another. */
  readonly #turns = new Map<number, Promise<unknown>>();
  #over: ModelError | null = null;

  constructor(election: ElectionId, version: number, shards: number, collections: Collections) {
    this.election = election;
    this.version = version;
    this.shards = shards;
    this.collections = collections;
    this.#reads = new VersionReads(`version ${version} of the read model of ${election}`, collections, shards);
  }

  async write(batch: ModelBatch): Promise<WriteOutcome> {
    this.#mustBeThere();
    const before = this.#turns.get(batch.shard);
    const turn = (before ?? Promise.resolve()).then(() => inWords(() => this.#write(batch)));
    // The one before was told of its failure; it is not this one's.
    this.#turns.set(
      batch.shard,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async checkpoint(shard: number): Promise<Checkpoint> {
    this.#mustBeThere();
    return this.#reads.checkpoint(shard);
  }

  async snapshot(): Promise<ModelSnapshot> {
    this.#mustBeThere();
    const checkpoints = await this.#reads.checkpoints();
    return new MongoSnapshot(this.collections, this.#reads, checkpoints, () => this.#mustBeThere());
  }

  /** Settles what was given; every later call fails with `reason`. */
  async end(reason: ModelError): Promise<void> {
    this.#over ??= reason;
    await Promise.all(this.#turns.values());
  }

  /**
   * The checkpoint is looked at first: a store that has lost something is told before anything is written, and a
   * version that was dropped does not come to life again.
   */
  async #write({ shard, checkpoint, ...documents }: ModelBatch): Promise<WriteOutcome> {
    const { attempts = [], notes = [], sheets = [], totals = [], states = [] } = documents;
    const at = (await this.#reads.checkpoint(shard)).offset;
    if (checkpoint && at < checkpoint.from) return { outcome: 'behind', at };
    // Whoever moved it has written all of this.
    if (checkpoint && at > checkpoint.to.offset) return { outcome: 'ahead', at };
    const { collections } = this;
    await allSettled([
      insertNew(collections.attempts, attempts.map(storeAttempt)),
      insertNew(collections.notes, notes.map(storeNote)),
    ]);
    await replaceOlder(collections.sheets, sheets.map(storeSheet));
    await allSettled([
      replaceOlder(collections.totals, totals.map(storeTotals)),
      insertNew(collections.states, states.map(storeFullState)),
    ]);
    return checkpoint ? this.#move(shard, checkpoint) : { outcome: 'moved' };
  }

  async #move(shard: number, { from, to }: NonNullable<ModelBatch['checkpoint']>): Promise<WriteOutcome> {
    const { offset, logTime, log } = to;
    const filter = { _id: shard, offset: { $gte: from, $lt: offset } };
    const { matchedCount } = await told(() =>
      this.collections.checkpoints.updateOne(filter, { $set: { offset, logTime, log } }).exec(),
    );
    if (matchedCount > 0) return { outcome: 'moved' };
    const at = (await this.#reads.checkpoint(shard)).offset;
    if (at === offset) return { outcome: 'moved' };
    return at > offset ? { outcome: 'ahead', at } : { outcome: 'behind', at };
  }

  #mustBeThere(): void {
    if (this.#over) throw this.#over;
  }
}
