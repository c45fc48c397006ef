/** A freeze of publication, as the rooms of one election obey it. */
import { type Freeze, hasBegun } from '#access';
import type { ContestId, Position } from '#domain';
import { atPosition, certifiedThen, type ServedElection, View } from '#projection';
import type { ReadModel } from '#read-model';
import type { FreezeAnswer } from '#wire';
import { type FreezeParts, frozenNow } from '../api/http/frozen.ts';

/** What the public sees while it stands. */
export interface HallFrozen {
  readonly at: Position;
  readonly asOf: string | null;
  readonly answer: FreezeAnswer;
  /** The contests that were certified then. */
  readonly certified: ReadonlySet<ContestId>;
}

export class HallFreeze {
  readonly #parts: FreezeParts;
  readonly #served: ServedElection;
  #ordered: Freeze | null = null;
  #frozen: HallFrozen | null = null;

  constructor(parts: FreezeParts, served: ServedElection) {
    this.#parts = parts;
    this.#served = served;
  }

  /** Whether public rooms are told nothing: from the very moment on, also before the next `follow`. */
  get holds(): boolean {
    return this.#ordered !== null && hasBegun(this.#ordered);
  }

  /** As `follow` found it. */
  get frozen(): HallFrozen | null {
    return this.#frozen;
  }

  /** Reads what was ordered or lifted since. */
  async follow(model: () => Promise<ReadModel>): Promise<void> {
    this.#ordered = await this.#parts.freezes.ordered(this.#served.election.definition.id);
    const now = this.holds ? await frozenNow(this.#parts, this.#served) : null;
    if (now?.answer.since === this.#frozen?.answer.since) return;
    this.#frozen = now && (await this.#readAt(now, await model()));
  }

  async #readAt({ at, answer }: { at: Position; answer: FreezeAnswer }, model: ReadModel): Promise<HallFrozen> {
    const view = await View.open(this.#served, model, at, answer);
    try {
      return { at, asOf: atPosition(view).asOf, answer, certified: await certifiedThen(view) };
    } finally {
      view.close();
    }
  }
}
