/** Counts anew: folds every event, and adds up the tree from what each sheet is at the end. */
import {
  type AnyEvent,
  type Contest,
  CSV_HEADER,
  compareBytes,
  csvOf,
  DEFAULT_TRACKS,
  type Election,
  type NodeTotals,
  progressOf,
  type RejectionCode,
  ShardFold,
  stationTotals,
  TreeTotals,
  type Unit,
} from '#domain';

/** Sheets come to rest after so many events. */
const REST_EVERY = 256;

export interface Certification {
  /** Offset of the event. */
  readonly at: string;
  readonly fingerprint: string;
}

export type OnEvent = (place: string, event: AnyEvent, isAccepted: boolean) => void;

export class Recount {
  readonly election: Election;
  accepted = 0;
  readonly rejected = new Map<RejectionCode, number>();
  /** The contests that are certified at the end. */
  readonly certified = new Map<Contest, Certification>();
  readonly #folds: readonly ShardFold[];
  readonly #onEvent: OnEvent | undefined;

  /** `onEvent` is told of every event that could be read. */
  constructor(election: Election, onEvent?: OnEvent) {
    this.election = election;
    this.#onEvent = onEvent;
    this.#folds = Array.from(
      { length: election.definition.shards },
      (_, shard) => new ShardFold(election, shard, null),
    );
  }

  /** The next event of a shard. `key`: what its record lies under where that is not what the event gives. */
  add(shard: number, offset: number, value: Uint8Array, key: string | null): void {
    const fold = this.#folds[shard]!;
    const { outcome, rejection, event } = fold.fold({ offset, key, value });
    if (offset % REST_EVERY === 0) fold.discard();
    if (event) this.#onEvent?.(`${shard}:${offset}`, event, outcome === 'accepted');
    if (outcome === 'rejected') {
      this.rejected.set(rejection!, (this.rejected.get(rejection!) ?? 0) + 1);
      return;
    }
    this.accepted += 1;
    if (event?.type === 'tally.contest.certified.v1')
      this.certified.set(this.election.contest(event.subject)!, {
        at: `${shard}:${offset}`,
        fingerprint: event.data.fingerprint,
      });
    if (event?.type === 'tally.contest.reopened.v1') this.certified.delete(this.election.contest(event.subject)!);
  }

  /** The long form of all results, unit by unit, and the lines of each contest on the way. */
  *csv(onLines: (contest: Contest, lines: string) => void = () => undefined): Generator<string> {
    const { election } = this;
    const tree = new TreeTotals(election);
    for (const fold of this.#folds)
      for (const { station, contest, view } of fold.views()) tree.add(station, contest, view);
    yield CSV_HEADER;
    for (const unit of [...election.units].sort((a, b) => compareBytes(a.code, b.code))) {
      let text = '';
      for (const contest of [...election.contestsAt(unit)].sort((a, b) => compareBytes(a.id, b.id))) {
        const lines = this.#lines(unit, contest, this.#totals(tree, unit, contest));
        onLines(contest, lines);
        text += lines;
      }
      yield text;
    }
  }

  #totals(tree: TreeTotals, unit: Unit, contest: Contest): NodeTotals {
    if (!unit.isStation) return tree.totals(unit, contest);
    return stationTotals(contest, unit, this.#folds[unit.shard]!.view(unit, contest));
  }

  #lines(unit: Unit, contest: Contest, totals: NodeTotals): string {
    const progress = progressOf(this.election, contest, unit, totals);
    return csvOf({ unit, contest, totals, progress, seesProgress: true, seesResults: true }, DEFAULT_TRACKS);
  }
}
