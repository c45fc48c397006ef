/**
 * Many clients of a live feed in one process: Socket.IO's own client, or bare WebSockets. So that thousands fit beside what
 * is measured, a message is not parsed: its length and the position it leads to are all that is looked at.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { WatchRequest, WatchSnapshot } from '#wire';
import { answering } from '../child.ts';
import { nowMs } from '../latencies.ts';
import type { Heard } from '../watchers-task.ts';

export type CrowdRequest =
  | { readonly do: 'watch'; readonly url: string; readonly wishes: readonly WatchRequest[] }
  /** Clients of the bare server, each in a group of it. */
  | { readonly do: 'join'; readonly url: string; readonly groups: readonly number[] }
  /** These stop reading from their connections, and never begin again. */
  | { readonly do: 'stall'; readonly places: readonly number[] }
  /** Hands over what was heard since the last report, once nothing new comes. */
  | { readonly do: 'report' }
  | { readonly do: 'leave' };

export interface Message extends Heard {
  readonly bytes: number;
}

export interface CrowdAnswer {
  /** One list a client, in the order in which they came. */
  readonly heard: readonly (readonly Message[])[];
  /** Of the first client: what tells the position each second. */
  readonly positions: readonly Message[];
  /** Clients that were cut off. */
  readonly lost: readonly number[];
}

interface Member {
  readonly heard: Message[];
  readonly positions: Message[];
  isLost: boolean;
  stall(): void;
  leave(): void;
}

const TIMEOUT_MS = 60_000;
const QUIET_MS = 1_500;
/** More at once would overrun the queue of connections that wait to be accepted. */
const AT_ONCE = 50;
const TOTALS = '2/live,["totals",';
const POSITION = '2/live,["position",';
let members: Member[] = [];

answering(async (request: CrowdRequest): Promise<CrowdAnswer> => {
  const nothing: CrowdAnswer = { heard: [], positions: [], lost: [] };
  switch (request.do) {
    case 'watch':
      members = await fewAtOnce(request.wishes, (wish) => watch(request.url, wish));
      return nothing;
    case 'join':
      members = await fewAtOnce(request.groups, (group) => join(request.url, group));
      return nothing;
    case 'stall':
      for (const place of request.places) members[place]!.stall();
      return nothing;
    case 'leave':
      for (const member of members) member.leave();
      return nothing;
    case 'report':
      return report();
  }
});

async function fewAtOnce<T>(all: readonly T[], come: (one: T) => Promise<Member>): Promise<Member[]> {
  const arrived: Member[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    arrived.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(come))));
  return arrived;
}

async function report(): Promise<CrowdAnswer> {
  const deadline = nowMs() + TIMEOUT_MS;
  const count = (): number => members.reduce((sum, { heard }) => sum + heard.length, 0);
  for (let before = -1; before !== count(); ) {
    if (nowMs() > deadline) throw new Error('clients are told and told, though nothing is sent');
    before = count();
    await delay(QUIET_MS);
  }
  return {
    heard: members.map(({ heard }) => heard.splice(0)),
    positions: members.map(({ positions }) => positions.splice(0))[0] ?? [],
    lost: members.flatMap(({ isLost }, place) => (isLost ? [place] : [])),
  };
}

/* ------------------------------------------------------------ clients of Tally */

async function watch(url: string, wish: WatchRequest): Promise<Member> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, timeout: TIMEOUT_MS });
  const member: Member = {
    heard: [],
    positions: [],
    isLost: false,
    stall: () => connectionOf(socket).pause(),
    leave: () => void socket.disconnect(),
  };
  hearUnparsed(socket, member);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  socket.once('disconnect', () => {
    member.isLost = true;
  });
  const answer: WatchSnapshot & { error?: unknown } = await socket.timeout(TIMEOUT_MS).emitWithAck('watch', wish);
  if (answer.error) throw new Error(`could not watch ${wish.unit}: ${JSON.stringify(answer.error)}`);
  return member;
}

function connectionOf(socket: Socket): WebSocket {
  return (socket.io.engine.transport as unknown as { ws: WebSocket }).ws;
}

/** Takes messages before Socket.IO's client parses them. */
function hearUnparsed(socket: Socket, { heard, positions }: Member): void {
  const { decoder } = socket.io as unknown as { decoder: { add(packet: unknown): void } };
  const parse = decoder.add.bind(decoder);
  decoder.add = (packet) => {
    if (typeof packet === 'string' && packet.startsWith(TOTALS))
      heard.push({ at: nowMs(), to: offsetsIn(packet), bytes: packet.length + 1 });
    else if (typeof packet === 'string' && packet.startsWith(POSITION))
      positions.push({ at: nowMs(), to: [], bytes: packet.length + 1 });
    else parse(packet);
  };
}

const TO = '"to":"';

/** Of `"to":"0:12,1:7"`: 12 and 7. */
function offsetsIn(packet: string): number[] {
  const start = packet.indexOf(TO) + TO.length;
  const position = packet.slice(start, packet.indexOf('"', start));
  return position.split(',').map((part) => Number(part.slice(part.indexOf(':') + 1)));
}

/* ------------------------------------------------------------ clients of the bare server */

/** What the bare server sends begins with a number, which is what is heard. */
async function join(url: string, group: number): Promise<Member> {
  const socket = new WebSocket(`${url}/?group=${group}`, { perMessageDeflate: false, handshakeTimeout: TIMEOUT_MS });
  const member: Member = {
    heard: [],
    positions: [],
    isLost: false,
    stall: () => socket.pause(),
    leave: () => socket.terminate(),
  };
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.once('close', () => {
    member.isLost = true;
  });
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    member.heard.push({ at: nowMs(), to: [Number.parseInt(text, 10)], bytes: text.length });
  });
  return member;
}
