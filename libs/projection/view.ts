/**
 * Reads a model at one position: every figure of an answer comes through a `View`, so every answer is true at one
 * position. What lies beyond the position (the model is newer, or ahead of its checkpoint after a crash) is read as
 * of it: from the nearest full state before it and the changes since, or from the sheet's attempts.
 */
import {
  type Accumulator,
  addSheet,
  addTotals,
  type Contest,
  emptyTotals,
  type NodeTotals,
  type Position,
  type SheetChange,
  type SheetView,
  type StationCode,
  stationTotals,
  TreeTotals,
  type Unit,
} from '#domain';
import type { AttemptDoc, ModelSnapshot, ReadModel, SheetDoc, TotalsDoc } from '#read-model';
import type { FreezeAnswer } from '#wire';
import type { ServedElection } from './elections.ts';
import { foldSheetAnew } from './sheet-as-of.ts';

export interface SheetAt {
  readonly view: SheetView;
  /** Offset of its last change before the position. */
  readonly offset: number;
}

export class View {
  readonly served: ServedElection;
  readonly snapshot: ModelSnapshot;
  readonly version: number;
  readonly position: Position;
  /** Log time of the newest record before the position, milliseconds; null where there is none. */
  readonly asOf: number | null;
  /** Whether the position is the newest one of the model. */
  readonly isCurrent: boolean;
  /** The freeze of publication that stands while this is read. */
  readonly freeze: FreezeAnswer | null;
  #tree: Promise<Tree> | null = null;
  #closings: Promise<ReadonlyMap<StationCode, number>> | null = null;

  private constructor(
    served: ServedElection,
    version: number,
    snapshot: ModelSnapshot,
    position: Position,
    asOf: number | null,
    freeze: FreezeAnswer | null,
  ) {
    this.freeze = freeze;
    this.served = served;
    this.version = version;
    this.snapshot = snapshot;
    this.position = position;
    this.asOf = asOf;
    this.isCurrent = position.every((offset, shard) => offset === snapshot.position[shard]);
  }

  /**
   * Opens a view at a position (default: the model's); it must be closed. The position must not be beyond the model's.
   */
  static async open(
    served: ServedElection,
    model: ReadModel,
    at?: Position,
    freeze: FreezeAnswer | null = null,
  ): Promise<View> {
    const snapshot = await model.snapshot();
    try {
      const position = at ?? snapshot.position;
      const asOf = at ? await logTimeBefore(snapshot, at) : newest(snapshot.checkpoints.map((c) => c.logTime));
      return new View(served, model.version, snapshot, position, asOf, freeze);
    } catch (error) {
      snapshot.close();
      throw error;
    }
  }

  close(): void {
    this.snapshot.close();
  }

  /** A node's totals at the position; all zero where nothing was received. */
  async totals(unit: Unit, contest: Contest): Promise<NodeTotals> {
    if (this.#tree) return (await this.#tree).totals(unit, contest);
    if (unit.isStation) return stationTotals(contest, unit, (await this.sheet(unit, contest))?.view ?? null);
    const parts = await this.snapshot.totals(unit.code, contest.id);
    return this.#sum(unit, contest, parts);
  }

  /** Totals of every contest at a unit, in the order of the package. */
  async totalsAt(unit: Unit): Promise<Map<Contest, NodeTotals>> {
    const { election } = this.served;
    const contests = election.contestsAt(unit);
    const result = new Map<Contest, NodeTotals>();
    if (this.#tree) {
      for (const contest of contests) result.set(contest, await this.totals(unit, contest));
      return result;
    }
    if (unit.isStation) {
      const found = await this.snapshot.sheetsOf(unit.code, idsOf(contests));
      const docs = new Map(found.map((doc) => [doc.contest, doc]));
      for (const contest of contests) {
        const sheet = await this.sheetAsOf(unit, contest, docs.get(contest.id));
        result.set(contest, stationTotals(contest, unit, sheet?.view ?? null));
      }
      return result;
    }
    const byContest = new Map<string, TotalsDoc[]>();
    for (const part of await this.snapshot.totalsAt(unit.code, idsOf(contests))) {
      const list = byContest.get(part.contest);
      if (list) list.push(part);
      else byContest.set(part.contest, [part]);
    }
    for (const contest of contests)
      result.set(contest, await this.#sum(unit, contest, byContest.get(contest.id) ?? []));
    return result;
  }

  async #sum(unit: Unit, contest: Contest, parts: readonly TotalsDoc[]): Promise<NodeTotals> {
    const [only] = parts;
    if (only && parts.length === 1 && only.offset < this.position[only.shard]!) return only.totals;
    const sum = emptyTotals(contest.layout);
    for (const part of parts) {
      if (part.offset < this.position[part.shard]!) addTotals(sum, part.totals);
      else await this.#addPartAsOf(sum, unit, contest, part.shard);
    }
    return sum;
  }

  /** A shard's part as of the position: the last full state before it, and at most 63 changes since. */
  async #addPartAsOf(into: Accumulator, unit: Unit, contest: Contest, shard: number): Promise<void> {
    const before = this.position[shard]!;
    const state = await this.snapshot.stateBefore(unit.code, contest.id, shard, before);
    if (state) addTotals(into, state.totals);
    const from = state ? state.offset + 1 : 0;
    for (const attempt of await this.snapshot.changesOf(unit.code, contest.id, shard, from, before))
      for (const change of attempt.changes) if (change.contest === contest.id) applyChange(into, contest, change);
  }

  /** A sheet at the position; undefined where nothing had happened to it. */
  async sheet(station: Unit, contest: Contest): Promise<SheetAt | undefined> {
    if (this.#tree) return (await this.#tree).sheet(station, contest);
    const doc = await this.snapshot.sheet(station.code, contest.id);
    return this.sheetAsOf(station, contest, doc);
  }

  /** The same, where the current document is at hand. */
  async sheetAsOf(station: Unit, contest: Contest, doc: SheetDoc | undefined): Promise<SheetAt | undefined> {
    if (!doc) return undefined;
    if (doc.offset < this.position[doc.shard]!) return doc;
    const attempts = await this.attemptsOn(station, contest);
    for (const attempt of attempts.reverse())
      for (const change of attempt.changes)
        if (change.contest === contest.id) return { view: change.after, offset: attempt.offset };
    return undefined;
  }

  /** The whole document of a sheet at the position; undefined where nothing had happened to it. */
  async sheetDoc(station: Unit, contest: Contest): Promise<SheetDoc | undefined> {
    return this.sheetDocAsOf(station, contest, await this.snapshot.sheet(station.code, contest.id));
  }

  /** The same, where the current document is at hand. */
  async sheetDocAsOf(station: Unit, contest: Contest, doc: SheetDoc | undefined): Promise<SheetDoc | undefined> {
    if (!doc || doc.offset < this.position[doc.shard]!) return doc;
    return foldSheetAnew(this.served.election, station, contest, await this.attemptsOn(station, contest));
  }

  /** Every attempt on a sheet before the position, in order; the closing of its station is one. */
  async attemptsOn(station: Unit, contest: Contest): Promise<AttemptDoc[]> {
    const before = this.position[station.shard]!;
    const filed = await this.snapshot.attemptsOn(station.code, contest.id);
    const attempts = filed.filter((attempt) => attempt.offset < before);
    this.#closings ??= this.#readClosings();
    const closing = (await this.#closings).get(station.code);
    const closed = closing === undefined ? undefined : await this.snapshot.attempt(station.shard, closing);
    return closed ? [...attempts, closed].sort((a, b) => a.offset - b.offset) : attempts;
  }

  /** A closing changes the sheets of all contests of its station and is filed under none: offsets by station. */
  async #readClosings(): Promise<ReadonlyMap<StationCode, number>> {
    const notes = await this.snapshot.notes('station.closed');
    return new Map(
      notes.flatMap(({ subject, shard, offset }) => (offset < this.position[shard]! ? [[subject, offset]] : [])),
    );
  }

  /**
   * Prepares for reading a whole tree at an old position: one pass over the attempts instead of many small readings.
   * Does nothing where the view is current.
   */
  async prepareTree(): Promise<void> {
    if (this.isCurrent || this.#tree) return;
    this.#tree = Tree.read(this.served, this.snapshot, this.position);
    await this.#tree;
  }
}

/** Adds to totals what a change of a sheet made different. */
export function applyChange(into: Accumulator, contest: Contest, change: SheetChange): void {
  const registered = contest.registeredAt(change.station);
  if (change.before) addSheet(into, contest.layout, change.before, registered, -1);
  addSheet(into, contest.layout, change.after, registered, 1);
}

/** All sheets and totals at an old position, from one pass over the attempts. */
class Tree {
  readonly #served: ServedElection;
  readonly #sheets = new Map<string, SheetAt>();
  readonly #totals: TreeTotals;

  private constructor(served: ServedElection) {
    this.#served = served;
    this.#totals = new TreeTotals(served.election);
  }

  static async read(served: ServedElection, snapshot: ModelSnapshot, position: Position): Promise<Tree> {
    const tree = new Tree(served);
    for (const [shard, to] of position.entries())
      for await (const attempt of snapshot.attempts(shard, 0, to))
        for (const { station, contest, after } of attempt.changes)
          tree.#sheets.set(`${station}/${contest}`, { view: after, offset: attempt.offset });
    tree.#addUp();
    return tree;
  }

  #addUp(): void {
    const { election } = this.#served;
    for (const [key, { view }] of this.#sheets) {
      const slash = key.indexOf('/');
      const station = election.unit(key.slice(0, slash))!;
      const contest = election.contest(key.slice(slash + 1))!;
      this.#totals.add(station, contest, view);
    }
  }

  totals(unit: Unit, contest: Contest): NodeTotals {
    if (unit.isStation) return stationTotals(contest, unit, this.sheet(unit, contest)?.view ?? null);
    return this.#totals.totals(unit, contest);
  }

  sheet(station: Unit, contest: Contest): SheetAt | undefined {
    return this.#sheets.get(`${station.code}/${contest.id}`);
  }
}

function idsOf(contests: readonly Contest[]): string[] {
  return contests.map(({ id }) => id);
}

function newest(times: readonly number[]): number | null {
  const last = Math.max(0, ...times);
  return last > 0 ? last : null;
}

async function logTimeBefore(snapshot: ModelSnapshot, position: Position): Promise<number | null> {
  const last = await Promise.all(
    position.map(async (offset, shard) => (offset > 0 ? await snapshot.attempt(shard, offset - 1) : undefined)),
  );
  return newest(last.map((attempt) => attempt?.logTime ?? 0));
}

/**
 * The position of a moment: in every shard all records whose log time is not after it. Found by bisection: log time
 * never goes back within a shard.
 */
export async function positionAtTime(snapshot: ModelSnapshot, time: number): Promise<Position> {
  return Promise.all(
    snapshot.position.map(async (end, shard) => {
      let low = 0;
      let high = end;
      while (low < high) {
        const middle = (low + high) >> 1;
        const attempt = await snapshot.attempt(shard, middle);
        if (attempt && attempt.logTime <= time) low = middle + 1;
        else high = middle;
      }
      return low;
    }),
  );
}
