/** Child process: writes a model until its file may not grow any more, then with room again; says what it found. */
import { execFileSync } from 'node:child_process';
import { say } from '../../../event-log/embedded/testing/child-process.ts';
import { ModelError } from '../../port.ts';
import { openEmbeddedModels } from '../index.ts';
import { countingBatch, faultsOf, SHARDS } from './counting.ts';

const folder = process.argv[2]!;
const models = await openEmbeddedModels(folder);
const model = await models.create('demo', SHARDS, '1');

/** Writes the next batch of both shards at once. */
async function write(length: number): Promise<string> {
  const batches = Array.from({ length: SHARDS }, async (_, shard) => {
    const { offset } = await model.checkpoint(shard);
    return model.write(countingBatch(shard, offset, offset + length));
  });
  const [outcome] = await Promise.allSettled(batches);
  if (outcome!.status === 'fulfilled') return outcome!.value.outcome;
  return outcome!.reason instanceof ModelError ? outcome!.reason.code : String(outcome!.reason);
}

async function look(of = model): Promise<{ position: readonly number[]; faults: string[] }> {
  const snapshot = await of.snapshot();
  const found = { position: snapshot.position, faults: await faultsOf(snapshot) };
  snapshot.close();
  return found;
}

let before = await look();
let outcome = 'moved';
while (outcome === 'moved') {
  before = await look();
  outcome = await write(1_000);
}
const full = await look();
say({
  outcome,
  again: await write(1_000),
  unchanged: before.position.join() === full.position.join(),
  faults: full.faults,
});

execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
const afterwards = await write(1_000);
await models.close();

const again = await openEmbeddedModels(folder);
const reopened = await look((await again.open('demo', 1))!);
say({ afterwards, grown: reopened.position[0]! - full.position[0]!, faults: reopened.faults });
await again.close();
