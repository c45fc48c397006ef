/**
 * Log times that never go back within a shard: the largest stamp that the broker gave up to a record. Brokers stamp by
 * their clocks, which jump, and another leader has another clock.
 *
 * It is the same whoever reads from wherever. Reading on, the largest stamp so far is at hand. Beginning in the middle,
 * the broker's index is asked for the first record at least as late as a time, which is also the first whose log time is:
 * one question shows that no earlier record is later; only where a clock went back, the latest one is searched for.
 */
import type { Cluster } from './cluster/cluster.ts';
import { offsetAt, type Partition } from './wire/records.ts';

/** How many places of reading and writing on are remembered. */
const REMEMBERED = 64;

export class LogTimes {
  readonly #cluster: Cluster;
  readonly #partition: Partition;
  /** Log time of what lies before an offset. */
  readonly #before = new Map<number, number>();

  constructor(cluster: Cluster, partition: Partition) {
    this.#cluster = cluster;
    this.#partition = partition;
  }

  /** The log time of the record at an offset with this stamp. */
  async at(offset: number, stamp: number): Promise<number> {
    if (offset === 0) return stamp;
    const before = this.#before.get(offset);
    if (before !== undefined) return Math.max(before, stamp);
    const isAsLate = async (time: number): Promise<boolean> => {
      const first = await this.#firstAt(time);
      return first >= 0 && first <= offset;
    };
    if (!(await isAsLate(stamp + 1))) return stamp;
    return latest(stamp + 1, isAsLate);
  }

  /** Remembers the log time of the record before an offset, where reading or writing will go on. */
  remember(offset: number, logTime: number): void {
    this.#before.delete(offset);
    this.#before.set(offset, logTime);
    if (this.#before.size > REMEMBERED) this.#before.delete(this.#before.keys().next().value!);
  }

  #firstAt(time: number): Promise<number> {
    const question = offsetAt(this.#partition, time);
    return this.#cluster.persist(() => this.#cluster.askLeader(this.#partition, question));
  }
}

/** The largest number for which it holds, where it holds for `from` and for none above one for which it does not. */
async function latest(from: number, holds: (value: number) => Promise<boolean>): Promise<number> {
  let value = from;
  let step = 1;
  while (await holds(value + step)) {
    value += step;
    step *= 2;
  }
  for (step = Math.floor(step / 2); step >= 1; step = Math.floor(step / 2))
    if (await holds(value + step)) value += step;
  return value;
}
