/** Versions of a model: made, listed, switched, dropped. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ModelError, type ReadModels } from '../port.ts';
import {
  at,
  attempt,
  batchOf,
  ELECTION,
  FOLD,
  LENGTH,
  type MakeHarness,
  type ReadModelHarness,
  SHARDS,
} from './sample.contract.ts';

export function versionsContract(makeHarness: MakeHarness): void {
  let harness: ReadModelHarness;
  let models: ReadModels;

  beforeEach(async () => {
    harness = await makeHarness();
    models = await harness.open();
  });
  afterEach(async () => {
    await models.close();
    await harness.dispose();
  });

  describe('versions', () => {
    it('are none at first', async () => {
      expect(await models.pointer(ELECTION)).toBeUndefined();
      expect(await models.open(ELECTION, 1)).toBeUndefined();
    });

    it('begin with 1, which is current; later ones are listed beside it', async () => {
      expect(await models.create(ELECTION, SHARDS, '1')).toMatchObject({
        election: ELECTION,
        version: 1,
        shards: SHARDS,
      });
      expect(await models.create(ELECTION, SHARDS, '2')).toMatchObject({
        election: ELECTION,
        version: 2,
        shards: SHARDS,
      });
      expect(await models.pointer(ELECTION)).toEqual({ current: 1, versions: [1, 2], fold: '1' });
      expect((await models.create('another', 1, '1')).version).toBe(1);
    });

    it('are told apart when they are made at once', async () => {
      const made = await Promise.all([1, 2, 3].map(() => models.create(ELECTION, SHARDS, FOLD)));
      expect(made.map(({ version }) => version).sort()).toEqual([1, 2, 3]);
      expect((await models.pointer(ELECTION))?.versions).toEqual([1, 2, 3]);
    });

    it('are ensured: the current one where its fold is that one, else a new one in its place', async () => {
      const first = await models.ensure(ELECTION, SHARDS, '1');
      expect(first).toMatchObject({ election: ELECTION, version: 1, shards: SHARDS });
      await first.write({ shard: 0, checkpoint: { from: 0, to: at(3) } });
      const again = await models.ensure(ELECTION, SHARDS, '1');
      expect(again.version).toBe(1);
      expect((await again.checkpoint(0)).offset).toBe(3);
      const newer = await models.ensure(ELECTION, SHARDS, '2');
      expect((await newer.checkpoint(0)).offset).toBe(0);
      const pointer = await models.pointer(ELECTION);
      expect(pointer).toMatchObject({ current: newer.version, fold: '2' });
      expect(pointer?.versions).toContain(1);
    });

    it('are the same for all that ensure them at once', async () => {
      for (const fold of ['1', '2']) {
        const asked = await Promise.all([1, 2, 3, 4].map(() => models.ensure(ELECTION, SHARDS, fold)));
        const [{ version }] = asked as [(typeof asked)[0]];
        expect(asked.map((model) => model.version)).toEqual([version, version, version, version]);
        expect(await models.pointer(ELECTION)).toMatchObject({ current: version, fold });
        expect((await models.ensure(ELECTION, SHARDS, fold)).version).toBe(version);
      }
      expect((await models.pointer(ELECTION))?.versions).toHaveLength(2);
    });

    it('beside the current one are abandoned once nobody has touched them for so long', async () => {
      expect(await models.abandoned(ELECTION, 0)).toEqual([]);
      for (const fold of ['1', '2', '3']) await models.create(ELECTION, SHARDS, fold);
      expect(await models.abandoned(ELECTION, 60_000)).toEqual([]);
      expect(await models.touch(ELECTION, 2)).toBe(true);
      while ((await models.abandoned(ELECTION, 1_500)).length < 2) await new Promise(setImmediate);
      expect(await models.abandoned(ELECTION, 1_500)).toEqual([2, 3]);
      expect(await models.touch(ELECTION, 3)).toBe(true);
      expect(await models.abandoned(ELECTION, 1_500)).toEqual([2]);
      expect(await models.switch(ELECTION, 1, 2)).toBe(true);
      // Its readers have time to leave it.
      expect(await models.abandoned(ELECTION, 1_500)).toEqual([]);
      while ((await models.abandoned(ELECTION, 1_500)).length < 2) await new Promise(setImmediate);
      expect(await models.abandoned(ELECTION, 1_500)).toEqual([1, 3]);
      await models.drop(ELECTION, 1);
      expect(await models.abandoned(ELECTION, 1_500)).toEqual([3]);
      expect(await models.touch(ELECTION, 1)).toBe(false);
      expect(await models.touch('unheard-of', 1)).toBe(false);
    });

    it('keep their documents apart', async () => {
      const [one, two] = [await models.create(ELECTION, SHARDS, FOLD), await models.create(ELECTION, SHARDS, FOLD)];
      await one.write({ shard: 0, attempts: [attempt(0, 0)], checkpoint: { from: 0, to: at(1) } });
      expect((await two.checkpoint(0)).offset).toBe(0);
      const snapshot = await two.snapshot();
      expect(await snapshot.attempt(0, 0)).toBeUndefined();
      snapshot.close();
    });

    it('are switched only from the one that is current', async () => {
      for (const fold of ['1', '2', '3']) await models.create(ELECTION, SHARDS, fold);
      expect(await models.switch(ELECTION, 2, 3)).toBe(false);
      expect((await models.pointer(ELECTION))?.current).toBe(1);
      expect(await models.switch(ELECTION, 1, 2)).toBe(true);
      expect(await models.switch(ELECTION, 1, 3)).toBe(false);
      expect(await models.pointer(ELECTION)).toEqual({ current: 2, versions: [1, 2, 3], fold: '2' });
      expect(await models.switch(ELECTION, 2, 9)).toBe(false);
      expect(await models.switch('unheard-of', 1, 2)).toBe(false);
    });

    it('are switched by one of those who try at once', async () => {
      for (const fold of ['1', '2', '3']) await models.create(ELECTION, SHARDS, fold);
      const switched = await Promise.all([models.switch(ELECTION, 1, 2), models.switch(ELECTION, 1, 3)]);
      expect(switched.filter(Boolean)).toHaveLength(1);
    });

    it('once dropped are gone, and their number is not used again', async () => {
      await models.create(ELECTION, SHARDS, FOLD);
      const dropped = await models.create(ELECTION, SHARDS, FOLD);
      await dropped.write(batchOf(0, 0, LENGTH));
      const view = await dropped.snapshot();
      await models.drop(ELECTION, 2);
      await models.drop(ELECTION, 2);
      expect(await models.pointer(ELECTION)).toEqual({ current: 1, versions: [1], fold: FOLD });
      expect(await models.open(ELECTION, 2)).toBeUndefined();
      await expect(dropped.write({ shard: 0, attempts: [attempt(0, 99)] })).rejects.toMatchObject({
        code: 'model-gone',
      });
      await expect(dropped.snapshot()).rejects.toMatchObject({ code: 'model-gone' });
      await expect(view.sheetsOf('0.0-0')).rejects.toMatchObject({ code: 'model-gone' });
      view.close();
      await expect(dropped.checkpoint(0)).rejects.toMatchObject({ code: 'model-gone' });
      expect((await models.create(ELECTION, SHARDS, FOLD)).version).toBe(3);
    });

    it('that are current are not dropped', async () => {
      const model = await models.create(ELECTION, SHARDS, FOLD);
      await expect(models.drop(ELECTION, 1)).rejects.toBeInstanceOf(ModelError);
      expect((await models.pointer(ELECTION))?.versions).toEqual([1]);
      expect(await model.write({ shard: 0, attempts: [attempt(0, 0)] })).toEqual({ outcome: 'moved' });
    });

    it('are there when the store is opened again', async () => {
      for (const fold of ['1', '2', '3']) await models.create(ELECTION, SHARDS, fold);
      await models.switch(ELECTION, 1, 2);
      await models.drop(ELECTION, 1);
      await models.close();
      models = await harness.open();
      expect(await models.pointer(ELECTION)).toEqual({ current: 2, versions: [2, 3], fold: '2' });
      expect(await models.open(ELECTION, 3)).toMatchObject({ version: 3, shards: SHARDS });
      expect(await models.open(ELECTION, 1)).toBeUndefined();
      expect((await models.create(ELECTION, SHARDS, '4')).version).toBe(4);
    });

    it('are of no use once the models are closed', async () => {
      const model = await models.create(ELECTION, SHARDS, FOLD);
      await models.close();
      const closed = { code: 'model-unavailable' };
      await expect(model.write({ shard: 0 })).rejects.toMatchObject(closed);
      await expect(model.snapshot()).rejects.toMatchObject(closed);
      await expect(models.pointer(ELECTION)).rejects.toMatchObject(closed);
      await expect(models.create(ELECTION, SHARDS, FOLD)).rejects.toMatchObject(closed);
      await expect(models.open(ELECTION, 1)).rejects.toMatchObject(closed);
      await models.close();
    });

    it('have a note of who rebuilds, which one writer changes at a time, and which lasts', async () => {
      expect(await models.rebuildNote(ELECTION)).toBeUndefined();
      const first = await Promise.all(['a', 'b', 'c'].map((text) => models.noteRebuild(ELECTION, 0, text)));
      expect(first.filter(Boolean)).toHaveLength(1);
      expect(await models.noteRebuild(ELECTION, 2, 'from nowhere')).toBe(false);
      expect(await models.noteRebuild(ELECTION, 1, 'Đếm lại')).toBe(true);
      expect(await models.noteRebuild(ELECTION, 1, 'late')).toBe(false);
      await models.close();
      models = await harness.open();
      expect(await models.rebuildNote(ELECTION)).toEqual({ revision: 2, text: 'Đếm lại' });
      expect(await models.rebuildNote('another')).toBeUndefined();
    });
  });
}
