import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openEmbeddedLogs } from '#event-log/embedded';
import { startChild } from '../../event-log/embedded/testing/child-process.ts';
import { openEmbeddedModels } from './index.ts';
import { faultsOf, SHARDS } from './testing/counting.ts';

const SCRIPT = new URL('./testing/append-and-write.ts', import.meta.url).href;
const ROUNDS = 10;

type Line =
  | { readonly ends: readonly number[] }
  | { readonly shard: number; readonly outcome: string; readonly checkpoint: number };

describe('a process killed while it appends and writes', () => {
  it('leaves everything acknowledged, each shard without a gap, and a model as of its checkpoint', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-'));
    const least = { ends: [0, 0], checkpoints: [0, 0] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = startChild(SCRIPT, [folder, String([1, 20, 200, 1_000][round % 4])]);
      const lines: Line[] = [];
      for (const count = 3 + ((round * 37) % 50); lines.length < count; ) lines.push(await child.next<Line>());
      child.process.kill('SIGKILL');
      lines.push(...(await child.rest<Line>()));
      expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
      for (const line of lines) acknowledge(line, least);
      Object.assign(least, await check(folder, least));
    }
    await rm(folder, { recursive: true });
  });
});

function acknowledge(line: Line, least: { ends: number[]; checkpoints: number[] }): void {
  if ('ends' in line) least.ends = [...line.ends];
  else {
    expect(line.outcome).toBe('moved');
    least.checkpoints[line.shard] = line.checkpoint;
  }
}

/** Checks the folder, which nobody has open; returns what there is. */
async function check(
  folder: string,
  least: { ends: number[]; checkpoints: number[] },
): Promise<{ ends: number[]; checkpoints: number[] }> {
  const logs = await openEmbeddedLogs(folder);
  const models = await openEmbeddedModels(folder);
  const log = (await logs.find('demo'))!;
  const model = await models.open('demo', 1);
  const snapshot = await model?.snapshot();
  const ends: number[] = [];
  for (let shard = 0; shard < SHARDS; shard += 1) {
    const end = await log.end(shard);
    for (let next = 0; next < end; )
      for (const { offset, value } of await log.read(shard, next, { maxRecords: 10_000 })) {
        if (offset !== next || Buffer.from(value).toString().replace(/\.+$/, '') !== `${shard}:${next}`)
          throw new Error(`shard ${shard} has ${offset} (${String(value)}) in the place of ${next}`);
        next += 1;
      }
    expect(end).toBeGreaterThanOrEqual(least.ends[shard]!);
    expect(snapshot?.position[shard] ?? 0).toBeGreaterThanOrEqual(least.checkpoints[shard]!);
    expect(snapshot?.position[shard] ?? 0).toBeLessThanOrEqual(end);
    ends.push(end);
  }
  if (snapshot) expect(await faultsOf(snapshot)).toEqual([]);
  const checkpoints = [...(snapshot?.position ?? [0, 0])];
  snapshot?.close();
  await models.close();
  await logs.close();
  return { ends, checkpoints };
}
