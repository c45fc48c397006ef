/**
 * The projection for a process whose workers run elsewhere: follows every open election through the changes feed.
 */
import { type ElectionId, notBeyond, type Position } from '#domain';
import type { Broadcast } from '#event-log';
import type { AttemptDoc, ReadModel, ReadModels } from '#read-model';
import type { Elections, ServedElection } from '../elections.ts';
import type { ChangesListener, Place, Projection } from '../projection.ts';
import type { Changes } from '../shard-worker.ts';
import { Movement, OutcomeWaiters } from '../waiters.ts';
import { FollowedElection } from './followed-election.ts';
import { encodePointer } from './messages.ts';
import { Repeated } from './repeated.ts';

export interface FollowedParts {
  readonly elections: Elections;
  readonly models: ReadModels;
  readonly broadcast: Broadcast;
  /** Told of faults that are waited out, and that they are over (null). */
  readonly onFault: (where: { readonly election: ElectionId | null }, error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;
/** How long a new version may take to be where the old one is. */
const SWITCH_WAIT_MS = 30_000;
/** A version that was left is dropped so long after, when everybody has looked at the pointer. */
const LEAVE_MS = 3 * LOOK_EVERY_MS;

export class FollowedProjection implements Projection {
  readonly #parts: FollowedParts;
  readonly #followed = new Map<ElectionId, Promise<FollowedElection>>();
  readonly #ready = new Map<ElectionId, FollowedElection>();
  readonly #listeners = new Set<ChangesListener>();
  readonly #stopping = new AbortController();
  readonly #movement = new Movement(this.#stopping.signal);
  readonly #waiters = new OutcomeWaiters(this);
  readonly #looking: Repeated;

  constructor(parts: FollowedParts) {
    this.#parts = parts;
    this.#looking = new Repeated(
      LOOK_EVERY_MS,
      () => this.#look(),
      (error) => parts.onFault({ election: null }, error),
    );
  }

  /** Begins to follow every election, those that are opened later too; faults are waited out. */
  async start(): Promise<void> {
    await this.#looking.start();
  }

  async serve(served: ServedElection): Promise<void> {
    await this.#follow(served);
  }

  async model(id: ElectionId): Promise<ReadModel | undefined> {
    const ready = this.#ready.get(id);
    if (ready) return ready.model;
    const served = await this.#parts.elections.find(id);
    return served && (await this.#follow(served)).model;
  }

  position(id: ElectionId, version?: number): Position {
    return this.#ready.get(id)?.position(version) ?? [];
  }

  subscribe(listener: ChangesListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  outcomes(id: ElectionId, places: readonly Place[], timeoutMs: number): Promise<(AttemptDoc | undefined)[]> {
    return this.#waiters.outcomes(id, places, timeoutMs);
  }

  reached(id: ElectionId, position: Position, timeoutMs: number): Promise<boolean> {
    return this.#waiters.reached(id, position, timeoutMs);
  }

  caughtUp(
    id: ElectionId,
    version: number,
    to: Position,
    onProgress?: (at: Position) => void,
    deadline?: AbortSignal,
  ): Promise<void> {
    return this.#movement.until(() => {
      const at = this.position(id, version);
      onProgress?.(at);
      return at.length > 0 && notBeyond(to, at);
    }, deadline);
  }

  /** The workers take up every version that the pointer lists. */
  async project(served: ServedElection, model: ReadModel): Promise<void> {
    await this.#follow(served);
    await this.#tellPointer(model.election);
  }

  async switchTo(id: ElectionId, version: number, { keepsFormer = false } = {}): Promise<boolean> {
    const followed = await this.#followed.get(id);
    const from = followed?.model.version;
    if (!followed || from === undefined || from === version) return false;
    const deadline = AbortSignal.timeout(SWITCH_WAIT_MS);
    try {
      await this.caughtUp(id, version, followed.position(), undefined, deadline);
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      return false;
    }
    if (!(await this.#parts.models.switch(id, from, version))) return false;
    await this.#tellPointer(id);
    // The old version goes on until everybody has left it.
    await this.#movement.until(() => followed.model.version === version, deadline);
    if (keepsFormer) return true;
    await new Promise((resolve) => setTimeout(resolve, LEAVE_MS));
    await this.retire(id, from);
    return true;
  }

  async retire(id: ElectionId, version: number): Promise<void> {
    await this.#parts.models.drop(id, version);
    await this.#tellPointer(id);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking.stop();
    this.#waiters.settleAll();
    await Promise.all([...this.#ready.values()].map((followed) => followed.close()));
  }

  /** A hint only: who misses it looks at the pointer within a second. */
  async #tellPointer(id: ElectionId): Promise<void> {
    try {
      await this.#parts.broadcast.publish(id, [{ shard: 0, value: encodePointer() }]);
    } catch (error) {
      this.#parts.onFault({ election: id }, error);
    }
  }

  async #look(): Promise<void> {
    for (const served of await this.#parts.elections.list()) {
      const followed = await this.#follow(served);
      await followed.look();
      this.#parts.onFault({ election: followed.id }, null);
    }
  }

  #follow(served: ServedElection): Promise<FollowedElection> {
    const id = served.election.definition.id;
    const known = this.#followed.get(id);
    if (known) return known;
    const { models, broadcast, onFault } = this.#parts;
    const followed = FollowedElection.follow(served, {
      models,
      broadcast,
      tell: (changes) => this.#tell(changes),
      moved: () => this.#movement.tell(),
      failed: (election, error) => onFault({ election }, error),
    }).then(
      (made) => {
        this.#ready.set(id, made);
        return made;
      },
      (error: unknown) => {
        // The next call tries anew.
        this.#followed.delete(id);
        throw error;
      },
    );
    this.#followed.set(id, followed);
    return followed;
  }

  #tell(changes: Changes): void {
    this.#waiters.deliver(changes);
    for (const listener of this.#listeners) listener(changes);
  }
}
