import { describe, expect, it } from '@jest/globals';
import { mongoEnvironment, mongoOptions } from './environment.ts';

describe('the environment', () => {
  it('says which MongoDB is used', () => {
    const uri = 'mongodb://user:secret@a:27017,b:27017/?replicaSet=rs0&tls=true';
    expect(mongoOptions(mongoEnvironment.parse({ MONGODB_URI: uri }))).toEqual({
      uri,
      database: 'tally',
      selectionTimeoutMs: 10_000,
      answerTimeoutMs: 30_000,
    });
    const given = {
      MONGODB_URI: 'mongodb+srv://cluster.example',
      MONGODB_DATABASE: 'rehearsal',
      MONGODB_SELECTION_TIMEOUT_MS: '5000',
      MONGODB_ANSWER_TIMEOUT_MS: '7000',
    };
    expect(mongoOptions(mongoEnvironment.parse(given))).toMatchObject({
      database: 'rehearsal',
      selectionTimeoutMs: 5_000,
      answerTimeoutMs: 7_000,
    });
  });

  it.each([
    ['MONGODB_URI', undefined],
    ['MONGODB_URI', 'http://localhost'],
    ['MONGODB_DATABASE', 'a.b'],
    ['MONGODB_DATABASE', ''],
    ['MONGODB_ANSWER_TIMEOUT_MS', 'soon'],
    ['MONGODB_SELECTION_TIMEOUT_MS', '1'],
  ])('is refused where %s is %s', (name, value) => {
    const found = mongoEnvironment.safeParse({ MONGODB_URI: 'mongodb://a', [name]: value });
    expect(found.error?.issues.map(({ path }) => path)).toEqual([[name]]);
  });
});
