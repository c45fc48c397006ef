/** What whoever rebuilds has written down last: one document an election in the collection `rebuilds`. */
import { type Connection, type Model, type mongo, Schema } from 'mongoose';
import type { ElectionId } from '#domain';
import type { RebuildNote } from '../port.ts';
import { errorOf, inTime, saysDuplicate, told } from './connection.ts';

type StoredNote = RebuildNote & { readonly _id: ElectionId };

const schema = new Schema<StoredNote>(
  { _id: String, revision: Number, text: String },
  { versionKey: false, autoIndex: false, autoCreate: false, id: false },
);

export class RebuildNotes {
  readonly #model: Model<StoredNote>;

  constructor(connection: Connection) {
    this.#model = connection.model<StoredNote>('rebuilds', schema, 'rebuilds');
  }

  async read(election: ElectionId): Promise<RebuildNote | undefined> {
    const found = await told(() => this.#model.findById(election).lean().exec());
    return found ? { revision: found.revision, text: found.text } : undefined;
  }

  async write(election: ElectionId, seen: number, text: string): Promise<boolean> {
    const collection = this.#model.collection as unknown as mongo.Collection<mongo.Document>;
    const filter = { _id: election as never, revision: seen };
    const update = { $set: { revision: seen + 1, text } };
    try {
      // The first one is an upsert that makes it, or meets one made meanwhile.
      const { matchedCount, upsertedCount } = await inTime(
        collection.updateOne(filter, update, { upsert: seen === 0 }),
      );
      return matchedCount + upsertedCount > 0;
    } catch (error) {
      if (seen === 0 && saysDuplicate(error)) return false;
      throw errorOf(error);
    }
  }
}
