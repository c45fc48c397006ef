import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PositionMessage, TotalsMessage, WatchRequest, WatchSnapshot } from '#wire';
import { Feed, type FeedSource } from './feed.ts';
import type { Verdict } from './position.ts';
import type { FeedEvents, FeedSocket } from './socket.ts';

/** A socket in the hand of the test. */
class FakeSocket implements FeedSocket {
  connected = false;
  readonly watched: WatchRequest[] = [];
  readonly left: WatchRequest[] = [];
  answers: Promise<WatchSnapshot> = Promise.resolve({ position: '0:5', asOf: null, totals: [], children: [] });
  private readonly listeners = new Map<string, (message?: never) => void>();

  on<Name extends keyof FeedEvents>(name: Name, listener: FeedEvents[Name]): void {
    this.listeners.set(name, listener as (message?: never) => void);
  }
  off(name: keyof FeedEvents): void {
    this.listeners.delete(name);
  }
  say(name: keyof FeedEvents, message?: unknown): void {
    this.listeners.get(name)?.(message as never);
  }
  watch(request: WatchRequest): Promise<WatchSnapshot> {
    this.watched.push(request);
    return this.answers;
  }
  unwatch(request: WatchRequest): void {
    this.left.push(request);
  }
  connect(): void {}
  comeUp(): void {
    this.connected = true;
    this.say('connect');
  }
  goDown(): void {
    this.connected = false;
    this.say('disconnect');
  }
  disconnect(): void {
    this.connected = false;
  }
}

const watch: WatchRequest = { election: 'e', unit: '09', contest: 'na-1', track: 'provisional', children: true };

function setUp() {
  const socket = new FakeSocket();
  const calls = { refetches: 0, snapshots: 0, totals: 0 };
  const world = { reachable: true, verdict: 'apply' as Verdict, behind: false };
  const source: FeedSource = {
    watch,
    async refetch() {
      calls.refetches += 1;
      if (!world.reachable) throw new Error('no connection');
    },
    takeSnapshot() {
      calls.snapshots += 1;
    },
    takeTotals() {
      calls.totals += 1;
      return world.verdict;
    },
    takeFreeze() {},
    isBehind: () => world.behind,
  };
  const feed = new Feed(source, { openSocket: async () => socket, now: Date.now, random: () => 0.5 });
  return { socket, calls, world, feed };
}

const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0);
const seconds = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(count * 1000);
const totals = (part: Partial<TotalsMessage> = {}): TotalsMessage => ({
  election: 'e',
  unit: '09',
  contest: 'na-1',
  track: 'provisional',
  from: '0:5',
  to: '0:6',
  asOf: null,
  changes: [],
  ...part,
});
const position = (at: string): PositionMessage => ({
  election: 'e',
  position: at,
  asOf: null,
  lag: { events: 0, ms: 0 },
});

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the feed of a page', () => {
  it('goes live with the snapshot of its room and then asks for nothing', async () => {
    const { feed, socket, calls } = setUp();
    feed.start({ fresh: true });
    await settle();
    socket.comeUp();
    await settle();
    expect(socket.watched).toEqual([watch]);
    expect(feed.link.value).toBe('live');
    await seconds(120);
    expect(calls).toEqual({ refetches: 0, snapshots: 1, totals: 0 });
    feed.stop();
  });

  it('makes sure when the server has read further and no message came', async () => {
    const { feed, socket, calls, world } = setUp();
    feed.start({ fresh: true });
    await settle();
    socket.comeUp();
    await settle();
    world.behind = true;
    socket.say('position', position('0:9'));
    await seconds(45);
    expect(calls.refetches).toBeGreaterThanOrEqual(1);
    feed.stop();
  });

  it('asks for the snapshot, with a delay, when a message is from beyond what it knows', async () => {
    const { feed, socket, calls, world } = setUp();
    feed.start({ fresh: true });
    await settle();
    socket.comeUp();
    await settle();
    world.verdict = 'refetch';
    socket.say('totals', totals());
    socket.say('totals', totals());
    expect(calls.refetches).toBe(0);
    await seconds(3);
    expect(calls).toMatchObject({ totals: 2, refetches: 1 });
    feed.stop();
  });

  it('hears only its own room', async () => {
    const { feed, socket, calls } = setUp();
    feed.start({ fresh: true });
    await settle();
    socket.comeUp();
    await settle();
    socket.say('totals', totals({ unit: '10' }));
    socket.say('totals', totals({ contest: 'na-2' }));
    socket.say('totals', totals({ track: 'verified' }));
    socket.say('totals', totals({ election: 'other' }));
    expect(calls.totals).toBe(0);
    feed.stop();
  });

  it('asks every ten seconds while there is no socket, and says so', async () => {
    const { feed, socket, calls } = setUp();
    feed.start({ fresh: true });
    await settle();
    socket.say('connect_error');
    expect(feed.link.value).toBe('polling');
    await seconds(31);
    expect(calls.refetches).toBe(3);
    socket.comeUp();
    await settle();
    expect(feed.link.value).toBe('live');
    socket.goDown();
    expect(feed.link.value).toBe('polling');
    await seconds(3);
    expect(calls.refetches).toBe(4);
    feed.stop();
  });

  it('says since when the server cannot be reached, and when it can again', async () => {
    const { feed, socket, world } = setUp();
    feed.start({ fresh: true });
    const lastSure = feed.lastCheck.value;
    await settle();
    socket.say('connect_error');
    world.reachable = false;
    await seconds(11);
    expect(feed.link.value).toBe('offline');
    expect(feed.offlineSince.value).toBe(lastSure);
    await seconds(30);
    expect(feed.offlineSince.value).toBe(lastSure);
    world.reachable = true;
    await seconds(11);
    expect(feed.link.value).toBe('polling');
    expect(feed.offlineSince.value).toBeNull();
    feed.stop();
  });

  it('does nothing while stopped, and catches up at once', async () => {
    const { feed, socket, calls } = setUp();
    feed.start({ fresh: true });
    await settle();
    socket.comeUp();
    await settle();
    feed.stop({ hangUp: true });
    expect(socket.left).toEqual([watch]);
    expect(socket.connected).toBe(false);
    socket.say('totals', totals());
    await seconds(600);
    expect(calls).toMatchObject({ refetches: 0, totals: 0 });
    feed.start();
    await settle();
    expect(calls.refetches).toBe(1);
    feed.stop();
  });

  it('asks for its room again where that was refused', async () => {
    const { feed, socket } = setUp();
    socket.answers = Promise.resolve({ error: { title: 'no' } } as unknown as WatchSnapshot);
    feed.start({ fresh: true });
    await settle();
    socket.comeUp();
    await settle();
    expect(feed.link.value).toBe('polling');
    socket.answers = Promise.resolve({ position: '0:5', asOf: null, totals: [], children: [] });
    await seconds(11);
    expect(feed.link.value).toBe('live');
    expect(socket.watched).toHaveLength(2);
    feed.stop();
  });
});
