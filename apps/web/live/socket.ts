/** The one socket of the page; the client is loaded only when somebody wants to listen. */
import type { AttemptMessage, PositionMessage, TotalsMessage, WatchRequest, WatchSnapshot } from '#wire';

export interface FeedEvents {
  connect(): void;
  disconnect(): void;
  connect_error(): void;
  totals(message: TotalsMessage): void;
  position(message: PositionMessage): void;
  attempt(message: AttemptMessage): void;
}

interface FeedPlace {
  readonly election: string;
  readonly unit: string;
}

/** As much of socket.io's client as the feed needs. */
export interface FeedSocket {
  readonly connected: boolean;
  on<Name extends keyof FeedEvents>(name: Name, listener: FeedEvents[Name]): unknown;
  off<Name extends keyof FeedEvents>(name: Name, listener: FeedEvents[Name]): unknown;
  /** Asks for a room; rejects where no acknowledgement comes in time. */
  watch(request: WatchRequest): Promise<WatchSnapshot>;
  unwatch(request: WatchRequest): void;
  connect(): void;
  disconnect(): void;
}

/** The same for those who may hear of attempts. */
export interface AttemptSocket extends FeedSocket {
  /** Asks for the attempts of an area; rejects where no acknowledgement comes in time. */
  feed(request: FeedPlace): Promise<unknown>;
  unfeed(request: FeedPlace): void;
}

const ACKNOWLEDGE_MS = 8_000;
let opened: Promise<AttemptSocket> | null = null;

export function openSocket(): Promise<AttemptSocket> {
  opened ??= open().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function open(): Promise<AttemptSocket> {
  const { io } = await import('socket.io-client');
  const socket = io('/live', {
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: 1_000,
    reconnectionDelayMax: 15_000,
    randomizationFactor: 0.5,
  });
  return {
    get connected() {
      return socket.connected;
    },
    on: (name, listener) => socket.on(name as string, listener as () => void),
    off: (name, listener) => socket.off(name as string, listener as () => void),
    watch: (request) => socket.timeout(ACKNOWLEDGE_MS).emitWithAck('watch', request) as Promise<WatchSnapshot>,
    unwatch: (request) => void socket.emit('unwatch', request),
    feed: (request) => socket.timeout(ACKNOWLEDGE_MS).emitWithAck('feed', request) as Promise<unknown>,
    unfeed: (request) => void socket.emit('unfeed', request),
    connect: () => void socket.connect(),
    disconnect: () => void socket.disconnect(),
  };
}
