/** What the page of a unit shows: the contest's totals there and in the units below, kept fresh. */
import { batch, computed, signal } from '@preact/signals';
import type { Track } from '#domain';
import type {
  ContestSummary,
  ElectionAnswer,
  FreezeAnswer,
  ResultsAnswer,
  TimelineAnswer,
  TotalsMessage,
  UnitAnswer,
  WatchRequest,
  WatchSnapshot,
} from '#wire';
import { addresses, type NodeAddress } from './addresses.ts';
import { Feed } from './feed.ts';
import { takeFreeze } from './freeze.ts';
import { getJson, lastAnswer, RequestFailed } from './http.ts';
import { applyMessage, type LiveNode, type Part, partOfAnswer, partOfRows, type Scope, takeSnapshot } from './part.ts';
import { isNotBeyond, readPosition, type Verdict } from './position.ts';
import { mayLogBeOut } from './publication.ts';
import { browser, runWhileWatched, watching } from './watching.ts';

/** How many sheets had been received at a time (RFC 3339). */
export type Arrival = Pick<TimelineAnswer['points'][number], 'time' | 'received'>;

interface Parts {
  readonly totals: Part | null;
  readonly children: Part | null;
}

export interface UnitPlace {
  readonly election: string;
  readonly unit: string | undefined;
  readonly contest: string | undefined;
  readonly track: Track;
}

/** Figures on the page change at most this often, however often messages come. */
const SHOW_EVERY_MS = 1_000;
/** Where shares can't be told without another answer, that answer is waited for so long. */
const SHOW_UNSURE_AFTER_MS = 8_000;
/** Certification, withdrawals and moments of publication come with the unit's answer. */
const FACTS_EVERY_MS = 60_000;
const RETRY_MS = 10_000;

export class UnitModel {
  readonly election = signal<ElectionAnswer | undefined>(undefined);
  readonly unit = signal<UnitAnswer | undefined>(undefined);
  readonly totals = signal<Part | null>(null);
  readonly children = signal<Part | null>(null);
  /** How the sheets came in, up to what is shown now. */
  readonly arrivals = signal<readonly Arrival[]>([]);
  readonly hasTrackAll = signal(false);
  readonly failure = signal<RequestFailed | undefined>(undefined);
  readonly feed: Feed;

  readonly contest = computed((): ContestSummary | undefined => {
    const contests = this.unit.value?.contests;
    return contests?.find(({ id }) => id === this.place.contest) ?? contests?.[0];
  });
  readonly node = computed((): LiveNode | undefined => {
    const code = this.unit.value?.code;
    return code === undefined ? undefined : this.totals.value?.nodes.get(code);
  });

  readonly place: UnitPlace;
  /** What is known, ahead of what is shown by a second at most. */
  private known: Parts = { totals: null, children: null };
  /** The last answers over HTTP: figures with their shares, where messages bring none. */
  private answered: Parts = { totals: null, children: null };
  private showTimer: ReturnType<typeof setTimeout> | undefined;
  private unsureTimer: ReturnType<typeof setTimeout> | undefined;
  private factsTimer: ReturnType<typeof setTimeout> | undefined;
  private endFeed: (() => void) | undefined;
  private ended = false;

  constructor(place: UnitPlace) {
    this.place = place;
    this.election.value = lastAnswer(addresses.election(place.election));
    this.unit.value = lastAnswer(addresses.unit(place.election, this.unitCode(), place.contest));
    const address = this.nodeAddress();
    if (address) {
      this.takeAnswers(lastAnswer(addresses.totals(address)), lastAnswer(addresses.children(address)));
      this.arrivals.value = lastAnswer<Pick<TimelineAnswer, 'points'>>(addresses.timeline(address))?.points ?? [];
      this.hasTrackAll.value = hasTrackAll(lastAnswer(addresses.totals({ ...address, track: 'all' })));
    }
    this.show();
    const source = {
      get watch(): WatchRequest {
        return watchOf();
      },
      refetch: () => this.refetch(),
      takeSnapshot: (snapshot: WatchSnapshot) => this.takeRows(snapshot),
      takeTotals: (message: TotalsMessage) => this.takeMessage(message),
      takeFreeze: (freeze: FreezeAnswer | null) => takeFreeze(this.election, freeze),
      isBehind: (position: string | null) => this.isBehind(position),
    };
    const watchOf = (): WatchRequest => ({ ...(this.nodeAddress() ?? nowhere(place)), children: true });
    this.feed = new Feed(source, browser);
  }

  /** Loads the page and keeps it fresh until `end`. */
  start(): void {
    this.ended = false;
    void this.load();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.factsTimer);
    clearTimeout(this.showTimer);
    clearTimeout(this.unsureTimer);
    this.showTimer = undefined;
    this.unsureTimer = undefined;
    this.endFeed?.();
    this.endFeed = undefined;
  }

  private unitCode(): string {
    return this.place.unit ?? this.election.value?.root ?? '';
  }

  private nodeAddress(): NodeAddress | undefined {
    const unit = this.unit.value;
    const contest = this.contest.value;
    if (!unit || !contest) return undefined;
    return { election: this.place.election, unit: unit.code, contest: contest.id, track: this.place.track };
  }

  private async load(): Promise<void> {
    try {
      await this.loadFacts();
      await this.refetch();
      if (this.ended) return;
      this.failure.value = undefined;
      this.endFeed = runWhileWatched(this.feed);
      void this.loadExtras();
    } catch (error) {
      if (this.ended) return;
      this.failure.value = error instanceof RequestFailed ? error : new RequestFailed(0);
      const isFinal = this.failure.value.status === 404;
      if (!isFinal) this.factsTimer = setTimeout(() => void this.load(), this.failure.value.retryAfterMs ?? RETRY_MS);
    }
  }

  private async loadFacts(): Promise<void> {
    const { election, contest } = this.place;
    const ofElection = getJson<ElectionAnswer>(addresses.election(election));
    const code = this.place.unit ?? (await ofElection).root;
    const [electionAnswer, unitAnswer] = await Promise.all([
      ofElection,
      getJson<UnitAnswer>(addresses.unit(election, code, contest)),
    ]);
    if (this.ended) return;
    batch(() => {
      this.election.value = electionAnswer;
      this.unit.value = unitAnswer;
    });
  }

  /** What may come later or not at all: the timeline, whether there is a track `all`, and new facts each minute. */
  private async loadExtras(): Promise<void> {
    const address = this.nodeAddress();
    if (this.ended || !address) return;
    if (this.node.peek()?.published)
      await Promise.all([
        getJson<TimelineAnswer>(addresses.timeline(address)).then(({ points }) => {
          this.arrivals.value = points;
          this.addArrival();
        }, ignore),
        this.mayHaveTrackAll() && this.findTrackAll(address).catch(ignore),
      ]);
    if (this.ended) return;
    clearTimeout(this.factsTimer);
    this.factsTimer = setTimeout(() => void this.renewFacts(), FACTS_EVERY_MS);
  }

  /** The clock alone may have published something: the figures are asked for again as well. */
  private async renewFacts(): Promise<void> {
    if (watching.peek())
      await this.loadFacts()
        .then(() => this.refetch())
        .catch(ignore);
    await this.loadExtras();
  }

  /** With the log comes the track `all`; whether it is out, only the server can tell for sure. */
  private mayHaveTrackAll(): boolean {
    const election = this.election.value;
    return election !== undefined && mayLogBeOut(election, this.unit.value?.contests ?? [], Date.now());
  }

  private async findTrackAll(address: NodeAddress): Promise<void> {
    this.hasTrackAll.value = hasTrackAll(await getJson<ResultsAnswer>(addresses.totals({ ...address, track: 'all' })));
  }

  /* ---------------------------------------------------------- figures */

  private scopeOf(which: 'totals' | 'children', { unit, contest, track }: NodeAddress): Scope {
    const validField = this.contest.value?.fields.find(({ role }) => role === 'valid')?.id;
    return {
      contest,
      track,
      validField,
      includes: which === 'totals' ? (code) => code === unit : (code) => code !== unit,
    };
  }

  private async refetch(): Promise<void> {
    const address = this.nodeAddress();
    if (!address) return;
    const [totals, children] = await Promise.all([
      getJson<ResultsAnswer>(addresses.totals(address)),
      getJson<ResultsAnswer>(addresses.children(address)),
    ]);
    if (this.ended) return;
    this.takeAnswers(totals, children);
    this.show();
  }

  private takeAnswers(totals: ResultsAnswer | undefined, children: ResultsAnswer | undefined): void {
    const address = this.nodeAddress();
    if (!address) return;
    const answer: Parts = {
      totals: totals ? partOfAnswer(totals, this.scopeOf('totals', address)) : null,
      children: children ? partOfAnswer(children, this.scopeOf('children', address)) : null,
    };
    this.answered = laterOf(this.answered, answer);
    this.known = laterOf(this.known, answer);
  }

  private takeRows(snapshot: WatchSnapshot): void {
    const address = this.nodeAddress();
    if (!address) return;
    const { known } = this;
    const part = (which: 'totals' | 'children'): Part | null =>
      takeSnapshot(known[which], partOfRows(snapshot, snapshot[which], this.scopeOf(which, address), known[which]));
    this.known = { totals: part('totals'), children: part('children') };
    this.afterRows();
  }

  private takeMessage(message: TotalsMessage): Verdict {
    const address = this.nodeAddress();
    const { totals, children } = this.known;
    if (!address || !totals || !children) return 'refetch';
    const first = applyMessage(totals, message, this.scopeOf('totals', address));
    const second = applyMessage(children, message, this.scopeOf('children', address));
    this.known = { totals: first.part, children: second.part };
    this.afterRows();
    return first.verdict === 'refetch' || second.verdict === 'refetch' ? 'refetch' : first.verdict;
  }

  private afterRows(): void {
    const { totals, children } = this.known;
    // Shares whose divisor is not known yet are not shown: the answer that is asked for brings figures and shares together.
    if (!lacksShares(totals) && !lacksShares(children)) {
      this.showTimer ??= setTimeout(() => this.show(), SHOW_EVERY_MS);
      return;
    }
    this.feed.refetchSoon();
    this.showUnsureLater();
  }

  /** Shows what is known; where that lacks shares, the last answer, which has them and may be a little older. */
  private show({ evenWithoutShares = false } = {}): void {
    clearTimeout(this.showTimer);
    clearTimeout(this.unsureTimer);
    this.showTimer = undefined;
    this.unsureTimer = undefined;
    const { known, answered } = this;
    const isUnsure = lacksShares(known.totals) || lacksShares(known.children);
    const wasPublished = this.node.peek()?.published ?? false;
    const shown = laterOf(
      { totals: this.totals.peek(), children: this.children.peek() },
      isUnsure && !evenWithoutShares ? answered : known,
    );
    batch(() => {
      this.totals.value = shown.totals;
      this.children.value = shown.children;
      this.addArrival();
    });
    if (isUnsure && !evenWithoutShares) this.showUnsureLater();
    if (this.endFeed && !wasPublished && this.node.peek()?.published) void this.loadExtras();
  }

  private showUnsureLater(): void {
    this.unsureTimer ??= setTimeout(() => this.show({ evenWithoutShares: true }), SHOW_UNSURE_AFTER_MS);
  }

  /** Goes on with the line of arrivals as far as the figures shown. */
  private addArrival(): void {
    const time = this.totals.peek()?.asOf;
    const received = this.node.peek()?.progress?.received;
    const last = this.arrivals.peek().at(-1);
    if (!time || received === undefined || !last || received === last.received || time <= last.time) return;
    this.arrivals.value = [...this.arrivals.peek(), { time, received }];
  }

  private isBehind(serverPosition: string | null): boolean {
    const server = serverPosition === null ? null : readPosition(serverPosition);
    const { totals, children } = this.known;
    if (!server || !totals || !children || totals.isUnsure || children.isUnsure) return true;
    return !isNotBeyond(server, totals.position) || !isNotBeyond(server, children.position);
  }
}

function hasTrackAll(answer: ResultsAnswer | undefined): boolean {
  return answer?.nodes.some(({ tracks }) => tracks.all !== undefined) ?? false;
}

function nowhere({ election, unit, contest, track }: UnitPlace): NodeAddress {
  return { election, unit: unit ?? '', contest: contest ?? '', track };
}

/** The later of two answers, part by part; nothing shown ever goes back. */
function laterOf(own: Parts, next: Parts): Parts {
  return {
    totals: takeSnapshot(own.totals, next.totals),
    children: takeSnapshot(own.children, next.children),
  };
}

/** Figures came without what their shares are shares of, and no default can be told. */
function lacksShares(part: Part | null): boolean {
  return part?.isUnsure === true && part.divisor === null;
}

function ignore(): undefined {
  return undefined;
}
