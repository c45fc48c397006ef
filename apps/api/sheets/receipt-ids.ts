/** A sheet's history with the ids of its receipts: their hashes are public at all times, as the tree of the log is. */
import type { PublicLog, TreeReads } from '#log-tree';
import type { ServedElection } from '#projection';
import { entryOf, type Hash, hashesOf, leafHash, receiptId, TILE_WIDTH } from '#transparency';
import type { HistoryAnswer } from '#wire';

export async function withReceipts(
  log: PublicLog,
  served: ServedElection,
  history: HistoryAnswer,
): Promise<HistoryAnswer> {
  const reads = new Map<number, Promise<TreeReads>>();
  const attempts = await Promise.all(
    history.attempts.map(async (attempt) => {
      const [shard, offset] = attempt.position.split(':').map(Number) as [number, number];
      if (!reads.has(shard)) reads.set(shard, log.reads(served.election.definition.id, shard));
      const leaf = (await leafOfTree(await reads.get(shard)!, offset)) ?? (await leafOfLog(served, shard, offset));
      return { ...attempt, ...(leaf && { receipt: receiptId({ shard, offset, leaf }) }) };
    }),
  );
  return { ...history, attempts };
}

async function leafOfTree(reads: TreeReads, offset: number): Promise<Hash | undefined> {
  const width = (offset % TILE_WIDTH) + 1;
  const bytes = await reads.tile({ level: 0, index: Math.floor(offset / TILE_WIDTH), width });
  return bytes && hashesOf(bytes)?.at(-1);
}

/** Of an event that is not in the tree yet. */
async function leafOfLog({ log }: ServedElection, shard: number, offset: number): Promise<Hash | undefined> {
  const [record] = await log.read(shard, offset, { maxRecords: 1 });
  return record?.offset === offset ? leafHash(entryOf(record.value)) : undefined;
}
