/**
 * Reading the collections of one version, which may be dropped meanwhile by another process.
 *
 * MongoDB knows no difference between an empty collection and one that is gone, so whatever comes back empty is
 * believed only after a look at the checkpoints, which are there as long as the version is.
 */
import type { Model, QueryFilter } from 'mongoose';
import { type Checkpoint, ModelError } from '../port.ts';
import type { Collections } from './collections.ts';
import { errorOf, inTime, saysDropped, told } from './connection.ts';
import { GatheredQuestion } from './gathered-reads.ts';

/** How a list is read: in the order of `_id`, backwards where so said. */
export interface Range {
  readonly limit?: number;
  readonly backwards?: boolean;
}

/** Documents of a page: a long list is read in so many queries, none of which leaves a cursor open. */
const PAGE = 1_000;
/** The server's answer is whole in one message up to 16 MB; more are fetched. */
const BATCH = 100_000;

export class VersionReads {
  readonly #name: string;
  readonly #collections: Collections;
  readonly #shards: number;
  readonly #presence = new GatheredQuestion(() => this.checkpoints());

  constructor(name: string, collections: Collections, shards: number) {
    this.#name = name;
    this.#collections = collections;
    this.#shards = shards;
  }

  /** By shard; throws `model-gone` where the version was dropped. */
  async checkpoints(): Promise<Checkpoint[]> {
    const found = await told(() => this.#collections.checkpoints.find().sort({ _id: 1 }).lean().exec());
    if (found.length < this.#shards) throw this.gone();
    return found.map(({ offset, logTime, log }) => ({ offset, logTime, log }));
  }

  /** Of one shard. */
  async checkpoint(shard: number): Promise<Checkpoint> {
    const found = await told(() => this.#collections.checkpoints.findById(shard).lean().exec());
    if (!found) throw this.gone();
    const { offset, logTime, log } = found;
    return { offset, logTime, log };
  }

  gone(): ModelError {
    return new ModelError('model-gone', `${this.#name} was dropped; ask which version is current`);
  }

  /** Documents of a collection in the order of `_id`. */
  async list<T>(model: Model<T>, filter: QueryFilter<T>, { limit = 0, backwards = false }: Range = {}): Promise<T[]> {
    const query = model
      .find(filter)
      .sort({ _id: backwards ? -1 : 1 })
      .limit(limit)
      .batchSize(limit || BATCH);
    let found: T[];
    try {
      found = (await inTime(query.lean().exec())) as T[];
    } catch (error) {
      if (saysDropped(error)) await this.#presence.ask();
      throw errorOf(error);
    }
    if (found.length === 0) await this.#presence.ask();
    return found;
  }

  /** Documents in the order of `_id`, a page at a time: the next one is on its way while one is worked on. */
  async *pages<T extends { readonly _id: unknown }>(
    model: Model<T>,
    within: object = {},
    others: object = {},
  ): AsyncGenerator<T[]> {
    const page = (beyond: object): Promise<T[]> => {
      const bounds = { ...within, ...beyond };
      const filter = { ...others, ...(Object.keys(bounds).length > 0 && { _id: bounds }) };
      return this.list(model, filter as QueryFilter<T>, { limit: PAGE });
    };
    for (let next: Promise<T[]> | null = page({}); next; ) {
      const docs: T[] = await next;
      next = docs.length < PAGE ? null : page({ $gt: docs.at(-1)!._id });
      // Whoever leaves early does not wait for it; who goes on meets the failure above.
      next?.catch(() => undefined);
      if (docs.length > 0) yield docs;
    }
  }
}
