/** Child process: appends until its file may not grow any more, then with room again; says what it found. */
import { execFileSync } from 'node:child_process';
import { type EventLog, LogError } from '../../port.ts';
import { openEmbeddedLogs } from '../index.ts';
import { say } from './child-process.ts';

const folder = process.argv[2]!;
const logs = await openEmbeddedLogs(folder);
const log = await logs.create('demo', 2);

const content = (shard: number, offset: number) => Buffer.alloc(900, `${shard}:${offset};`);

/** Appends records whose content says where they should lie. */
async function append(count: number): Promise<string> {
  const next = [await log.end(0), await log.end(1)];
  const records = Array.from({ length: count }, (_, i) => {
    const shard = i % 2;
    return { shard, key: 'K', value: content(shard, next[shard]!++) };
  });
  try {
    await log.append(records);
    return 'stored';
  } catch (error) {
    return error instanceof LogError ? error.code : String(error);
  }
}

/** Whether the offsets are 0, 1, 2 …, and the records before `checked` hold what was put there. */
async function isGapless(of: EventLog, checked: readonly number[]): Promise<boolean> {
  for (const shard of [0, 1])
    for (let next = 0, end = await of.end(shard); next < end; )
      for (const { offset, value } of await of.read(shard, next)) {
        if (offset !== next) return false;
        if (offset < checked[shard]! && !content(shard, offset).equals(value)) return false;
        next += 1;
      }
  return true;
}

let outcome = 'stored';
while (outcome === 'stored') outcome = await append(500);
const full = [await log.end(0), await log.end(1)];
say({
  outcome,
  again: await append(500),
  unchanged: full[0] === (await log.end(0)),
  gapless: await isGapless(log, full),
});

// A large append of a round must not take the small ones with it.
const together = await Promise.all([1, 4_000, 1, 4_000].map(append));
say({ large: [together[1], together[3]], gapless: await isGapless(log, full) });

execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
const afterwards = await append(500);
const end = await log.end(0);
await logs.close();

const again = await openEmbeddedLogs(folder);
const reopened = (await again.find('demo'))!;
say({
  afterwards,
  grown: end > full[0]!,
  kept: (await reopened.end(0)) === end,
  gapless: await isGapless(reopened, full),
});
await again.close();
