/**
 * Which versions an election's model has and which is current: one document an election in the collection `pointers`.
 * Every change is one guarded operation on it, so any number of processes may make, switch and drop at once.
 */
import { type Connection, type Model, mongo, Schema } from 'mongoose';
import type { ElectionId } from '#domain';
import type { ModelPointer } from '../port.ts';
import { errorOf, inTime, saysDuplicate, told } from './connection.ts';

/** A version as it is listed. */
export interface Listed {
  readonly fold: string;
  readonly shards: number;
  /** When it was last made, touched or current, by the server's clock. */
  readonly touched: Date;
  /** Whether its collections are all there. */
  readonly ready: boolean;
}

interface StoredPointer {
  readonly _id: ElectionId;
  /** The number of the next version: none is used again. */
  readonly next: number;
  readonly current: number | null;
  /** By `v<version>`. */
  readonly versions: Readonly<Record<string, Listed>>;
  /** The server's time when somebody last asked for it. */
  readonly asked?: Date;
}

const schema = new Schema<StoredPointer, Model<StoredPointer>>(
  { _id: String, next: Number, current: Number, versions: Schema.Types.Mixed, asked: Date },
  { versionKey: false, autoIndex: false, autoCreate: false, minimize: false, id: false },
);

export class Pointers {
  readonly #model: Model<StoredPointer>;

  constructor(connection: Connection) {
    this.#model = connection.model<StoredPointer>('pointers', schema, 'pointers');
  }

  /** undefined until the first version is current. */
  async read(election: ElectionId): Promise<ModelPointer | undefined> {
    const stored = await this.#find(election);
    if (!stored || stored.current === null) return undefined;
    const versions = readyOf(stored);
    return { current: stored.current, versions, fold: stored.versions[`v${stored.current}`]!.fold };
  }

  /** A version that is ready. */
  async listed(election: ElectionId, version: number): Promise<Listed | undefined> {
    const listed = (await this.#find(election))?.versions[`v${version}`];
    return listed?.ready ? listed : undefined;
  }

  /** Lists a new version that is not ready yet, and returns its number. */
  async reserve(election: ElectionId, shards: number, fold: string): Promise<number> {
    for (;;) {
      const next = (await this.#find(election))?.next;
      const version = next ?? 1;
      const entry = `versions.v${version}`;
      const update = {
        $set: { next: version + 1, [`${entry}.fold`]: fold, [`${entry}.shards`]: shards, [`${entry}.ready`]: false },
        $currentDate: { [`${entry}.touched`]: true },
        ...(next === undefined && { $setOnInsert: { current: null } }),
      };
      // Where there is none yet, `next` can't be matched: an upsert that makes it, or meets one made meanwhile.
      const filter = { _id: election, next: next ?? -1 };
      if (await this.#change(filter, update, next === undefined)) return version;
    }
  }

  /** The version's collections are there. false where it was dropped meanwhile. */
  ready(election: ElectionId, version: number): Promise<boolean> {
    const entry = `versions.v${version}`;
    return this.#change(
      { _id: election, [entry]: { $exists: true } },
      { $set: { [`${entry}.ready`]: true }, $currentDate: { [`${entry}.touched`]: true } },
    );
  }

  /** Makes `to` current where `from` (null: none) still is. */
  point(election: ElectionId, from: number | null, to: number): Promise<boolean> {
    const left = from === null ? {} : { $currentDate: { [`versions.v${from}.touched`]: true } };
    return this.#change(
      { _id: election, current: from, [`versions.v${to}.ready`]: true },
      { $set: { current: to }, ...left },
    );
  }

  touch(election: ElectionId, version: number): Promise<boolean> {
    const entry = `versions.v${version}`;
    return this.#change(
      { _id: election, [entry]: { $exists: true } },
      { $currentDate: { [`${entry}.touched`]: true } },
    );
  }

  /** Takes a version off the list. false where it is current. */
  async strike(election: ElectionId, version: number): Promise<boolean> {
    const entry = `versions.v${version}`;
    await this.#change({ _id: election, current: { $ne: version } }, { $unset: { [entry]: 1 } });
    return (await this.#find(election))?.current !== version;
  }

  /** Also those that never got ready. The server tells its time with the answer. */
  async untouched(election: ElectionId, forMs: number): Promise<number[]> {
    const stored = await told(() =>
      this.#model
        .findOneAndUpdate({ _id: election }, { $currentDate: { asked: true } }, { returnDocument: 'after' })
        .lean()
        .exec(),
    );
    if (!stored) return [];
    const before = stored.asked!.getTime() - forMs;
    return numbersOf(stored, ({ touched }) => touched.getTime() <= before).filter((v) => v !== stored.current);
  }

  /** Whether a version of that number once was and is not listed any more. */
  async isStruck(election: ElectionId, version: number): Promise<boolean> {
    const stored = await this.#find(election);
    return stored !== null && version < stored.next && !(`v${version}` in stored.versions);
  }

  #find(election: ElectionId): Promise<StoredPointer | null> {
    return told(() => this.#model.findById(election).lean().exec()) as Promise<StoredPointer | null>;
  }

  /** One guarded change; false where the guard did not hold. */
  async #change(filter: object, update: object, upsert = false): Promise<boolean> {
    const collection = this.#model.collection as unknown as mongo.Collection<mongo.Document>;
    try {
      const { matchedCount, upsertedCount } = await inTime(collection.updateOne(filter, update, { upsert }));
      return matchedCount + upsertedCount > 0;
    } catch (error) {
      if (upsert && saysDuplicate(error)) return false;
      throw errorOf(error);
    }
  }
}

function readyOf(stored: StoredPointer): number[] {
  return numbersOf(stored, ({ ready }) => ready);
}

function numbersOf({ versions }: StoredPointer, are: (listed: Listed) => boolean): number[] {
  const entries = Object.entries(versions).filter(([, listed]) => are(listed));
  return entries.map(([name]) => Number(name.slice(1))).sort((a, b) => a - b);
}
