/** A member of a group in Kafka's classic protocol: joins, is given work, and stays by heartbeats. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster/cluster.ts';
import { coordinatorOf, heartbeat, joinGroup, leaveGroup, type Membership, syncGroup } from './wire/groups.ts';
import { BrokerError, type Request } from './wire/request.ts';
import type { Node } from './wire/topics.ts';

/** So often within a session a heartbeat is sent; a change of the group is noticed by the next one. */
const HEARTBEATS_A_SESSION = 20;

export interface Member {
  readonly member: string;
  /** What it told of itself. */
  readonly about: Buffer;
}

export class GroupMember {
  readonly #cluster: Cluster;
  readonly #group: string;
  readonly #protocol: string;
  readonly #left: AbortSignal;
  #coordinator: Node | null = null;
  /** As the coordinator named it; kept through changes of the group, so that it is not taken for another one. */
  #name = '';
  #membership: Membership | null = null;
  #lastHeard = Number.NEGATIVE_INFINITY;

  constructor(cluster: Cluster, group: string, protocol: string, left: AbortSignal) {
    this.#cluster = cluster;
    this.#group = group;
    this.#protocol = protocol;
    this.#left = left;
  }

  /** Whether the coordinator can not have given this member's work to others: it was heard within the session. */
  get isInSession(): boolean {
    return this.#membership !== null && performance.now() - this.#lastHeard < this.#cluster.settings.sessionMs;
  }

  /** Joins the group's next generation and returns this member's work. `assign` is asked if this one leads. */
  async join(
    about: Buffer,
    assign: (members: readonly Member[]) => readonly { readonly member: string; readonly work: Uint8Array }[],
  ): Promise<Buffer> {
    const { sessionMs, answerMs } = this.#cluster.settings;
    const join = () =>
      joinGroup({
        group: this.#group,
        member: this.#name,
        sessionTimeoutMs: sessionMs,
        rebalanceTimeoutMs: sessionMs,
        protocol: this.#protocol,
        about,
      });
    // The coordinator answers once all members have joined, or the silent ones are given up.
    let joined = await this.#ask(join(), sessionMs + answerMs);
    this.#name = joined.member;
    if (!('generation' in joined)) joined = await this.#ask(join(), sessionMs + answerMs);
    if (!('generation' in joined)) throw new Error('the coordinator named the member twice');
    const assignments = joined.members.length > 0 ? assign(joined.members) : [];
    const asked = performance.now();
    const work = await this.#ask(syncGroup(joined, assignments), sessionMs + answerMs);
    this.#membership = joined;
    this.#lastHeard = asked;
    return work;
  }

  /** Resolves when the group changes and this member must join again, or was told to leave; throws where it has lost touch. */
  async stay(): Promise<void> {
    const pause = this.#cluster.settings.sessionMs / HEARTBEATS_A_SESSION;
    while (!this.#left.aborted) {
      const asked = performance.now();
      try {
        await this.#ask(heartbeat(this.#membership!), pause * 4);
        this.#lastHeard = asked;
      } catch (error) {
        if (error instanceof BrokerError && error.type === 'REBALANCE_IN_PROGRESS') return;
        if (!isPassing(error) || !this.isInSession) throw error;
      }
      await delay(pause, undefined, { signal: this.#left }).catch(() => undefined);
    }
  }

  /** Tells the coordinator, so that others take over at once; if it can't be told, it will notice by itself. */
  async leave(): Promise<void> {
    if (this.#name === '') return;
    const member = { group: this.#group, generation: 0, member: this.#name };
    try {
      this.#coordinator ??= await this.#cluster.askAny(coordinatorOf(this.#group));
      await this.#cluster.askNode(this.#coordinator, leaveGroup(member));
    } catch {
      this.#membership = null;
    }
  }

  async #ask<T>(request: Request<T>, timeoutMs: number): Promise<T> {
    try {
      this.#coordinator ??= await this.#cluster.askAny(coordinatorOf(this.#group));
      return await unlessAborted(this.#cluster.askNode(this.#coordinator, request, timeoutMs), this.#left);
    } catch (error) {
      if (isPassing(error) && !this.#left.aborted) this.#coordinator = null;
      if (error instanceof BrokerError && FORGOTTEN.has(error.type)) this.#forget(error.type);
      throw error;
    }
  }

  #forget(type: string): void {
    this.#membership = null;
    if (type !== 'ILLEGAL_GENERATION') this.#name = '';
  }
}

/** The coordinator has gone on without this member. */
const FORGOTTEN = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'FENCED_INSTANCE_ID',
  'INCONSISTENT_GROUP_PROTOCOL',
]);

/** The coordinator can't be reached, or has moved; the membership outlives that. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof BrokerError)) return true;
  return /^(GROUP_COORDINATOR_NOT_AVAILABLE|NOT_COORDINATOR_FOR_GROUP|GROUP_LOAD_IN_PROGRESS|COORDINATOR_|NOT_COORDINATOR)/.test(
    error.type,
  );
}

/** Throws once the signal is given; what comes of the promise then is of no use to anyone. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
