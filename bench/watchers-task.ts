/** Clients of a live feed, all in this process: each watches one thing and notes when which position reached it. */
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { TotalsMessage, WatchRequest, WatchSnapshot } from '#wire';
import { answering } from './child.ts';
import { nowMs } from './latencies.ts';

export type WatchersRequest =
  /** Connects clients; one that wishes for nothing takes what is broadcast. */
  | { readonly do: 'watch'; readonly url: string; readonly wishes: readonly (WatchRequest | null)[] }
  /** Ends them once nothing new was told for a while, and hands over what they noted. */
  | { readonly do: 'report' };

export interface Heard {
  /** By this machine's steady clock, milliseconds. */
  readonly at: number;
  /** Of Tally: the next offset of each shard. Of a bare server: the number of what it broadcast. */
  readonly to: readonly number[];
}

/** One list a client, in the order of the wishes. */
export type WatchersAnswer = readonly (readonly Heard[])[];

interface Watcher {
  readonly socket: Socket;
  readonly heard: Heard[];
}

const TIMEOUT_MS = 30_000;
const QUIET_MS = 2_000;
const AT_ONCE = 50;
let watchers: Watcher[] = [];

answering(async (request: WatchersRequest): Promise<WatchersAnswer> => {
  if (request.do === 'watch') {
    watchers = [];
    // Many at once would overrun the queue of connections that wait to be accepted.
    for (let from = 0; from < request.wishes.length; from += AT_ONCE)
      watchers.push(
        ...(await Promise.all(request.wishes.slice(from, from + AT_ONCE).map((wish) => watch(request.url, wish)))),
      );
    return [];
  }
  await quiet();
  for (const { socket } of watchers) socket.disconnect();
  return watchers.map(({ heard }) => heard);
});

/** Resolves once nobody was told anything for several turns of a room. */
async function quiet(): Promise<void> {
  const deadline = nowMs() + TIMEOUT_MS;
  const told = (): number => watchers.reduce((sum, { heard }) => sum + heard.length, 0);
  for (let before = -1; before !== told(); ) {
    if (nowMs() > deadline) throw new Error('watchers are told and told, though nothing is sent');
    before = told();
    await delay(QUIET_MS);
  }
}

async function watch(url: string, wish: WatchRequest | null): Promise<Watcher> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, timeout: TIMEOUT_MS });
  const heard: Heard[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') throw new Error(`a watcher was cut off: ${reason}`);
  });
  if (wish) {
    socket.on('totals', ({ to }: TotalsMessage) => heard.push({ at: nowMs(), to: offsetsOf(to) }));
    const answer: WatchSnapshot & { error?: unknown } = await socket.timeout(TIMEOUT_MS).emitWithAck('watch', wish);
    if (answer.error) throw new Error(`could not watch ${wish.unit}: ${JSON.stringify(answer.error)}`);
  } else socket.on('echo', ({ number }: { number: number }) => heard.push({ at: nowMs(), to: [number] }));
  return { socket, heard };
}

function offsetsOf(position: string): number[] {
  return position.split(',').map((part) => Number(part.slice(part.indexOf(':') + 1)));
}
