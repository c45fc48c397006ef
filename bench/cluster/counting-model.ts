/** Read models that count what they are given and drop it. */
import { AT_START, type Checkpoint, type ModelBatch, type ReadModel, type WriteOutcome } from '#read-model';

export class CountingModel implements ReadModel {
  readonly election: string;
  readonly version = 1;
  readonly shards: number;
  /** Attempts of all shards so far. */
  events = 0;
  readonly #checkpoints: Checkpoint[];

  constructor(election: string, shards: number) {
    this.election = election;
    this.shards = shards;
    this.#checkpoints = Array.from({ length: shards }, () => AT_START);
  }

  async write({ shard, attempts = [], checkpoint }: ModelBatch): Promise<WriteOutcome> {
    this.events += attempts.length;
    if (checkpoint) this.#checkpoints[shard] = checkpoint.to;
    return { outcome: 'moved' };
  }

  async checkpoint(shard: number): Promise<Checkpoint> {
    return this.#checkpoints[shard] ?? AT_START;
  }

  async snapshot(): Promise<never> {
    throw new Error('a counting model keeps nothing');
  }
}

/** Keeps every batch, to be written again by other means. */
export class KeepingModel extends CountingModel {
  readonly batches: ModelBatch[] = [];

  override async write(batch: ModelBatch): Promise<WriteOutcome> {
    this.batches.push(batch);
    return super.write(batch);
  }
}
