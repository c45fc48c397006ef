/** What the page of a sheet shows: its present state and every attempt on it, asked for anew when it changes. */
import { batch, computed, signal } from '@preact/signals';
import type { ContestSummary, ElectionAnswer, HistoryAnswer, SheetAnswer, TotalsMessage, UnitAnswer } from '#wire';
import { addresses } from './addresses.ts';
import { Feed } from './feed.ts';
import { takeFreeze } from './freeze.ts';
import { getJson, lastAnswer, RequestFailed } from './http.ts';
import { isNotBeyond, judgeMessage, readPosition, type Verdict } from './position.ts';
import { mayResultsBeOut } from './publication.ts';
import { browser, runWhileWatched } from './watching.ts';

export interface SheetPlace {
  readonly election: string;
  readonly station: string;
  readonly contest: string;
}

const RETRY_MS = 10_000;

export class SheetModel {
  readonly election = signal<ElectionAnswer | undefined>(undefined);
  readonly unit = signal<UnitAnswer | undefined>(undefined);
  readonly sheet = signal<SheetAnswer | undefined>(undefined);
  readonly history = signal<HistoryAnswer | undefined>(undefined);
  readonly failure = signal<RequestFailed | undefined>(undefined);
  readonly feed: Feed;

  readonly contest = computed((): ContestSummary | undefined =>
    this.unit.value?.contests.find(({ id }) => id === this.place.contest),
  );

  readonly place: SheetPlace;
  private facts: { readonly election: ElectionAnswer; readonly unit: UnitAnswer } | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private endFeed: (() => void) | undefined;
  private ended = false;

  constructor(place: SheetPlace) {
    this.place = place;
    const { election, station, contest } = place;
    this.election.value = lastAnswer(addresses.election(election));
    this.unit.value = lastAnswer(addresses.unit(election, station));
    this.sheet.value = lastAnswer(addresses.sheet(election, station, contest));
    this.history.value = lastAnswer(addresses.history(election, station, contest));
    this.feed = new Feed(
      {
        watch: { election, unit: station, contest, track: 'provisional' },
        refetch: () => this.refetch(),
        takeSnapshot: ({ position }) => this.refetchIfBehind(position),
        takeTotals: (message) => this.takeMessage(message),
        takeFreeze: (freeze) => takeFreeze(this.election, freeze),
        isBehind: (position) => this.isBehind(position),
      },
      browser,
    );
  }

  start(): void {
    this.ended = false;
    void this.load();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.retryTimer);
    this.endFeed?.();
    this.endFeed = undefined;
  }

  private async load(): Promise<void> {
    const { election, station } = this.place;
    try {
      const [electionAnswer, unitAnswer] = await Promise.all([
        getJson<ElectionAnswer>(addresses.election(election)),
        getJson<UnitAnswer>(addresses.unit(election, station)),
      ]);
      this.facts = { election: electionAnswer, unit: unitAnswer };
      await this.refetch();
      if (this.ended) return;
      batch(() => {
        this.election.value = electionAnswer;
        this.unit.value = unitAnswer;
        this.failure.value = this.contest.value ? undefined : new RequestFailed(404);
      });
      this.endFeed = runWhileWatched(this.feed);
    } catch (error) {
      if (this.ended) return;
      this.failure.value = error instanceof RequestFailed ? error : new RequestFailed(0);
      const { status, retryAfterMs } = this.failure.value;
      if (status !== 404) this.retryTimer = setTimeout(() => void this.load(), retryAfterMs ?? RETRY_MS);
    }
  }

  private async refetch(): Promise<void> {
    const { election, station, contest } = this.place;
    const [sheet, history] = await Promise.all([
      getJson<SheetAnswer>(addresses.sheet(election, station, contest)),
      this.askHistory(),
    ]);
    if (this.ended) return;
    batch(() => {
      if (isLater(this.sheet.value, sheet)) this.sheet.value = sheet;
      if (history && isLater(this.history.value, history)) this.history.value = history;
    });
  }

  /** The history comes with the results; before that the sheet has only its state. */
  private async askHistory(): Promise<HistoryAnswer | undefined> {
    const { election, station, contest: id } = this.place;
    const contest = this.facts?.unit.contests.find((candidate) => candidate.id === id);
    if (!this.facts || !contest) return undefined;
    if (!mayResultsBeOut(this.facts.election, this.facts.unit.level, contest, Date.now())) return undefined;
    return getJson<HistoryAnswer>(addresses.history(election, station, id)).catch((error: unknown) => {
      if (error instanceof RequestFailed && error.status === 403) return undefined;
      throw error;
    });
  }

  /** A message about the station says that something changed; what, the sheet itself tells. */
  private takeMessage(message: TotalsMessage): Verdict {
    const own = readPosition(this.sheet.value?.position ?? '');
    const from = readPosition(message.from);
    const to = readPosition(message.to);
    if (!own || !from || !to) return 'refetch';
    return judgeMessage(own, from, to) === 'ignore' ? 'ignore' : 'refetch';
  }

  private refetchIfBehind(position: string): void {
    if (this.isBehind(position)) this.feed.refetchSoon();
  }

  private isBehind(serverPosition: string | null): boolean {
    const server = serverPosition === null ? null : readPosition(serverPosition);
    const own = readPosition(this.sheet.value?.position ?? '');
    return !server || !own || !isNotBeyond(server, own);
  }
}

/** Never back in any shard. */
function isLater(own: { readonly position: string } | undefined, next: { readonly position: string }): boolean {
  const before = readPosition(own?.position ?? '');
  const after = readPosition(next.position);
  return !before || !after || isNotBeyond(before, after);
}
