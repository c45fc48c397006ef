/**
 * Many clients of a live feed in one process, the same for Tally and for the bare server. So that thousands fit beside
 * what is measured, a message is not parsed: its length and the position it leads to are all that is looked at.
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { WatchRequest } from '#wire';
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

const TIMEOUT_MS = 180_000;
const OPTIONS = { perMessageDeflate: false, handshakeTimeout: TIMEOUT_MS };
const QUIET_MS = 1_500;
/** More at once would overrun the queue of connections that wait to be accepted. */
const AT_ONCE = 50;
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

/** Socket.IO's protocol (Engine.IO 4, namespace `/live`) by hand: its own client would cost more than what is measured. */
const OPENED = '0';
const PING = '2';
const PONG = '3';
const JOINED = '40/live,';
const ANSWERED = '43/live,0[{"position"';
const REFUSED = '43/live,0[{"error"';
const TOTALS = '42/live,["totals",';
const POSITION = '42/live,["position",';
/** Of a message, what is looked at: the position it leads to stands before its changes. */
const HEAD_BYTES = 400;

async function watch(url: string, wish: WatchRequest): Promise<Member> {
  const socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`, OPTIONS);
  const member = memberOf(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.on('message', (data: Buffer) => {
      const head = data.toString('latin1', 0, HEAD_BYTES);
      if (head.startsWith(TOTALS)) member.heard.push({ at: nowMs(), to: offsetsIn(head), bytes: data.length });
      else if (head.startsWith(POSITION)) member.positions.push({ at: nowMs(), to: [], bytes: data.length });
      else if (head === PING) socket.send(PONG);
      else if (head.startsWith(JOINED)) socket.send(`42/live,0${JSON.stringify(['watch', wish])}`);
      else if (head.startsWith(OPENED)) socket.send(JOINED);
      else if (head.startsWith(ANSWERED)) resolve();
      else if (head.startsWith(REFUSED)) reject(new Error(`could not watch ${wish.unit}: ${head}`));
    });
  });
  return member;
}

const TO = '"to":"';

/** Of `"to":"0:12,1:7"`: 12 and 7. */
function offsetsIn(head: string): number[] {
  const start = head.indexOf(TO) + TO.length;
  const position = head.slice(start, head.indexOf('"', start));
  return position.split(',').map((part) => Number(part.slice(part.indexOf(':') + 1)));
}

/* ------------------------------------------------------------ clients of the bare server */

/** What the bare server sends begins with a number, which is what is heard. */
async function join(url: string, group: number): Promise<Member> {
  const socket = new WebSocket(`${url}/?group=${group}`, OPTIONS);
  const member = memberOf(socket);
  socket.on('message', (data: Buffer) => {
    const head = data.toString('latin1', 0, HEAD_BYTES);
    member.heard.push({ at: nowMs(), to: [Number.parseInt(head, 10)], bytes: data.length });
  });
  await once(socket, 'open');
  return member;
}

function memberOf(socket: WebSocket): Member {
  const member: Member = {
    heard: [],
    positions: [],
    isLost: false,
    stall: () => socket.pause(),
    leave: () => socket.terminate(),
  };
  socket.once('close', () => {
    member.isLost = true;
  });
  return member;
}
