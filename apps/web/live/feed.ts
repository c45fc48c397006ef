/**
 * Keeps one page's figures fresh: by the socket where it works, by asking for the snapshot every 10 s where it does
 * not, and not at all while the tab is hidden or the reader has paused.
 *
 * Missing a message loses nothing: the snapshot is asked for again whenever the server has read further than the page
 * and no message came.
 */
import { signal } from '@preact/signals';
import type { FreezeAnswer, PositionMessage, TotalsMessage, WatchRequest, WatchSnapshot } from '#wire';
import type { Verdict } from './position.ts';
import type { FeedSocket } from './socket.ts';

/** `live`: by the socket. `polling`: the server answers, but without a socket. `offline`: it does not answer. */
export type Link = 'connecting' | 'live' | 'polling' | 'offline';

export interface FeedSource {
  readonly watch: WatchRequest;
  /** Asks for the snapshot over HTTP and takes it over. Rejects where the server could not be asked. */
  refetch(): Promise<void>;
  takeSnapshot(snapshot: WatchSnapshot): void;
  takeTotals(message: TotalsMessage): Verdict;
  /** Heard each second: the freeze of publication that stands, or that there is none. */
  takeFreeze(freeze: FreezeAnswer | null): void;
  /** Whether the server knows more than the page (or the page cannot tell). */
  isBehind(serverPosition: string | null): boolean;
}

export interface FeedWorld {
  openSocket(): Promise<FeedSocket>;
  now(): number;
  /** In [0, 1). */
  random(): number;
}

const POLL_MS = 10_000;
/** While the socket works: how often a page that seems to be behind makes sure. */
const CATCH_UP_MS = 30_000;
/** Refetching clients spread over this time. */
const JITTER_MS = 3_000;

export class Feed {
  readonly link = signal<Link>('connecting');
  /** When the server last confirmed that the page knows all, milliseconds since 1970. */
  readonly lastCheck = signal<number | null>(null);
  /** Since when the server could not be reached. */
  readonly offlineSince = signal<number | null>(null);

  private socket: FeedSocket | null = null;
  private running = false;
  private socketFailed = false;
  private serverPosition: string | null = null;
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private refetchTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly source: FeedSource;
  private readonly world: FeedWorld;

  constructor(source: FeedSource, world: FeedWorld) {
    this.source = source;
    this.world = world;
  }

  /** Starts, or goes on after `stop`, catching up at once unless the page has only just asked. */
  start({ fresh = false } = {}): void {
    if (this.running) return;
    this.running = true;
    if (fresh) this.confirm();
    if (fresh) this.pollAfter(POLL_MS);
    else void this.poll();
    void this.listen();
  }

  /** Stops all work; nothing is fetched and nothing is heard until `start`. `hangUp`: nobody else needs the socket either. */
  stop({ hangUp = false } = {}): void {
    if (!this.running) return;
    this.running = false;
    clearTimeout(this.pollTimer);
    clearTimeout(this.refetchTimer);
    this.refetchTimer = undefined;
    this.leave(hangUp);
  }

  /** The snapshot soon, but not all pages of the world at the same moment. */
  refetchSoon(): void {
    if (!this.running || this.refetchTimer !== undefined) return;
    this.refetchTimer = setTimeout(() => {
      this.refetchTimer = undefined;
      void this.refetch();
    }, this.world.random() * JITTER_MS);
  }

  private async poll(): Promise<void> {
    clearTimeout(this.pollTimer);
    // The room was asked for before and refused: things may have changed.
    if (this.socketFailed && this.socket?.connected) this.onConnect();
    if (this.link.value !== 'live' || this.source.isBehind(this.serverPosition)) await this.refetch();
    if (this.running)
      this.pollAfter((this.link.value === 'live' ? CATCH_UP_MS : POLL_MS) * (0.9 + 0.2 * this.world.random()));
  }

  private pollAfter(milliseconds: number): void {
    clearTimeout(this.pollTimer);
    this.pollTimer = setTimeout(() => void this.poll(), milliseconds);
  }

  private async refetch(): Promise<void> {
    try {
      await this.source.refetch();
      this.confirm();
      if (this.link.value === 'offline' || (this.link.value === 'connecting' && this.socketFailed))
        this.link.value = 'polling';
    } catch {
      if (!this.running || this.link.value === 'live') return;
      this.offlineSince.value ??= this.lastCheck.value ?? this.world.now();
      this.link.value = 'offline';
    }
  }

  private confirm(): void {
    this.lastCheck.value = this.world.now();
    this.offlineSince.value = null;
  }

  /* ---------------------------------------------------------- the socket */

  private async listen(): Promise<void> {
    try {
      const socket = await this.world.openSocket();
      if (!this.running || this.socket) return;
      this.socket = socket;
      socket.on('connect', this.onConnect);
      socket.on('disconnect', this.onLost);
      socket.on('connect_error', this.onLost);
      socket.on('totals', this.onTotals);
      socket.on('position', this.onPosition);
      if (socket.connected) this.onConnect();
      else socket.connect();
    } catch {
      this.onLost();
    }
  }

  private leave(hangUp: boolean): void {
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.off('connect', this.onConnect);
    socket.off('disconnect', this.onLost);
    socket.off('connect_error', this.onLost);
    socket.off('totals', this.onTotals);
    socket.off('position', this.onPosition);
    if (socket.connected) socket.unwatch(this.source.watch);
    if (hangUp) socket.disconnect();
    if (this.link.value === 'live') this.link.value = 'connecting';
  }

  private readonly onConnect = (): void => {
    const { socket } = this;
    if (!socket) return;
    socket.watch(this.source.watch).then(
      (snapshot) => {
        if (this.socket !== socket || !socket.connected) return;
        if (typeof snapshot?.position !== 'string') return this.onLost();
        this.source.takeSnapshot(snapshot);
        this.socketFailed = false;
        this.link.value = 'live';
        this.confirm();
      },
      () => this.onLost(),
    );
  };

  private readonly onLost = (): void => {
    if (!this.running) return;
    this.socketFailed = true;
    const wasLive = this.link.value === 'live';
    if (wasLive || (this.link.value === 'connecting' && this.lastCheck.value !== null)) this.link.value = 'polling';
    if (!wasLive) return;
    this.pollAfter(this.world.random() * JITTER_MS);
  };

  private readonly onTotals = (message: TotalsMessage): void => {
    const { election, unit, contest, track } = this.source.watch;
    if (message.election !== election || message.unit !== unit || message.track !== track) return;
    if ((message.contest ?? undefined) !== contest) return;
    if (this.source.takeTotals(message) === 'refetch') this.refetchSoon();
  };

  private readonly onPosition = (message: PositionMessage): void => {
    if (message.election !== this.source.watch.election) return;
    this.serverPosition = message.position;
    this.source.takeFreeze(message.freeze ?? null);
    this.confirm();
  };
}
