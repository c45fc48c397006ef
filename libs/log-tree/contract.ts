/**
 * What every adapter of the trees promises, as a suite, with the tree of a shard growing in it: for all batch edges and
 * all points at which a process can die, the tree is that of the log.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LogRecord } from '#event-log';
import { entryOf, type Hash, leafHash, rootOver, TILE_WIDTH, tilePath } from '#transparency';
import { electionOf, province } from '../../test/kit/elections.ts';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import { hex, tilesOf } from '../transparency/testing/trees.ts';
import type { ElectionTree, Growth, LogTrees } from './port.ts';
import { ShardTree } from './shard-tree.ts';
import { TreeReads } from './tree-reads.ts';

export interface TreesHarness {
  open(): Promise<LogTrees>;
  dispose(): Promise<void>;
}

const SIZE = 1_100;
const election = electionOf(province({ shards: 1 }));
const log = new MemoryLog('demo', 1);
for (let i = 0; i < SIZE; i += 1) log.add({ shard: 0, key: 'P', value: Buffer.from(`{"record":${i}}`) });
let records: LogRecord[];
let leaves: Hash[];

export function logTreeContract(name: string, makeHarness: () => Promise<TreesHarness>): void {
  describe(`log trees: ${name}`, () => {
    let harness: TreesHarness;
    let trees: LogTrees;
    let next = 0;
    beforeAll(async () => {
      harness = await makeHarness();
      trees = await harness.open();
      records = await log.read(0, 0, { maxRecords: SIZE });
      leaves = records.map(({ value }) => leafHash(entryOf(value)));
    });
    afterAll(async () => {
      await trees.close();
      await harness.dispose();
    });

    /** The trees of an election of a test's own. */
    function fresh(): ElectionTree {
      next += 1;
      return trees.of(`demo-${next}`);
    }

    function growing(store: ElectionTree, faults: Error[] = []): ShardTree {
      const onFault = (error: Error | null): void => void (error && faults.push(error));
      return new ShardTree({ election, log, shard: 0, store, everyMs: 1, onFault });
    }

    it('has nothing before anything came', async () => {
      const store = fresh();
      expect(await store.edge(0)).toEqual({ size: 0, levels: [] });
      expect(await store.tile(0, 0, 0)).toBeUndefined();
      expect(await store.heads(3)).toEqual([]);
      expect(await store.recordKeys()).toEqual([]);
    });

    it('is the same for all batch edges and all points at which its process dies', async () => {
      const step = fc.record({
        count: fc.integer({ min: 0, max: 400 }),
        end: fc.constantFrom('go on', 'close', 'die'),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
          const store = fresh();
          let tree = growing(store);
          await tree.begin(0);
          let at = 0;
          for (const { count, end } of steps) {
            tree.add(records.slice(at, at + count), () => false);
            at = Math.min(SIZE, at + count);
            if (end === 'go on') continue;
            if (end === 'close') await tree.close();
            // A dead process does not end its work either: what it had in memory is left behind.
            tree = growing(store);
            await tree.begin(at);
          }
          await tree.close();
          await expectTree(store, at);
        }),
        { numRuns: 25 },
      );
    });

    it('is grown by two at once, of which one is behind', async () => {
      const store = fresh();
      const [one, other] = [growing(store), growing(store)];
      await Promise.all([one.begin(0), other.begin(0)]);
      for (let at = 0; at < SIZE; at += 100) {
        one.add(records.slice(at, at + 100), () => false);
        if (at % 300 === 0) await one.begin(at);
      }
      other.add(records.slice(0, 700), () => false);
      await Promise.all([one.begin(SIZE), other.begin(700)]);
      await Promise.all([one.close(), other.close()]);
      await expectTree(store, SIZE);
    });

    it('says whether a growth goes on from where the tree is', async () => {
      const store = fresh();
      const growth = (from: number, size: number): Growth => ({
        shard: 0,
        from,
        tiles: [],
        recordKeys: [],
        edge: { size, levels: [Buffer.concat(leaves.slice(0, size))] },
      });
      expect(await store.grow(growth(5, 7))).toBe('behind');
      expect(await store.grow(growth(0, 5))).toBe('grown');
      expect(await store.grow(growth(0, 5))).toBe('grown');
      expect(await store.grow(growth(0, 3))).toBe('ahead');
      expect(await store.grow(growth(5, 9))).toBe('grown');
      expect(await store.grow(growth(5, 7))).toBe('ahead');
      expect((await store.edge(0)).size).toBe(9);
    });

    it('tells of records that lie under another key, and of a log that is another one', async () => {
      const store = fresh();
      await store.grow({
        shard: 0,
        from: 0,
        tiles: [],
        recordKeys: [{ shard: 0, offset: 1, key: 'x' }],
        edge: { size: 2, levels: [Buffer.concat([leaves[0]!, leaves[2]!])] },
      });
      expect(await store.recordKeys()).toEqual([{ shard: 0, offset: 1, key: 'x' }]);
      const faults: Error[] = [];
      const tree = growing(store, faults);
      await tree.begin(10);
      expect(faults).toMatchObject([{ code: 'other-log' }]);
      await tree.close();
      expect((await store.edge(0)).size).toBe(2);
    });

    it('keeps heads, the newest first, each once', async () => {
      const store = fresh();
      const head = (events: number, hasFingerprint: boolean, note = 'a note\n') => ({
        events,
        hasFingerprint,
        time: '2021-05-23T12:00:00.000Z',
        note,
      });
      for (const one of [head(9, false), head(200, true), head(200, false), head(9, false, 'another\n')])
        await store.keepHead(one);
      expect(await store.heads(9)).toEqual([head(200, true), head(200, false), head(9, false)]);
      expect(await store.heads(1)).toEqual([head(200, true)]);
    });

    it('keeps the last cosignature of each witness', async () => {
      const store = fresh();
      const of = (witness: string, size: number, shard = 1) => ({
        shard,
        witness,
        size,
        line: `— ${witness} ${size}\n`,
      });
      expect(await store.cosignatures(1)).toEqual([]);
      for (const one of [of('w2', 7), of('w1', 9), of('w2', 12), of('w2', 8), of('w1', 3, 0), of('w1', 4, 10)])
        await store.keepCosignature(one);
      await store.keepCosignature({ ...of('w1', 9), line: 'another\n' });
      expect(await store.cosignatures(1)).toEqual([of('w1', 9), of('w2', 12)]);
      expect(await store.cosignatures(0)).toEqual([of('w1', 3, 0)]);
      await Promise.all([30, 20, 40, 10].map((size) => store.keepCosignature(of('w1', size))));
      expect(await store.cosignatures(1)).toEqual([of('w1', 40), of('w2', 12)]);
      expect(await store.heads(9)).toEqual([]);
    });
  });
}

/** The tree of the first records, with every tile that it must have, and every root on the way. */
async function expectTree(store: ElectionTree, size: number): Promise<void> {
  const reads = await TreeReads.open(store, 0);
  expect(reads.size).toBe(size);
  for (const [path, bytes] of tilesOf(leaves.slice(0, size))) {
    const [, level, index, width] = /^tile\/(\d+)\/(\d+)(?:\.p\/(\d+))?$/.exec(path) ?? [];
    const place = { level: Number(level), index: Number(index), width: width ? Number(width) : TILE_WIDTH };
    expect(tilePath(place)).toBe(path);
    expect(hex((await reads.tile(place)) ?? Buffer.alloc(0))).toBe(hex(bytes));
  }
  for (const at of new Set([0, size >> 1, size]))
    expect(hex((await reads.head(at)).root)).toBe(hex(rootOver(leaves.slice(0, at))));
}
