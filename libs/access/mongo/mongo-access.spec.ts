import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectMongo } from '#read-model/mongo';
import { type TestMongo, testMongo } from '../../../test/services/mongo-wire.ts';
import { accountsContract } from '../contract.ts';
import { freezesContract } from '../freezes-contract.ts';
import { openMongoAccounts, openMongoFreezes } from './index.ts';

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await testMongo();
}, 60_000);
afterAll(() => mongo.stop());

accountsContract('MongoDB', async () => {
  const options = { uri: mongo.uri, database: mongo.database() };
  return {
    open: () => openMongoAccounts(options),
    drop: () => mongo.drop(options.database),
    raw: async () => {
      const connection = await connectMongo(options);
      const stored = await Promise.all(
        ['accounts', 'sessions'].map((name) => connection.collection(name).find().toArray()),
      );
      await connection.close();
      return JSON.stringify(stored);
    },
  };
});

freezesContract('MongoDB', async () => {
  const options = { uri: mongo.uri, database: mongo.database() };
  return { open: () => openMongoFreezes(options), drop: () => mongo.drop(options.database) };
});

it('makes the first account once, though several processes ask at once', async () => {
  const options = { uri: mongo.uri, database: mongo.database() };
  const processes = await Promise.all(Array.from({ length: 4 }, () => openMongoAccounts(options)));
  const made = await Promise.all(processes.map((accounts) => accounts.addFirst({ role: 'manager', unit: null })));
  const [first] = made.filter((one) => one !== null);
  expect(made.filter((one) => one !== null)).toHaveLength(1);
  expect(await processes[0]!.list()).toEqual([first!.account]);
  expect(await processes[1]!.find(first!.token)).toEqual(first!.account);
  await Promise.all(processes.map((accounts) => accounts.close()));
  await mongo.drop(options.database);
});
