/**
 * The last attempts that were told of each shard: the fold is often quicker than the log's confirmation is to whoever
 * appended, who then need not read the store.
 */
import type { ElectionId } from '#domain';
import type { AttemptDoc } from '#read-model';
import type { Changes } from './shard-worker.ts';

type Batch = Pick<Changes, 'from' | 'to' | 'attempts'>;

/** Of each shard: no fewer than these, and no more whole batches than that takes. */
const KEPT = 1_000;

export class RecentAttempts {
  readonly #batches = new Map<string, Batch[]>();

  keep({ election, shard, from, to, attempts }: Changes): void {
    if (attempts.length === 0) return;
    const key = `${election}/${shard}`;
    const batches = this.#batches.get(key) ?? [];
    this.#batches.set(key, batches);
    batches.push({ from, to, attempts });
    let older = batches.reduce((sum, batch) => sum + batch.attempts.length, 0) - batches[0]!.attempts.length;
    for (; older >= KEPT; older -= batches[0]!.attempts.length) batches.shift();
  }

  find(election: ElectionId, shard: number, offset: number): AttemptDoc | undefined {
    const batch = this.#batches.get(`${election}/${shard}`)?.findLast(({ from, to }) => from <= offset && offset < to);
    return batch?.attempts[offset - batch.from];
  }
}
