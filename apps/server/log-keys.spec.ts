import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { verifierKeyOf } from '#log-tree';
import { formatVerifier, openChain, parseVerifier } from '#transparency';
import { logKeys, rotateLogKey } from './log-keys.ts';

const ID = 'town';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

const present = async (): Promise<string> => verifierKeyOf(ID, await logKeys(folder, ID));
async function keysOfChain(): Promise<number> {
  const keys = await logKeys(folder, ID);
  const opened = openChain(parseVerifier(verifierKeyOf(ID, keys))!, keys.rotations);
  return opened.ok ? opened.chain.length : 0;
}

describe('the key of an election', () => {
  it('is made once, and stays', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, present));
    expect(new Set(all).size).toBe(1);
    expect(await readdir(folder)).toEqual(['town.pem']);
  });

  it('is followed by another that it names, and forgotten', async () => {
    const first = await present();
    const pem = await readFile(join(folder, 'town.pem'), 'utf8');
    const { rotations } = await rotateLogKey(folder, ID, first);
    const second = await present();
    expect(second).not.toBe(first);
    expect(rotations).toContain(`from ${first}\nto ${second}\n\n`);
    expect(await readFile(join(folder, 'town.pem'), 'utf8')).not.toContain(pem.split('\n')[1]);
    expect((await stat(join(folder, 'town.1.pem'))).mode & 0o077).toBe(0);
    await rotateLogKey(folder, ID, second);
    expect(await keysOfChain()).toBe(3);
  });

  it('is not rotated by who takes another one for the present', async () => {
    const first = await present();
    await rotateLogKey(folder, ID, first);
    await expect(rotateLogKey(folder, ID, first)).rejects.toMatchObject({ code: 'other-key' });
    expect(await keysOfChain()).toBe(2);
  });

  it('is rotated once by many at once', async () => {
    const first = await present();
    const done = await Promise.allSettled(Array.from({ length: 6 }, () => rotateLogKey(folder, ID, first)));
    for (const one of done)
      expect(one).toMatchObject(one.status === 'fulfilled' ? {} : { reason: { code: 'other-key' } });
    expect(done.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await keysOfChain()).toBe(2);
  });

  it('is one chain, with all that anybody was told, where many rotate it again and again', async () => {
    const told: string[] = [];
    const rotating = Array.from({ length: 5 }, async () => {
      for (let round = 0; round < 10; round += 1)
        try {
          told.push(verifierKeyOf(ID, await rotateLogKey(folder, ID, await present())));
        } catch (error) {
          expect(error).toMatchObject({ code: 'other-key' });
        }
    });
    await Promise.all(rotating);
    const keys = await logKeys(folder, ID);
    const opened = openChain(parseVerifier(verifierKeyOf(ID, keys))!, keys.rotations);
    const chain = opened.ok ? opened.chain.map((one) => formatVerifier(one)) : [];
    expect(chain).toEqual(expect.arrayContaining(told));
    // Whoever was refused had lost to another one: each round of each was a rotation.
    expect(chain.length).toBeGreaterThan(10);
  });

  it.each([
    ['before the rotation counts', ['town.1.rotation'], false],
    ['before the key is forgotten', [], true],
  ])('goes on where a rotation was interrupted %s', async (_when, lost, isRotated) => {
    const first = await present();
    const pem = await readFile(join(folder, 'town.pem'), 'utf8');
    await rotateLogKey(folder, ID, first);
    const second = await present();
    for (const name of lost) await rm(join(folder, name));
    await writeFile(join(folder, 'town.pem'), pem);
    expect(await present()).toBe(isRotated ? second : first);
    if (!isRotated) await rotateLogKey(folder, ID, first);
    expect(await present()).toBe(second);
  });

  it('signs nothing where the rotations do not lead to it', async () => {
    await rotateLogKey(folder, ID, await present());
    const path = join(folder, 'town.1.rotation');
    const note = await readFile(path, 'utf8');
    await writeFile(path, note.replace('tally/town/rotation\n', 'tally/town/rotatioN\n'));
    await expect(logKeys(folder, ID)).rejects.toThrow(/rotation 1/);
  });
});
