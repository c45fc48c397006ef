import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { type TestMongo, testMongo } from '../../../test/services/mongo-wire.ts';
import { accountsContract } from '../contract.ts';
import { openMongoAccounts } from './index.ts';

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await testMongo();
});
afterAll(() => mongo.stop());

accountsContract('MongoDB', async () => {
  const database = mongo.database();
  return {
    open: () => openMongoAccounts({ uri: mongo.uri, database }),
    drop: () => mongo.drop(database),
    async raw() {
      const connection = await mongoose.createConnection(mongo.uri, { dbName: database }).asPromise();
      const stored = await connection.collection('accounts').find().toArray();
      await connection.destroy();
      expect(stored.length).toBeGreaterThan(0);
      return JSON.stringify(stored);
    },
  };
});

describe('accounts in MongoDB', () => {
  it('are the same for every process: what one adds another finds, what one revokes another refuses', async () => {
    const database = mongo.database();
    const [one, other] = await Promise.all([1, 2].map(() => openMongoAccounts({ uri: mongo.uri, database })));
    const { account, token } = await one!.add({ role: 'verifier', unit: 'c-1', name: 'Bàn 4' });
    expect(await other!.find(token)).toEqual(account);
    expect(await other!.revoke(account.id)).toBe(true);
    expect(await one!.find(token)).toBeUndefined();
    await Promise.all([one!.close(), other!.close()]);
    await mongo.drop(database);
  });

  it('say so where no server is, in bounded time', async () => {
    const nowhere = { uri: 'mongodb://127.0.0.1:1', database: 'x', selectionTimeoutMs: 200 };
    await expect(openMongoAccounts(nowhere)).rejects.toMatchObject({ code: 'model-unavailable' });
  });
});
