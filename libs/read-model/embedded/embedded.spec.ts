import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readModelContract } from '../contract.ts';
import type { ModelSnapshot, ReadModels } from '../port.ts';
import { openEmbeddedModels } from './index.ts';
import { countingBatch, faultsOf } from './testing/counting.ts';

readModelContract('embedded (lmdb)', { viewsStandStill: true }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-'));
  return {
    open: () => openEmbeddedModels(folder),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('embedded read models', () => {
  let folder: string;
  let models: ReadModels;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-'));
    models = await openEmbeddedModels(folder);
  });
  afterEach(async () => {
    await models.close();
    await rm(folder, { recursive: true });
  });

  it('open and close ten thousand snapshots without using up readers', async () => {
    const model = await models.create('demo', 2, '1');
    const open: ModelSnapshot[] = [];
    for (let i = 0; i < 10_000; i += 1) {
      // Every fifth snapshot sees another state, so that a leak would use up lmdb's 1,024 places for readers.
      if (i % 5 === 0) await model.write(countingBatch(0, i / 5, i / 5 + 1));
      open.push(await model.snapshot());
      if (open.length > 50) open.shift()!.close();
    }
    for (const snapshot of open) {
      expect(await snapshot.attempt(0, snapshot.position[0]! - 1)).toBeDefined();
      snapshot.close();
    }
  });

  it('refuse to read from a snapshot that is closed', async () => {
    const model = await models.create('demo', 2, '1');
    const snapshot = await model.snapshot();
    snapshot.close();
    const closed = { code: 'model-unavailable' };
    await expect(snapshot.sheet('s', 'c')).rejects.toMatchObject(closed);
    await expect(snapshot.attempts(0, 0, 1)[Symbol.asyncIterator]().next()).rejects.toMatchObject(closed);
    await expect(snapshot.allSheets()[Symbol.asyncIterator]().next()).rejects.toMatchObject(closed);
  });

  it('write nothing of a batch that holds what can not be written', async () => {
    const model = await models.create('demo', 2, '1');
    const { attempts = [], ...rest } = countingBatch(0, 0, 10);
    const broken = { ...attempts[9]!, revision: -1 };
    await expect(model.write({ ...rest, attempts: [...attempts.slice(0, 9), broken] })).rejects.toThrow(RangeError);
    expect(await model.write(countingBatch(0, 0, 10))).toEqual({ outcome: 'moved' });
    expect(await model.write(countingBatch(1, 0, 5))).toEqual({ outcome: 'moved' });
    const backwards = [
      { ...attempts[0]!, offset: 20 },
      { ...broken, offset: 19 },
    ];
    await expect(model.write({ shard: 0, attempts: backwards })).rejects.toThrow(RangeError);
    const snapshot = await model.snapshot();
    expect(await faultsOf(snapshot)).toEqual([]);
    snapshot.close();
  });

  it('take versions made by an earlier process for abandoned at once', async () => {
    for (let i = 0; i < 3; i += 1) await models.create('demo', 2, '1');
    expect(await models.abandoned('demo', 60_000)).toEqual([]);
    await models.close();
    models = await openEmbeddedModels(folder);
    expect(await models.abandoned('demo', 60_000)).toEqual([2, 3]);
    expect(await models.touch('demo', 2)).toBe(true);
    expect(await models.abandoned('demo', 60_000)).toEqual([3]);
  });

  it('give the room of a dropped version back', async () => {
    await models.create('demo', 2, '1');
    const dropped = await models.create('demo', 2, '1');
    await dropped.write(countingBatch(0, 0, 3_000));
    const path = join(folder, 'model', 'demo', 'v2');
    expect(statSync(join(path, 'data.mdb')).size).toBeGreaterThan(500_000);
    await models.drop('demo', 2);
    expect(existsSync(path)).toBe(false);
    mkdirSync(path);
    await models.close();
    models = await openEmbeddedModels(folder);
    expect(readdirSync(join(folder, 'model', 'demo'))).toEqual(['v1']);
  });

  it('begin anew where documents are stored in another format', async () => {
    await (await models.create('demo', 2, '1')).write(countingBatch(0, 0, 10));
    await models.close();
    writeFileSync(join(folder, 'model', 'demo', 'v1', 'format'), 'of old');
    models = await openEmbeddedModels(folder);
    expect((await (await models.open('demo', 1))!.checkpoint(0)).offset).toBe(0);
  });

  it('begin anew where the machine went down on an unsynced model, and only there', async () => {
    const write = async (version: number) => (await models.open('demo', version))!.write(countingBatch(0, 0, 10));
    await models.create('demo', 2, '1');
    await models.create('demo', 2, '1');
    await write(1);
    await write(2);
    await models.close();
    const unsynced = join(folder, 'model', 'demo', 'v2', 'unsynced');
    expect(existsSync(unsynced)).toBe(false);
    writeFileSync(unsynced, 'another start of the machine');
    models = await openEmbeddedModels(folder);
    expect((await (await models.open('demo', 1))!.checkpoint(0)).offset).toBe(10);
    expect((await (await models.open('demo', 2))!.checkpoint(0)).offset).toBe(0);
    expect(await write(2)).toEqual({ outcome: 'moved' });
    expect(readdirSync(join(folder, 'model', 'demo')).sort()).toEqual(['v1', 'v2']);
  });
});
