/** Views of a model: at one position, whatever is written meanwhile. */
import { describe, expect, it } from '@jest/globals';
import type { SheetDoc, TotalsDoc } from '../port.ts';
import { reading } from './reading.contract.ts';
import { all, at, batchOf, everything, LENGTH, type MakeHarness } from './sample.contract.ts';

export function snapshotContract(makeHarness: MakeHarness, standsStill: boolean): void {
  const store = reading(makeHarness);

  describe('a snapshot', () => {
    const next = (from: number) => ({
      ...batchOf(0, from, from + 10),
      checkpoint: { from, to: at(from + 10) },
    });

    it('sees what was written before it was opened', async () => {
      for (let from = 0; from < LENGTH; from += 10) {
        await store.model.write(next(from));
        expect((await store.snapshot()).position).toEqual([from + 10, 0]);
      }
    });

    const still = async (): Promise<void> => {
      await store.model.write(next(0));
      const [first, alike] = [await store.snapshot(), await store.snapshot()];
      const before = await everything(first);
      const sheets = first.allSheets()[Symbol.asyncIterator]();
      const begun = await sheets.next();
      for (let from = 10; from < LENGTH; from += 10) {
        await store.model.write(next(from));
        expect(first.position).toEqual([10, 0]);
        expect(await everything(first)).toEqual(before);
      }
      const iterated = [begun.value];
      for (let step = await sheets.next(); !step.done; step = await sheets.next()) iterated.push(step.value);
      expect(iterated).toEqual(before.sheets);
      first.close();
      expect(await everything(alike)).toEqual(before);
      expect((await store.snapshot()).position).toEqual([LENGTH, 0]);
    };
    if (standsStill) it('stands still while writing goes on', still);

    it('keeps its position and what lies before it while writing goes on; what has changed is beyond it', async () => {
      await store.model.write(next(0));
      const first = await store.snapshot();
      const look = async () => ({
        documents: [...(await all(first.allSheets())), ...(await all(first.allTotals()))],
        attempts: await all(first.attempts(0, 0, 10)),
        changes: await first.changesOf('root', 'c1', 0, 0, 10),
        states: [await first.stateBefore('root', 'c1', 0, 10), await first.stateBefore('P0', 'c2', 0, 10)],
      });
      const { documents, ...rest } = await look();
      expect(rest.states[0]).toBeDefined();
      for (let from = 10; from < LENGTH; from += 10) {
        await store.model.write(next(from));
        const { documents: now, ...restNow } = await look();
        expect(first.position).toEqual([10, 0]);
        expect(restNow).toEqual(rest);
        const beyond = now.filter(({ offset }) => offset >= 10).map(keyOf);
        const stand = documents.filter((doc) => !beyond.includes(keyOf(doc)));
        expect(now.filter(({ offset }) => offset < 10)).toEqual(stand);
        expect(now.length).toBeGreaterThanOrEqual(documents.length);
      }
      expect((await store.snapshot()).position).toEqual([LENGTH, 0]);
    });

    it('is never torn: its documents are not older than its checkpoints', async () => {
      const writing = (async () => {
        for (let from = 0; from < LENGTH; from += 10) await store.model.write(next(from));
      })();
      let done = false;
      const finished = writing.finally(() => {
        done = true;
      });
      while (!done) {
        const snapshot = await store.model.snapshot();
        const position = snapshot.position[0]!;
        const attempts = await all(snapshot.attempts(0, 0, LENGTH));
        snapshot.close();
        expect(attempts.length).toBeGreaterThanOrEqual(position);
        // A store that answers at once would else leave no room for the writing.
        await new Promise((resolve) => setImmediate(resolve));
      }
      await finished;
    });

    it('may be closed twice', async () => {
      const snapshot = await store.model.snapshot();
      snapshot.close();
      snapshot.close();
    });
  });
}

function keyOf(doc: SheetDoc | TotalsDoc): string {
  return 'unit' in doc ? `${doc.unit}/${doc.contest}/${doc.shard}` : `${doc.station}/${doc.contest}`;
}
