/**
 * Shares of work by Kafka's group protocol: the coordinator notices who has fallen silent, and the members agree on who
 * holds what. No topic is needed for it, and no consumer: slots are numbers that only the members know.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Shares } from '../port.ts';
import type { Cluster } from './cluster/cluster.ts';
import { GroupMember } from './group-member.ts';
import { assignSlots, readSlots, writeSlots } from './slots.ts';

/** How long to wait before joining again after a failure. */
const PAUSE_MS = 200;
const PROTOCOL = 'tally-slots';

export class KafkaShares implements Shares {
  readonly #cluster: Cluster;
  readonly #holders = new Set<Holder>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async join(slots: number, hold: (slots: ReadonlySet<number>) => void): Promise<() => Promise<void>> {
    this.#cluster.mustBeOpen();
    const holder = new Holder(this.#cluster, slots, hold);
    this.#holders.add(holder);
    const leave = async (): Promise<void> => {
      this.#holders.delete(holder);
      await holder.leave();
    };
    return leave;
  }

  /** Leaves with all that joined here. */
  async close(): Promise<void> {
    await Promise.all([...this.#holders].map((holder) => holder.leave()));
  }
}

/** One process's place in the group: joins, holds, and joins again whatever happens, until it leaves. */
class Holder {
  readonly #cluster: Cluster;
  readonly #slots: number;
  readonly #hold: (slots: ReadonlySet<number>) => void;
  readonly #left = new AbortController();
  readonly #running: Promise<void>;
  #held: ReadonlySet<number> = new Set();

  constructor(cluster: Cluster, slots: number, hold: (slots: ReadonlySet<number>) => void) {
    this.#cluster = cluster;
    this.#slots = slots;
    this.#hold = hold;
    this.#running = this.#run();
  }

  async leave(): Promise<void> {
    this.#left.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { namespace } = this.#cluster.settings;
    const member = new GroupMember(this.#cluster, `${namespace}-projectors`, PROTOCOL, this.#left.signal);
    while (!this.#left.signal.aborted) {
      try {
        const work = await member.join(writeSlots(this.#held), (members) => this.#assign(members));
        this.#tell(readSlots(work));
        await member.stay();
      } catch {
        // Whatever went wrong, the way out is to join again; slots are let go once the session is over.
        if (!member.isInSession) this.#tell(new Set());
        await delay(PAUSE_MS, undefined, { signal: this.#left.signal }).catch(() => undefined);
      }
    }
    await member.leave();
    this.#tell(new Set());
  }

  #assign(members: readonly { readonly member: string; readonly about: Buffer }[]) {
    const holders = members.map(({ member, about }) => ({ member, held: readSlots(about) }));
    return [...assignSlots(this.#slots, holders)].map(([member, own]) => ({ member, work: writeSlots(own) }));
  }

  #tell(slots: ReadonlySet<number>): void {
    if (slots.size === this.#held.size && [...slots].every((slot) => this.#held.has(slot))) return;
    this.#held = slots;
    this.#hold(slots);
  }
}
