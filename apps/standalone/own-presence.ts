import { hostname } from 'node:os';
import type { Processes } from '../api/index.ts';

/** One process that does everything shows itself. */
export function ownPresence(): Processes {
  const startedAt = new Date();
  let clients: (() => number) | null = null;
  return {
    countClients: (count) => {
      clients = count;
    },
    list: async ({ definition }) => [
      {
        id: `${hostname()}:${process.pid}`,
        role: 'standalone',
        startedAt,
        heardAt: new Date(),
        shards: Array.from({ length: definition.shards }, (_, shard) => shard),
        clients: clients?.() ?? null,
      },
    ],
  };
}
