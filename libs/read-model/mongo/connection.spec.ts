import { describe, expect, it } from '@jest/globals';
import { mongo } from 'mongoose';
import { ModelError } from '../port.ts';
import { errorOf } from './connection.ts';

describe('an error of the driver', () => {
  it.each([
    ['of its own', new mongo.MongoNetworkError('connection 3 closed')],
    [
      'that a socket gave it',
      Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'write' }),
    ],
  ])('%s says that the store is not available', (_, error) => {
    const said = errorOf(error);
    expect(said).toBeInstanceOf(ModelError);
    expect(said).toMatchObject({ code: 'model-unavailable', message: `MongoDB: ${error.message}`, cause: error });
  });

  it('that is ours stays as it is', () => {
    const ours = new TypeError('x is not a function');
    expect(errorOf(ours)).toBe(ours);
  });
});
