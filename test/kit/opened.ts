/** An election of `province()` that is open in a log, and an author who goes on writing it. */
import { createHash } from 'node:crypto';
import { canonicalBytes } from '#domain';
import type { EventLogs } from '#event-log';
import { Elections, type ServedElection } from '#projection';
import { Author } from './author.ts';
import { province } from './elections.ts';

export async function openProvince(
  logs: EventLogs,
  shards: number,
): Promise<{ readonly served: ServedElection; readonly author: Author }> {
  const definition = province({ shards });
  const bytes = canonicalBytes(definition);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const opened = await new Elections(logs).open(
    { id: definition.id, shards, rootUnit: 'P', digest, bytes },
    { id: 'local', role: 'manager', unit: 'P' },
    new Date('2021-05-23T19:00:00Z'),
  );
  if (opened.outcome === 'other-package') throw new Error('another package is open');
  const { served } = opened;
  const author = new Author(served.election, { open: false });
  for (let shard = 0; shard < shards; shard += 1)
    for (const { key, value } of await served.log.read(shard, 0)) author.put(value, shard, key);
  return { served, author };
}
