/** Child process: appends to a log and folds it into a model, and says what was acknowledged, until it is killed. */
import { openEmbeddedLogs } from '#event-log/embedded';
import { say } from '../../../event-log/embedded/testing/child-process.ts';
import { openEmbeddedModels } from '../index.ts';
import { countingBatch, SHARDS } from './counting.ts';

const [folder, size] = process.argv.slice(2);
const logs = await openEmbeddedLogs(folder!);
const log = await logs.create('demo', SHARDS);
const models = await openEmbeddedModels(folder!);
const model = (await models.open('demo', 1)) ?? (await models.create('demo', SHARDS, '1'));

async function append(): Promise<never> {
  for (;;) {
    const ends = await Promise.all([log.end(0), log.end(1)]);
    const records = Array.from({ length: Number(size) }, (_, i) => {
      const shard = i % SHARDS;
      return { shard, key: 'K', value: Buffer.from(`${shard}:${ends[shard]!++}`.padEnd(700, '.')) };
    });
    await log.append(records);
    say({ ends });
  }
}

async function fold(shard: number): Promise<never> {
  for (;;) {
    const { offset } = await model.checkpoint(shard);
    const records = await log.read(shard, offset, { maxRecords: 300, waitMs: 1_000 });
    if (records.length === 0) continue;
    const to = offset + records.length;
    const { outcome } = await model.write(countingBatch(shard, offset, to));
    say({ shard, outcome, checkpoint: to });
  }
}

await Promise.all([append(), fold(0), fold(1)]);
