/** Comparing two models at one position, document by document: what differs, where, in which figures, and since when. */
import { isDeepStrictEqual } from 'node:util';
import type { Contest, Position, Unit } from '#domain';
import type { NoteDoc, ReadModel, SheetDoc, TotalsDoc } from '#read-model';
import type { ReplayDifference, ReplayProgress } from '#wire';
import { ahead } from './ahead.ts';
import { findCauses } from './causes.ts';
import { differentFigures } from './different-figures.ts';
import { attemptPairs, type Filed, type Found } from './differing.ts';
import { NOTE_KINDS } from './documents.ts';
import type { ServedElection } from './elections.ts';
import { fingerprint } from './results.ts';
import { View } from './view.ts';

interface Comparison {
  readonly position: Position;
  readonly compared: number;
  readonly attempts: number;
  readonly different: number;
  readonly differences: readonly ReplayDifference[];
  readonly live: string;
  readonly rebuilt: string;
}

const MAX_DIFFERENCES = 100;

/** Compares two models at the newest position that both have reached. */
export async function compareModels(
  served: ServedElection,
  live: ReadModel,
  rebuilt: ReadModel,
  options: { readonly onProgress?: (progress: ReplayProgress) => void } = {},
): Promise<Comparison> {
  const position = await commonPosition(live, rebuilt);
  const a = await View.open(served, live, position);
  const b = await View.open(served, rebuilt, position);
  try {
    const compared = new Comparer(a, b, options);
    await compared.run();
    const { nodes, attempts, different } = compared;
    const causes = await findCauses(a, b, compared.found);
    const differences: ReplayDifference[] = [];
    for (const [i, found] of compared.found.entries())
      differences.push({ ...named(found), figures: await differentFigures(a, b, found), cause: causes[i]! });
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

function named(found: Found): Pick<ReplayDifference, 'node' | 'live' | 'rebuilt' | 'unit' | 'contest'> {
  const { live, rebuilt } = found;
  switch (found.kind) {
    case 'sheet':
    case 'totals': {
      const { unit, contest } = found;
      const docs = (of: unknown): unknown[] => [of].flat().filter((doc) => doc !== undefined);
      const node = `${unit.code}/${contest.id}`;
      return { node, live: docs(live), rebuilt: docs(rebuilt), unit: unit.code, contest: contest.id };
    }
    case 'state': {
      const { unit, contest, place } = found;
      const node = `state ${unit.code}/${contest.id} ${textOf(place)}`;
      return { node, live, rebuilt, unit: unit.code, contest: contest.id };
    }
    case 'attempt': {
      const { station = null, contest = null } = found.rebuilt ?? found.live ?? {};
      return { node: `attempt ${textOf(found.place)}`, live, rebuilt, unit: station, contest };
    }
    case 'note':
      return { node: `note ${found.note} ${textOf(found.place)}`, live, rebuilt, unit: null, contest: null };
  }
}

function textOf({ shard, offset }: Filed): string {
  return `${shard}:${offset}`;
}

class Comparer {
  nodes = 0;
  attempts = 0;
  different = 0;
  /** The first hundred. */
  readonly found: Found[] = [];
  readonly #live: View;
  readonly #rebuilt: View;
  readonly #options: { readonly onProgress?: (progress: ReplayProgress) => void };
  /** Ends of the log, as last looked at. */
  #ends: Position = [];

  constructor(live: View, rebuilt: View, options: { readonly onProgress?: (progress: ReplayProgress) => void }) {
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

  #differ(found: Found): void {
    this.different += 1;
    if (this.found.length < MAX_DIFFERENCES) this.found.push(found);
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
    const comparing = contests.map(async (contest, i) => {
      const [a, b] = [live[i], rebuilt[i]];
      const isSame = await this.#areSame([a], [b], (view, [doc]) => view.sheetDocAsOf(station, contest, doc));
      if (!isSame) this.#differ({ kind: 'sheet', unit: station, contest, live: a, rebuilt: b });
    });
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
      const isSame = await this.#areSame(a, b, (view) => view.totals(unit, contest));
      if (!isSame) this.#differ({ kind: 'totals', unit, contest, live: a, rebuilt: b });
      const shards = [...new Set([...a, ...b].map((part) => part.shard))];
      await Promise.all(shards.map((shard) => this.#compareStates(unit, contest, shard)));
    });
    await Promise.all(comparing);
  }

  /** The full states that are kept of a part: figures at earlier positions rest on them. */
  async #compareStates(unit: Unit, contest: Contest, shard: number): Promise<void> {
    const [live, rebuilt] = await Promise.all([
      this.#live.snapshot.statesOf(unit.code, contest.id, shard),
      this.#rebuilt.snapshot.statesOf(unit.code, contest.id, shard),
    ]);
    this.#compareFiled(live, rebuilt, (place, a, b) =>
      this.#differ({ kind: 'state', unit, contest, place, live: a, rebuilt: b }),
    );
  }

  /** Documents filed under an offset, those before the position, each with its like. */
  #compareFiled<Doc extends TotalsDoc | NoteDoc>(
    live: readonly Doc[],
    rebuilt: readonly Doc[],
    differ: (place: Filed, live: Doc | undefined, rebuilt: Doc | undefined) => void,
  ): void {
    const byPlace = (docs: readonly Doc[]): Map<string, Doc> =>
      new Map(docs.filter((doc) => this.#areBefore(this.#live.position, [doc])).map((doc) => [textOf(doc), doc]));
    const ours = byPlace(live);
    const theirs = byPlace(rebuilt);
    for (const text of new Set([...ours.keys(), ...theirs.keys()])) {
      const [a, b] = [ours.get(text), theirs.get(text)];
      if (!isDeepStrictEqual(a, b)) differ((a ?? b)!, a, b);
    }
  }

  /** Documents as they are where they lie before the position, else what they were at it. */
  async #areSame<Doc extends Filed | undefined>(
    live: readonly Doc[],
    rebuilt: readonly Doc[],
    asOf: (view: View, docs: readonly Doc[]) => Promise<unknown>,
  ): Promise<boolean> {
    this.nodes += 1;
    const isBefore = this.#areBefore(this.#live.position, live) && this.#areBefore(this.#live.position, rebuilt);
    if (isBefore) return isDeepStrictEqual(live, rebuilt);
    // What claims to come from beyond the end of the log would never give way to what comes.
    if (!(await this.#areInLog(live))) return false;
    return isDeepStrictEqual(await asOf(this.#live, live), await asOf(this.#rebuilt, rebuilt));
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
    for (const shard of this.#live.position.keys())
      for await (const { offset, ours, theirs } of attemptPairs(this.#live, this.#rebuilt, shard)) {
        this.attempts += 1;
        if (!theirs || !isDeepStrictEqual(ours, theirs))
          this.#differ({ kind: 'attempt', place: { shard, offset }, live: ours, rebuilt: theirs });
      }
  }

  async #compareNotes(): Promise<void> {
    for (const note of NOTE_KINDS) {
      const [live, rebuilt] = [await this.#live.snapshot.notes(note), await this.#rebuilt.snapshot.notes(note)];
      this.#compareFiled(live, rebuilt, (place, a, b) =>
        this.#differ({ kind: 'note', note, place, live: a, rebuilt: b }),
      );
    }
  }
}

function partsByContest(parts: readonly TotalsDoc[]): Map<string, TotalsDoc[]> {
  const byContest = new Map<string, TotalsDoc[]>();
  for (const part of parts) {
    const list = byContest.get(part.contest);
    if (list) list.push(part);
    else byContest.set(part.contest, [part]);
  }
  return byContest;
}
