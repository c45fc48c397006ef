/**
 * Replay: rebuilds the read model beside the live one from event 0, compares the two at one position, document by
 * document, and puts the new one in place if asked to (architecture, "Rebuild").
 */
import { isDeepStrictEqual } from 'node:util';
import { type ElectionId, FOLD_VERSION, formatPosition, type Position, type Unit } from '#domain';
import type { NoteDoc, ReadModel, ReadModels, SheetDoc, TotalsDoc } from '#read-model';
import { ahead } from './ahead.ts';
import type { ServedElection } from './elections.ts';
import type { Projection } from './projection.ts';
import { fingerprint } from './results.ts';
import { View } from './view.ts';

export interface ReplayProgress {
  readonly stage: 'rebuilding' | 'comparing';
  readonly done: number;
  readonly total: number;
}

export interface ReplayDifference {
  /** `unit/contest`, `state unit/contest SHARD:OFFSET`, `attempt SHARD:OFFSET` or `note KIND SHARD:OFFSET`. */
  readonly node: string;
  readonly live: unknown;
  readonly rebuilt: unknown;
}

export interface ReplayReport {
  readonly election: ElectionId;
  readonly position: string;
  /** Nodes (a contest at a unit, of every level) that were compared. */
  readonly compared: number;
  readonly attempts: number;
  readonly different: number;
  /** The first hundred of them. */
  readonly differences: readonly ReplayDifference[];
  /** Fingerprints at that position. */
  readonly live: string;
  readonly rebuilt: string;
  readonly switched: boolean;
  /** Of the rebuilding alone. */
  readonly events: number;
  readonly seconds: number;
}

export interface ReplayOptions {
  readonly switch?: boolean;
  readonly onProgress?: (progress: ReplayProgress) => void;
}

const MAX_DIFFERENCES = 100;
/** How often the version being made is touched, so that nobody takes it for abandoned. */
const TOUCH_MS = 15_000;

export async function replayElection(
  { projection, models }: { readonly projection: Projection; readonly models: ReadModels },
  served: ServedElection,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const id = served.election.definition.id;
  const live = await projection.model(id);
  if (!live) throw new Error(`the read model of ${id} is not projected`);
  const started = performance.now();
  const made = await models.create(id, served.log.shards, FOLD_VERSION);
  const lease = setInterval(() => {
    // A store that can't be reached now is tried again; the rebuilding itself meets the same fault and tells of it.
    models.touch(id, made.version).catch(() => undefined);
  }, TOUCH_MS);
  let keep = false;
  try {
    await projection.project(served, made);
    await catchUp(projection, id, made.version, options);
    const seconds = (performance.now() - started) / 1000;
    const result = await compareModels(served, live, made, options);
    if (options.switch) {
      await projection.caughtUp(id, made.version, projection.position(id));
      keep = await projection.switchTo(id, made.version);
    }
    const events = result.position.reduce((sum, offset) => sum + offset, 0);
    return { election: id, ...result, position: formatPosition(result.position), switched: keep, events, seconds };
  } finally {
    clearInterval(lease);
    if (!keep) await projection.retire(id, made.version);
  }
}

/** Until the rebuilt model is where the live one was when last looked at. */
async function catchUp(projection: Projection, id: ElectionId, version: number, options: ReplayOptions): Promise<void> {
  const target = projection.position(id);
  const total = target.reduce((sum, offset) => sum + offset, 0);
  await projection.caughtUp(id, version, target, (at) =>
    options.onProgress?.({
      stage: 'rebuilding',
      done: Math.min(
        total,
        at.reduce((sum, offset) => sum + offset, 0),
      ),
      total,
    }),
  );
}

interface Comparison {
  readonly position: Position;
  readonly compared: number;
  readonly attempts: number;
  readonly different: number;
  readonly differences: readonly ReplayDifference[];
  readonly live: string;
  readonly rebuilt: string;
}

/** Compares two models at the newest position that both have reached. */
export async function compareModels(
  served: ServedElection,
  live: ReadModel,
  rebuilt: ReadModel,
  options: ReplayOptions = {},
): Promise<Comparison> {
  const position = await commonPosition(live, rebuilt);
  const a = await View.open(served, live, position);
  const b = await View.open(served, rebuilt, position);
  try {
    const compared = new Comparer(a, b, options);
    await compared.run();
    const { nodes, attempts, different, differences } = compared;
    return {
      position,
      compared: nodes,
      attempts,
      different,
      differences,
      live: await fingerprint(a),
      rebuilt: await fingerprint(b),
    };
  } finally {
    a.close();
    b.close();
  }
}

async function commonPosition(live: ReadModel, rebuilt: ReadModel): Promise<Position> {
  const one = await live.snapshot();
  const other = await rebuilt.snapshot();
  const position = one.position.map((offset, shard) => Math.min(offset, other.position[shard] ?? 0));
  one.close();
  other.close();
  return position;
}

/** A document that says which offset it comes from. */
interface Filed {
  readonly shard: number;
  readonly offset: number;
}

class Comparer {
  nodes = 0;
  attempts = 0;
  different = 0;
  readonly differences: ReplayDifference[] = [];
  readonly #live: View;
  readonly #rebuilt: View;
  readonly #options: ReplayOptions;
  /** Ends of the log, as last looked at. */
  #ends: Position = [];

  constructor(live: View, rebuilt: View, options: ReplayOptions) {
    this.#live = live;
    this.#rebuilt = rebuilt;
    this.#options = options;
  }

  async run(): Promise<void> {
    await this.#lookAtEnds();
    await this.#compareTree();
    await this.#compareAttempts();
    await this.#compareNotes();
  }

  #differ(node: string, live: unknown, rebuilt: unknown): void {
    this.different += 1;
    if (this.differences.length < MAX_DIFFERENCES) this.differences.push({ node, live, rebuilt });
  }

  /** Every unit and contest: documents last changed before the position directly, later ones as of it. */
  async #compareTree(): Promise<void> {
    const { units } = this.#live.served.election;
    const compare = (unit: Unit): Promise<unknown> =>
      unit.isStation ? this.#compareSheets(unit) : this.#compareParts(unit);
    let done = 0;
    for await (const _ of ahead(units, compare)) {
      done += 1;
      if (done % 1_024 === 0) this.#options.onProgress?.({ stage: 'comparing', done, total: units.length });
    }
  }

  async #compareSheets(station: Unit): Promise<void> {
    const contests = this.#live.served.election.contestsOf(station.code);
    const ids = contests.map(({ id }) => id);
    const sheets = async ({ snapshot }: View): Promise<(SheetDoc | undefined)[]> => {
      const found = await snapshot.sheetsOf(station.code, ids);
      return ids.map((id) => found.find(({ contest }) => contest === id));
    };
    const [live, rebuilt] = await Promise.all([sheets(this.#live), sheets(this.#rebuilt)]);
    const comparing = contests.map((contest, i) =>
      this.#compareNode(`${station.code}/${contest.id}`, [live[i]], [rebuilt[i]], (view, [doc]) =>
        view.sheetDocAsOf(station, contest, doc),
      ),
    );
    await Promise.all(comparing);
  }

  async #compareParts(unit: Unit): Promise<void> {
    const contests = this.#live.served.election.contestsAt(unit);
    const ids = contests.map(({ id }) => id);
    const [live, rebuilt] = await Promise.all([
      this.#live.snapshot.totalsAt(unit.code, ids).then(partsByContest),
      this.#rebuilt.snapshot.totalsAt(unit.code, ids).then(partsByContest),
    ]);
    const comparing = contests.map(async (contest) => {
      const a = live.get(contest.id) ?? [];
      const b = rebuilt.get(contest.id) ?? [];
      await this.#compareNode(`${unit.code}/${contest.id}`, a, b, (view) => view.totals(unit, contest));
      const shards = [...new Set([...a, ...b].map((part) => part.shard))];
      await Promise.all(shards.map((shard) => this.#compareStates(unit.code, contest.id, shard)));
    });
    await Promise.all(comparing);
  }

  /** The full states that are kept of a part: figures at earlier positions rest on them. */
  async #compareStates(unit: string, contest: string, shard: number): Promise<void> {
    const [live, rebuilt] = await Promise.all([
      this.#live.snapshot.statesOf(unit, contest, shard),
      this.#rebuilt.snapshot.statesOf(unit, contest, shard),
    ]);
    this.#compareFiled(`state ${unit}/${contest}`, live, rebuilt);
  }

  /** Documents filed under an offset, those before the position, each with its like. */
  #compareFiled(kind: string, live: readonly (TotalsDoc | NoteDoc)[], rebuilt: readonly (TotalsDoc | NoteDoc)[]): void {
    const byPlace = (docs: readonly (TotalsDoc | NoteDoc)[]): Map<string, TotalsDoc | NoteDoc> =>
      new Map(
        docs
          .filter((doc) => this.#areBefore(this.#live.position, [doc]))
          .map((doc) => [`${doc.shard}:${doc.offset}`, doc]),
      );
    const ours = byPlace(live);
    const theirs = byPlace(rebuilt);
    for (const place of new Set([...ours.keys(), ...theirs.keys()]))
      if (!isDeepStrictEqual(ours.get(place), theirs.get(place)))
        this.#differ(`${kind} ${place}`, ours.get(place), theirs.get(place));
  }

  /** Documents as they are where they lie before the position, else what they were at it. */
  async #compareNode<Doc extends Filed | undefined>(
    node: string,
    live: readonly Doc[],
    rebuilt: readonly Doc[],
    asOf: (view: View, docs: readonly Doc[]) => Promise<unknown>,
  ): Promise<void> {
    this.nodes += 1;
    const isBefore = this.#areBefore(this.#live.position, live) && this.#areBefore(this.#live.position, rebuilt);
    // What claims to come from beyond the end of the log would never give way to what comes.
    const isSame = isBefore
      ? isDeepStrictEqual(live, rebuilt)
      : (await this.#areInLog(live)) &&
        isDeepStrictEqual(await asOf(this.#live, live), await asOf(this.#rebuilt, rebuilt));
    const there = (docs: readonly Doc[]): readonly Doc[] => docs.filter((doc) => doc !== undefined);
    if (!isSame) this.#differ(node, there(live), there(rebuilt));
  }

  /** Documents that came while the views were compared lie beyond the ends that were looked at first. */
  async #areInLog(docs: readonly (Filed | undefined)[]): Promise<boolean> {
    if (this.#areBefore(this.#ends, docs)) return true;
    await this.#lookAtEnds();
    return this.#areBefore(this.#ends, docs);
  }

  async #lookAtEnds(): Promise<void> {
    const { log } = this.#live.served;
    this.#ends = await Promise.all(this.#live.position.map((_, shard) => log.end(shard)));
  }

  #areBefore(position: Position, docs: readonly (Filed | undefined)[]): boolean {
    return docs.every((doc) => !doc || doc.offset < position[doc.shard]!);
  }

  /** Every offset has one attempt; one that is missing does not put the others out of step. */
  async #compareAttempts(): Promise<void> {
    for (const [shard, to] of this.#live.position.entries()) {
      const ours = this.#live.snapshot.attempts(shard, 0, to)[Symbol.asyncIterator]();
      const theirs = this.#rebuilt.snapshot.attempts(shard, 0, to)[Symbol.asyncIterator]();
      let [a, b] = [await ours.next(), await theirs.next()];
      for (let offset = 0; offset < to; offset += 1) {
        const live = !a.done && a.value.offset === offset ? a.value : undefined;
        const rebuilt = !b.done && b.value.offset === offset ? b.value : undefined;
        if (live) a = await ours.next();
        if (rebuilt) b = await theirs.next();
        this.attempts += 1;
        if (!rebuilt || !isDeepStrictEqual(live, rebuilt)) this.#differ(`attempt ${shard}:${offset}`, live, rebuilt);
      }
    }
  }

  async #compareNotes(): Promise<void> {
    for (const kind of NOTE_KINDS)
      this.#compareFiled(
        `note ${kind}`,
        await this.#live.snapshot.notes(kind),
        await this.#rebuilt.snapshot.notes(kind),
      );
  }
}

const NOTE_KINDS = [
  'election.opened',
  'station.closed',
  'candidate.withdrawn',
  'device.enrolled',
  'device.revoked',
  'minutes.recorded',
  'contest.certified',
  'contest.reopened',
] as const;

function partsByContest(parts: readonly TotalsDoc[]): Map<string, TotalsDoc[]> {
  const byContest = new Map<string, TotalsDoc[]>();
  for (const part of parts) {
    const list = byContest.get(part.contest);
    if (list) list.push(part);
    else byContest.set(part.contest, [part]);
  }
  return byContest;
}
