/** The limit of an import: the same records, appended to a plain file in batches, each batch synced. */
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { openEmbeddedLogs } from '#event-log/embedded';
import { answering } from './child.ts';
import { ELECTION } from './nation.ts';

export interface AppendRequest {
  /** Data folder whose log holds the records. */
  readonly folder: string;
  readonly file: string;
}

export interface AppendAnswer {
  readonly records: number;
  readonly bytes: number;
  /** Writing and syncing alone, not reading what is written. */
  readonly seconds: number;
}

const BATCH = 1_000;

answering(async ({ folder, file }: AppendRequest): Promise<AppendAnswer> => {
  const logs = await openEmbeddedLogs(folder);
  const log = (await logs.find(ELECTION))!;
  const descriptor = openSync(file, 'w');
  let records = 0;
  let bytes = 0;
  let milliseconds = 0;
  for (let shard = 0; shard < log.shards; shard += 1)
    for (let from = 0; ; ) {
      const batch = await log.read(shard, from, { maxRecords: BATCH });
      if (batch.length === 0) break;
      const values = batch.map(({ value }) => value);
      const start = performance.now();
      const block = Buffer.concat(values);
      writeSync(descriptor, block);
      fdatasyncSync(descriptor);
      milliseconds += performance.now() - start;
      records += batch.length;
      bytes += block.length;
      from += batch.length;
    }
  closeSync(descriptor);
  unlinkSync(file);
  await logs.close();
  return { records, bytes, seconds: milliseconds / 1000 };
});
