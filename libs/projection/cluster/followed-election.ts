/**
 * One election as a process sees it whose projection runs elsewhere: the current version of its read model, how far it
 * is written, and its batches as the changes feed tells them. What the feed lost is noticed by the positions.
 */
import { type ElectionId, FOLD_VERSION, notBeyond, type Position } from '#domain';
import type { Broadcast, Message } from '#event-log';
import type { ReadModel, ReadModels } from '#read-model';
import type { ServedElection } from '../elections.ts';
import type { Changes } from '../shard-worker.ts';
import { FeedReader, type Reached } from './messages.ts';

export interface FollowerParts {
  readonly models: ReadModels;
  readonly broadcast: Broadcast;
  /** A batch of the current version, in order within a shard; one without attempts where its message was lost. */
  readonly tell: (changes: Changes) => void;
  /** Something moved: a position, or which version is current. */
  readonly moved: () => void;
  readonly failed: (election: ElectionId, error: unknown) => void;
}

/** A position that is ahead of the batches: their messages may still be on the way from another projector. */
const PATIENCE_MS = 250;

export class FollowedElection {
  readonly served: ServedElection;
  readonly #parts: FollowerParts;
  readonly #reader = new FeedReader();
  /** By version: how far it is written, as the feed says. */
  readonly #written = new Map<number, number[]>();
  #model: ReadModel;
  /** By shard: how far listeners were told of the current version. */
  #told: number[];
  /** By shard: how far the current version is written, as positions say. */
  #ahead: number[];
  #patience: NodeJS.Timeout | null = null;
  #end: () => Promise<void> = async () => undefined;
  #looking: Promise<void> | null = null;

  private constructor(served: ServedElection, model: ReadModel, position: Position, parts: FollowerParts) {
    this.served = served;
    this.#parts = parts;
    this.#model = model;
    this.#told = [...position];
    this.#ahead = [...position];
  }

  /** Begins to listen, then reads where the model is: so nothing is missed in between. */
  static async follow(served: ServedElection, parts: FollowerParts): Promise<FollowedElection> {
    const id = served.election.definition.id;
    const early: Message[] = [];
    let followed: FollowedElection | null = null;
    const end = await parts.broadcast.listen(id, (message) => {
      if (followed) followed.#hear(message);
      else early.push(message);
    });
    try {
      const model = await currentModel(parts.models, served);
      followed = new FollowedElection(served, model, await checkpointsOf(model), parts);
      followed.#end = end;
      for (const message of early) followed.#hear(message);
      return followed;
    } catch (error) {
      await end();
      throw error;
    }
  }

  get id(): ElectionId {
    return this.served.election.definition.id;
  }

  get model(): ReadModel {
    return this.#model;
  }

  position(version = this.#model.version): Position {
    if (version === this.#model.version) return this.#told;
    return this.#written.get(version) ?? Array.from({ length: this.served.log.shards }, () => 0);
  }

  /**
   * Looks which version is current now. Another one is adopted once it is known to be where the present one was told to
   * be, so that no figure goes back.
   */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    if (this.#patience) clearTimeout(this.#patience);
    await this.#end();
  }

  async #look(): Promise<void> {
    const pointer = await this.#parts.models.pointer(this.id);
    if (!pointer) return;
    for (const version of [...this.#written.keys()])
      if (!pointer.versions.includes(version)) this.#written.delete(version);
    if (pointer.current === this.#model.version) return;
    const model = await this.#parts.models.open(this.id, pointer.current);
    if (!model) return;
    const position = await checkpointsOf(model);
    if (notBeyond(this.#told, position)) this.#adopt(model, position);
  }

  #adopt(model: ReadModel, position: Position): void {
    this.#written.delete(this.#model.version);
    this.#model = model;
    this.#ahead = [...position];
    this.#miss();
  }

  #hear({ value }: Message): void {
    try {
      const message = this.#reader.read(value);
      if (message?.kind === 'batch') this.#batch(message.changes);
      else if (message?.kind === 'position') this.#reached(message.reached);
      else if (message) this.look().catch((error: unknown) => this.#parts.failed(this.id, error));
    } catch (error) {
      this.#parts.failed(this.id, error);
    }
  }

  #batch(changes: Changes): void {
    const { version, shard, to } = changes;
    if (version !== this.#model.version) {
      this.#note(version, shard, to);
      return;
    }
    const told = this.#told[shard] ?? 0;
    if (to <= told) return;
    this.#told[shard] = to;
    this.#parts.tell(changes.from < told ? without(changes, told) : changes);
    this.#parts.moved();
  }

  #reached({ version, shard, at }: Reached): void {
    if (version !== this.#model.version) {
      this.#note(version, shard, at);
      return;
    }
    this.#ahead[shard] = Math.max(at, this.#ahead[shard] ?? 0);
    if (at <= (this.#told[shard] ?? 0) || this.#patience) return;
    this.#patience = setTimeout(() => this.#miss(), PATIENCE_MS);
  }

  /** What was not told in time was lost on the way. */
  #miss(): void {
    this.#patience = null;
    const { version } = this.#model;
    for (const [shard, at] of this.#ahead.entries()) {
      if (at <= (this.#told[shard] ?? 0)) continue;
      this.#told[shard] = at;
      const nothing = { from: at, to: at, asOf: 0, attempts: [], notes: [], totals: [] };
      this.#parts.tell({ election: this.id, version, shard, ...nothing });
    }
    this.#parts.moved();
  }

  #note(version: number, shard: number, at: number): void {
    const known = this.#written.get(version) ?? Array.from({ length: this.served.log.shards }, () => 0);
    this.#written.set(version, known);
    if (at <= known[shard]!) return;
    known[shard] = at;
    this.#parts.moved();
    // It may be the one that is to be adopted.
    if (version > this.#model.version && notBeyond(this.#told, known))
      this.look().catch((error: unknown) => this.#parts.failed(this.id, error));
  }
}

/** What readers use, whichever fold made it; where there is none yet, its first version. */
async function currentModel(models: ReadModels, { election, log }: ServedElection): Promise<ReadModel> {
  const { id } = election.definition;
  const pointer = await models.pointer(id);
  const current = pointer && (await models.open(id, pointer.current));
  return current ?? models.ensure(id, log.shards, FOLD_VERSION);
}

async function checkpointsOf(model: ReadModel): Promise<Position> {
  const shards = Array.from({ length: model.shards }, (_, shard) => shard);
  return (await Promise.all(shards.map((shard) => model.checkpoint(shard)))).map(({ offset }) => offset);
}

/** A batch less the records before an offset that listeners have heard of: two workers cut their batches differently. */
function without(changes: Changes, from: number): Changes {
  return {
    ...changes,
    from,
    attempts: changes.attempts.slice(from - changes.from),
    notes: changes.notes.filter(({ offset }) => offset >= from),
  };
}
