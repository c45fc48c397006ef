/** What child processes of specs write: at every offset of a shard a sheet is accepted, so that a reader knows what to find. */

import { accepted, all, at, part, sheet } from '../../contract/sample.contract.ts';
import type { ModelBatch, ModelSnapshot } from '../../port.ts';

export const SHARDS = 2;
const STATIONS = 50;

const stationAt = (shard: number, offset: number) => `${shard}.0-${offset % STATIONS}`;

/** The batch that folds offsets from `from` up to, not including, `to`. */
export function countingBatch(shard: number, from: number, to: number): ModelBatch {
  const offsets = Array.from({ length: to - from }, (_, i) => from + i);
  const newest = offsets.slice(-STATIONS);
  return {
    shard,
    attempts: offsets.map((offset) => accepted(shard, offset, stationAt(shard, offset), 'c1', offset)),
    sheets: newest.map((offset) => sheet(shard, offset, stationAt(shard, offset), 'c1', offset)),
    totals: [part('root', 'c1', shard, to - 1, to, to)],
    states: offsets
      .filter((offset) => offset % 64 === 63)
      .map((offset) => part('root', 'c1', shard, offset, offset + 1)),
    checkpoint: { from, to: at(to) },
  };
}

/** What is wrong with a view of such a model: empty where every document is as of the checkpoints. */
export async function faultsOf(snapshot: ModelSnapshot): Promise<string[]> {
  const faults: string[] = [];
  const sheets = await all(snapshot.allSheets());
  for (let shard = 0; shard < SHARDS; shard += 1) {
    const at = snapshot.position[shard]!;
    const check = (what: string, found: unknown, expected: unknown) => {
      if (JSON.stringify(found) !== JSON.stringify(expected))
        faults.push(`${what} of shard ${shard} at ${at}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
    };
    const offsets = Array.from({ length: at }, (_, offset) => offset);
    const attempts = await all(snapshot.attempts(shard, 0, at + 10_000));
    check(
      'attempts',
      attempts.map(({ offset }) => offset).filter((offset, i) => offset !== i),
      [],
    );
    check('number of attempts', attempts.length, at);
    check('changes', (await snapshot.changesOf('root', 'c1', shard, 0, at + 10_000)).length, at);
    const own = sheets.filter((doc) => doc.shard === shard).map(({ offset }) => offset);
    check(
      'sheets',
      own.sort((a, b) => a - b),
      offsets.slice(-STATIONS),
    );
    const totals = (await snapshot.totals('root', 'c1')).find((doc) => doc.shard === shard);
    check('totals', totals?.changes, at === 0 ? undefined : at);
    const states = (await snapshot.statesOf('root', 'c1', shard)).map(({ offset }) => offset);
    check(
      'states',
      states,
      offsets.filter((offset) => offset % 64 === 63),
    );
  }
  return faults;
}
