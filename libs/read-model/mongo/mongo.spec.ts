import { afterAll, beforeAll } from '@jest/globals';
import { type TestMongo, testMongo } from '../../../test/services/mongo-wire.ts';
import { readModelContract } from '../contract.ts';
import { openMongoModels } from './index.ts';

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await testMongo();
});
afterAll(() => mongo.stop());

readModelContract('MongoDB', { viewsStandStill: false }, async () => {
  const options = { uri: mongo.uri, database: mongo.database() };
  return {
    open: () => openMongoModels(options),
    dispose: () => mongo.drop(options.database),
  };
});
