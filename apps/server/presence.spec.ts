import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectMongo } from '#read-model/mongo';
import { electionOf, town } from '../../test/kit/elections.ts';
import { type TestMongo, testMongo } from '../../test/services/mongo-wire.ts';
import { openPresence } from './presence.ts';

const election = electionOf(town());
const { id } = election.definition;

let mongo: TestMongo;
beforeAll(async () => {
  mongo = await testMongo();
}, 60_000);
afterAll(() => mongo.stop());

const fails = (error: unknown): void => {
  if (error) throw error;
};

describe('processes of a cluster', () => {
  it('are heard of with what they hold, until they take leave; one that was killed stays as it was last heard of', async () => {
    const options = { uri: mongo.uri, database: mongo.database() };
    const connection = await connectMongo(options);
    const hour = 3_600_000;
    const left = (name: string, agoMs: number) => ({
      _id: name as never,
      role: 'gateway',
      startedAt: new Date(Date.now() - 2 * hour),
      heardAt: new Date(Date.now() - agoMs),
      shards: [],
      clients: 7,
    });
    await connection.collection('processes').insertMany([left('killed:1', 60_000), left('long-ago:1', 2 * hour)]);
    const shards = (): string[] => [`${id}/0`, `${id}/1`, 'another/5'];
    const projector = await openPresence(options, { role: 'projector', shards }, fails);
    const looking = await openPresence(options, null, fails);
    const found = await looking.list(election);
    expect(found.map(({ role, shards, clients }) => [role, shards, clients])).toEqual([
      ['gateway', [], 7],
      ['projector', [0, 1], null],
    ]);
    expect(found[0]!.id).toBe('killed:1');
    expect(Date.now() - found[1]!.heardAt.getTime()).toBeLessThan(60_000);
    await projector.close();
    expect((await looking.list(election)).map((one) => one.id)).toEqual(['killed:1']);
    await looking.close();
    await connection.close();
    await mongo.drop(options.database);
  });
});
