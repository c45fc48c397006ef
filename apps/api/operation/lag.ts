/** How far the read model is behind the log. */

import type { Position } from '#domain';
import type { ServedElection } from '#projection';

export interface Lag {
  readonly events: number;
  /** How long the oldest record that is not folded yet has been in the log. */
  readonly ms: number;
}

export async function lagOf({ log }: ServedElection, position: Position): Promise<Lag> {
  const behind = await Promise.all(
    Array.from({ length: log.shards }, async (_, shard) => {
      const at = position[shard] ?? 0;
      const events = Math.max(0, (await log.end(shard)) - at);
      if (events === 0) return { events, since: Number.POSITIVE_INFINITY };
      const [next] = await log.read(shard, at, { maxRecords: 1 });
      return { events, since: next?.logTime ?? Number.POSITIVE_INFINITY };
    }),
  );
  const since = Math.min(...behind.map((shard) => shard.since));
  return {
    events: behind.reduce((sum, shard) => sum + shard.events, 0),
    ms: Number.isFinite(since) ? Math.max(0, Date.now() - since) : 0,
  };
}
