/** Freezes of publication in MongoDB, the collection `freezes`: one document an election. */
import { type Model, Schema } from 'mongoose';
import { connectMongo, type MongoOptions, saysDuplicate, told } from '#read-model/mongo';
import { type Freeze, type FreezeStore, NO_FREEZES } from '../freezes.ts';

interface Stored {
  readonly _id: string;
  readonly version: number;
  readonly freezes: readonly Freeze[];
}

const schema = new Schema<Stored>(
  { _id: String, version: Number, freezes: [Schema.Types.Mixed] },
  { versionKey: false, autoIndex: false, autoCreate: false, id: false, minimize: false },
);

/** Resolves once the server was reached; throws `ModelError`. */
export async function openMongoFreezes(options: MongoOptions): Promise<FreezeStore> {
  const connection = await connectMongo(options);
  const model: Model<Stored> = connection.model<Stored>('freezes', schema, 'freezes');
  return {
    async read(election) {
      const stored = await told(() => model.findById(election).lean<Stored>());
      return stored ? { version: stored.version, freezes: stored.freezes } : NO_FREEZES;
    },
    async write(election, { version, freezes }) {
      if (version > 1) {
        const written = await told(() =>
          model.updateOne({ _id: election, version: version - 1 }, { $set: { version, freezes } }),
        );
        return written.modifiedCount === 1;
      }
      try {
        await told(() => model.create({ _id: election, version, freezes }));
        return true;
      } catch (error) {
        if (saysDuplicate((error as Error).cause)) return false;
        throw error;
      }
    },
    close: () => connection.close(),
  };
}
