import { afterAll, beforeAll } from '@jest/globals';
import { type TestMongo, testMongo } from '../../../test/services/mongo-wire.ts';
import { logTreeContract } from '../contract.ts';
import { openMongoTrees } from './index.ts';

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await testMongo();
});
afterAll(() => mongo.stop());

logTreeContract('MongoDB', async () => {
  const options = { uri: mongo.uri, database: mongo.database() };
  return { open: () => openMongoTrees(options), dispose: () => mongo.drop(options.database) };
});
