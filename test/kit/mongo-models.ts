/** Read models in MongoDB for specs. */
import { FOLD_VERSION } from '#domain';
import { openMongoModels } from '#read-model/mongo';
import { testMongo } from '../services/mongo-wire.ts';
import type { Store } from './models.ts';

/** A MongoDB data base with read models in it, on a server of its own or the one that is given to tests. */
export async function modelDatabase(): Promise<Store> {
  const mongo = await testMongo();
  const database = mongo.database();
  const models = await openMongoModels({ uri: mongo.uri, database });
  return {
    models,
    model: ({ election, log }) => models.create(election.definition.id, log.shards, FOLD_VERSION),
    async dispose() {
      await models.close();
      await mongo.drop(database);
      await mongo.stop();
    },
  };
}
