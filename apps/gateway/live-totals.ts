/**
 * The totals of one election in memory, at one position: read once from a view, then fed by the changes that the
 * projection publishes, shard by shard in order. What rooms are told comes from here, so a message is never a mixture
 * of two positions. Totals above the stations are kept as one part for each shard; what a station's sheet contributes
 * comes with the change itself, as a station lies in one shard.
 */
import {
  addTotals,
  type Contest,
  type ContestId,
  emptyTotals,
  formatPosition,
  type NodeTotals,
  notBeyond,
  type Position,
  type Unit,
} from '#domain';
import { type Changes, certifiedContests, type ServedElection, View } from '#projection';
import type { ReadModel } from '#read-model';

export class LiveTotals {
  readonly served: ServedElection;
  #position: number[];
  #asOf: number | null;
  /** By unit and contest, then shard. */
  #parts: Map<string, (NodeTotals | undefined)[]>;
  #certified: Set<ContestId>;

  private constructor(served: ServedElection, loaded: Loaded) {
    this.served = served;
    this.#position = loaded.position;
    this.#asOf = loaded.asOf;
    this.#parts = loaded.parts;
    this.#certified = loaded.certified;
  }

  static async load(served: ServedElection, model: ReadModel): Promise<LiveTotals> {
    return new LiveTotals(served, await read(served, model));
  }

  /**
   * Reads everything anew, e.g. after a batch was missed. Throws, with nothing changed, where the model is behind what is
   * known: a store that came back older catches up, and no figure goes back until then.
   */
  async reload(model: ReadModel): Promise<void> {
    const loaded = await read(this.served, model);
    if (!notBeyond(this.#position, loaded.position))
      throw new Error(`the read model is at ${formatPosition(loaded.position)}, behind ${this.positionText}`);
    this.#position = loaded.position;
    this.#asOf = loaded.asOf;
    this.#parts = loaded.parts;
    this.#certified = loaded.certified;
  }

  get position(): Position {
    return this.#position;
  }

  get positionText(): string {
    return formatPosition(this.#position);
  }

  /** Log time of the newest record taken in, RFC 3339. */
  get asOf(): string | null {
    return this.#asOf === null ? null : new Date(this.#asOf).toISOString();
  }

  get certified(): ReadonlySet<ContestId> {
    return this.#certified;
  }

  /**
   * Takes a batch in. `known`: it was there already. `gap`: something before it is missing; nothing was taken in.
   */
  apply(changes: Changes): 'applied' | 'known' | 'gap' {
    const at = this.#position[changes.shard] ?? 0;
    if (changes.to <= at) return 'known';
    if (changes.from > at) return 'gap';
    for (const { unit, contest, shard, totals } of changes.totals) {
      const key = `${unit}/${contest}`;
      const parts = this.#parts.get(key);
      if (parts) parts[shard] = totals;
      else this.#parts.set(key, withPart([], shard, totals));
    }
    for (const { kind, subject } of changes.notes) {
      if (kind === 'contest.certified') this.#certified.add(subject);
      if (kind === 'contest.reopened') this.#certified.delete(subject);
    }
    this.#position[changes.shard] = changes.to;
    this.#asOf = Math.max(this.#asOf ?? 0, changes.asOf);
    return 'applied';
  }

  /** Totals of a contest at a unit above the stations. */
  totals(unit: Unit, contest: Contest): NodeTotals {
    const parts = this.#parts.get(`${unit.code}/${contest.id}`);
    const sum = emptyTotals(contest.layout);
    for (const part of parts ?? []) if (part) addTotals(sum, part);
    return sum;
  }
}

interface Loaded {
  readonly position: number[];
  readonly asOf: number | null;
  readonly parts: Map<string, (NodeTotals | undefined)[]>;
  readonly certified: Set<ContestId>;
}

async function read(served: ServedElection, model: ReadModel): Promise<Loaded> {
  const view = await View.open(served, model);
  try {
    const parts = new Map<string, (NodeTotals | undefined)[]>();
    for await (const { unit, contest, shard, totals } of view.snapshot.allTotals()) {
      const key = `${unit}/${contest}`;
      const known = parts.get(key);
      if (known) known[shard] = totals;
      else parts.set(key, withPart([], shard, totals));
    }
    const certified = new Set(await certifiedContests(view));
    return { position: [...view.position], asOf: view.asOf, parts, certified };
  } finally {
    view.close();
  }
}

function withPart(parts: (NodeTotals | undefined)[], shard: number, totals: NodeTotals): (NodeTotals | undefined)[] {
  parts[shard] = totals;
  return parts;
}
