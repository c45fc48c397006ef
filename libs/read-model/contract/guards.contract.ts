/** Writing: whatever comes in whatever order, the documents are a function of the log. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AT_START, type ModelBatch, type ReadModel, type ReadModels } from '../port.ts';
import {
  accepted,
  all,
  at,
  attempt,
  batchOf,
  ELECTION,
  everything,
  FOLD,
  LENGTH,
  type MakeHarness,
  note,
  part,
  placeOf,
  type ReadModelHarness,
  SHARDS,
  sheet,
} from './sample.contract.ts';

export function guardsContract(makeHarness: MakeHarness): void {
  let harness: ReadModelHarness;
  let models: ReadModels;
  let model: ReadModel;

  beforeEach(async () => {
    harness = await makeHarness();
    models = await harness.open();
    model = await models.create(ELECTION, SHARDS, FOLD);
  });
  afterEach(async () => {
    await models.close();
    await harness.dispose();
  });

  const look = async (of: ReadModel) => {
    const snapshot = await of.snapshot();
    try {
      return await everything(snapshot);
    } finally {
      snapshot.close();
    }
  };

  const reference = async () => {
    const straight = await models.create(ELECTION, SHARDS, FOLD);
    for (let shard = 0; shard < SHARDS; shard += 1) await straight.write(batchOf(shard, 0, LENGTH));
    return look(straight);
  };

  describe('guards', () => {
    it('let a sheet and a total give way only to one of a larger offset', async () => {
      const [s, c] = ['0.0-0', 'c1'];
      for (const offset of [5, 3, 5, 9, 8])
        await model.write({
          shard: 0,
          sheets: [sheet(0, offset, s, c, offset)],
          totals: [part('root', c, 0, offset, offset)],
        });
      const snapshot = await model.snapshot();
      expect(await snapshot.sheet(s, c)).toEqual(sheet(0, 9, s, c, 9));
      expect(await snapshot.totals('root', c)).toEqual([part('root', c, 0, 9, 9)]);
      snapshot.close();
    });

    it('also hold within one batch', async () => {
      const [s, c] = ['0.0-0', 'c1'];
      const offsets = [2, 7, 4];
      await model.write({
        shard: 0,
        sheets: offsets.map((offset) => sheet(0, offset, s, c, offset)),
        totals: offsets.map((offset) => part('root', c, 0, offset, offset)),
      });
      const snapshot = await model.snapshot();
      expect((await snapshot.sheet(s, c))?.offset).toBe(7);
      expect((await snapshot.totals('root', c)).map(placeOf)).toEqual(['0:7']);
      snapshot.close();
    });

    it('keep attempts, notes and states as they were written first', async () => {
      const first = accepted(0, 4, '0.0-0', 'c1', 1);
      const state = part('root', 'c1', 0, 4, 3, 1);
      const opening = note('contest.reopened', 'c1', 0, 4);
      await model.write({ shard: 0, attempts: [first], notes: [opening], states: [state] });
      await model.write({
        shard: 0,
        attempts: [attempt(0, 3), accepted(0, 4, '0.1-0', 'c2', 2), attempt(0, 5)],
        notes: [{ ...opening, logTime: 1 }],
        states: [part('root', 'c1', 0, 4, 3, 2)],
      });
      const snapshot = await model.snapshot();
      expect(await all(snapshot.attempts(0, 0, 10))).toEqual([attempt(0, 3), first, attempt(0, 5)]);
      expect(await snapshot.attemptsOn('0.1-0', 'c2')).toEqual([]);
      expect(await snapshot.changesOf('root', 'c2', 0, 0, 10)).toEqual([]);
      expect(await snapshot.notes('contest.reopened')).toEqual([opening]);
      expect(await snapshot.statesOf('root', 'c1', 0)).toEqual([state]);
      snapshot.close();
    });

    it('make the same model of the same history, in any pieces, order and number of times', async () => {
      const expected = await reference();
      const piece = fc.record({
        shard: fc.integer({ min: 0, max: SHARDS - 1 }),
        from: fc.integer({ min: 0, max: LENGTH - 1 }),
        length: fc.integer({ min: 1, max: LENGTH }),
        // Which writes got through before the crash: attempts, + sheets, + totals and states.
        parts: fc.constantFrom(1, 2, 3),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(piece, { maxLength: 8 }),
          fc.array(piece, { maxLength: 3 }),
          async (before, after) => {
            const mixed = await models.create(ELECTION, SHARDS, FOLD);
            for (const one of before) await mixed.write(pieceOf(one));
            for (let shard = 0; shard < SHARDS; shard += 1)
              await Promise.all([
                mixed.write(batchOf(shard, LENGTH / 2, LENGTH)),
                mixed.write(batchOf(shard, 0, LENGTH / 2)),
              ]);
            for (const one of after) await mixed.write(pieceOf(one));
            expect(await look(mixed)).toEqual(expected);
            await models.drop(ELECTION, mixed.version);
          },
        ),
        { numRuns: 30 },
      );
    }, 240_000);

    it('make the same model when a worker starts anew after each of the partial writes', async () => {
      const expected = await reference();
      for (const parts of [1, 2, 3, 4]) {
        const crashed = await models.create(ELECTION, SHARDS, FOLD);
        for (let shard = 0; shard < SHARDS; shard += 1)
          for (let from = 0; from < LENGTH; from += 20) {
            const checkpoint = { from, to: at(from + 20) };
            const batch = pieceOf({ shard, from, length: 20, parts });
            expect(await crashed.write(parts === 4 ? { ...batch, checkpoint } : batch)).toEqual({ outcome: 'moved' });
            expect(await crashed.checkpoint(shard)).toEqual(
              parts === 4 ? checkpoint.to : from === 0 ? AT_START : at(from),
            );
            expect(await crashed.write({ ...batchOf(shard, from, from + 20), checkpoint })).toEqual({
              outcome: 'moved',
            });
          }
        expect(await look(crashed)).toEqual(expected);
      }
    });
  });

  describe('the checkpoint', () => {
    it('is 0 at first', async () => {
      expect(await model.checkpoint(0)).toEqual(AT_START);
    });

    it('moves from where the worker knows it to be', async () => {
      expect(await model.write({ shard: 0, checkpoint: { from: 0, to: at(10) } })).toEqual({ outcome: 'moved' });
      expect(await model.write({ shard: 0, checkpoint: { from: 10, to: at(25) } })).toEqual({ outcome: 'moved' });
      expect(await model.checkpoint(0)).toEqual(at(25));
      expect(await model.checkpoint(1)).toEqual(AT_START);
    });

    it('moves from anywhere between, and counts as moved where it already is', async () => {
      await model.write({ shard: 0, checkpoint: { from: 0, to: at(10) } });
      expect(await model.write({ shard: 0, checkpoint: { from: 5, to: at(20) } })).toEqual({ outcome: 'moved' });
      expect(await model.write({ shard: 0, checkpoint: { from: 10, to: at(20) } })).toEqual({ outcome: 'moved' });
      expect(await model.checkpoint(0)).toEqual(at(20));
    });

    it('never goes back: another worker is further', async () => {
      await model.write({ shard: 0, checkpoint: { from: 0, to: at(30) } });
      expect(await model.write({ shard: 0, checkpoint: { from: 10, to: at(20) } })).toEqual({
        outcome: 'ahead',
        at: 30,
      });
      expect(await model.checkpoint(0)).toEqual(at(30));
    });

    it('tells a worker that the store is behind, and then changes nothing', async () => {
      await model.write({ ...batchOf(0, 0, 10), checkpoint: { from: 0, to: at(10) } });
      const before = await look(model);
      const late: ModelBatch = { ...batchOf(0, 20, 30), checkpoint: { from: 20, to: at(30) } };
      expect(await model.write(late)).toEqual({ outcome: 'behind', at: 10 });
      expect(await model.checkpoint(0)).toEqual(at(10));
      expect(await look(model)).toEqual(before);
    });

    it('of one shard is its own, also when batches are written at once', async () => {
      const outcomes = await Promise.all([
        model.write({ ...batchOf(0, 0, 20), checkpoint: { from: 0, to: at(20) } }),
        model.write({ ...batchOf(1, 0, 30), checkpoint: { from: 0, to: at(30) } }),
        model.write({ ...batchOf(0, 20, 40), checkpoint: { from: 20, to: at(40) } }),
        model.write({ ...batchOf(1, 50, 60), checkpoint: { from: 50, to: at(60) } }),
      ]);
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['moved', 'moved', 'moved', 'behind']);
      const snapshot = await model.snapshot();
      expect(snapshot.checkpoints).toEqual([at(40), at(30)]);
      expect(snapshot.position).toEqual([40, 30]);
      expect(await snapshot.attempt(1, 55)).toBeUndefined();
      snapshot.close();
    });

    it('is kept with the documents when the store is opened again', async () => {
      for (let shard = 0; shard < SHARDS; shard += 1)
        await model.write({ ...batchOf(shard, 0, 40), checkpoint: { from: 0, to: at(40) } });
      const before = await look(model);
      await models.close();
      models = await harness.open();
      model = (await models.open(ELECTION, 1))!;
      expect(await model.checkpoint(1)).toEqual(at(40));
      expect(await look(model)).toEqual(before);
      expect(await model.write({ ...batchOf(0, 40, 60), checkpoint: { from: 40, to: at(60) } })).toEqual({
        outcome: 'moved',
      });
      expect(await model.write({ ...batchOf(1, 40, 60), checkpoint: { from: 40, to: at(60) } })).toEqual({
        outcome: 'moved',
      });
      expect(await look(model)).toEqual(await reference());
    });
  });
}

function pieceOf(piece: { shard: number; from: number; length: number; parts: number }): ModelBatch {
  const { shard, from, length, parts } = piece;
  const { attempts, notes, sheets, totals, states } = batchOf(shard, from, Math.min(LENGTH, from + length));
  return {
    shard,
    attempts,
    notes,
    ...(parts >= 2 && { sheets }),
    ...(parts >= 3 && { totals, states }),
  };
}
