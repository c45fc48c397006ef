/** Reads the log, folds it, and rebuilds the read model from it: each alone, with no other work in the process. */
import { FOLD_VERSION, ShardFold } from '#domain';
import type { EventLog, LogRecord } from '#event-log';
import { STATE_EVERY } from '#read-model';
import { answering, type Times, timed, timesOf } from './child.ts';
import { openParts, type Parts } from './embedded.ts';

export interface RebuildRequest {
  readonly folder: string;
}

export interface RebuildAnswer {
  readonly events: number;
  readonly bytes: number;
  readonly reading: Times;
  /** With reading, and with drawing up what changed in each batch, but writing nothing. */
  readonly folding: Times;
  /** With reading, folding and writing. */
  readonly rebuilding: Times;
}

/** As the projection's workers read. */
const BATCH = 2_000;

answering(async ({ folder }: RebuildRequest): Promise<RebuildAnswer> => {
  const parts = await openParts(folder);
  const { election, log } = parts.served;
  let events = 0;
  let bytes = 0;
  const reading = await timed(() =>
    readAll(log, (records) => {
      events += records.length;
      for (const { value } of records) bytes += value.length;
    }),
  );
  const folds = Array.from({ length: log.shards }, (_, shard) => new ShardFold(election, shard, STATE_EVERY));
  const folding = await timed(() =>
    readAll(log, (records, shard) => {
      for (const record of records) folds[shard]!.fold(record);
      folds[shard]!.drain();
    }),
  );
  folds.length = 0;
  const rebuilding = await timed(() => rebuild(parts));
  await parts.close();
  return { events, bytes, reading: timesOf(reading), folding: timesOf(folding), rebuilding: timesOf(rebuilding) };
});

async function readAll(log: EventLog, take: (records: readonly LogRecord[], shard: number) => void): Promise<void> {
  for (let shard = 0; shard < log.shards; shard += 1)
    for (let from = 0; ; ) {
      const records = await log.read(shard, from, { maxRecords: BATCH });
      if (records.length === 0) break;
      take(records, shard);
      from += records.length;
    }
}

/** As the first part of a replay: another version, written up to the end of the log, then dropped. */
async function rebuild({ served, models, projector }: Parts): Promise<void> {
  const { election, log } = served;
  const id = election.definition.id;
  const ends = await Promise.all(Array.from({ length: log.shards }, (_, shard) => log.end(shard)));
  const made = await models.create(id, log.shards, FOLD_VERSION);
  await projector.project(served, made);
  await projector.caughtUp(id, made.version, ends);
  await projector.retire(id, made.version);
}
