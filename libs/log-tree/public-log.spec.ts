import { expect, it } from '@jest/globals';
import { makeSigningKey, readSigningKey } from '#transparency';
import { type LogTrees, type OwnKeys, PublicLog, TreeError } from './index.ts';

const keys = (): OwnKeys => ({ key: readSigningKey(makeSigningKey())!, rotations: '' });
const noTrees = {} as LogTrees;

it('signs by the present key while a rotation is made, and by the next from then on', async () => {
  const [present, next] = [keys(), keys()];
  let rotated = (_keys: OwnKeys): void => undefined;
  const log = new PublicLog(noTrees, {
    read: async () => present,
    rotate: () => new Promise((resolve) => (rotated = resolve)),
  });
  const rotating = log.rotate('town', 'present');
  expect(await log.key('town')).toBe(present.key);
  rotated(next);
  expect(await rotating).toBe(next);
  expect(await log.key('town')).toBe(next.key);
});

it('refuses a rotation to who asked for it alone', async () => {
  const present = keys();
  const log = new PublicLog(noTrees, {
    read: async () => present,
    rotate: async () => Promise.reject(new TreeError('other-key', 'the key is another now')),
  });
  const refused = expect(log.rotate('town', 'another')).rejects.toMatchObject({ code: 'other-key' });
  expect(await log.key('town')).toBe(present.key);
  await refused;
});
