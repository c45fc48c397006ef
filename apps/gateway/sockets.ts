/** Who is let in, who is too slow, and who stayed too long with a token that was revoked or a session that ended. */
import type { EventEmitter } from 'node:events';
import type { Namespace, Socket } from 'socket.io';
import type { Account, Accounts } from '#access';
import { type ProblemCode, problemBody } from '../api/http/problems.ts';
import { isOwnPage, secretIn } from '../api/http/session-cookie.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

export interface SocketData {
  account: Account | null;
  /** Whether its token or session still holds; null for the public. */
  holds: (() => Promise<boolean>) | null;
  checkedMs: number;
  /** Since when it does not keep up; 0 while it does. */
  slowSinceMs: number;
  /** The packet that waited longest at the last look, if any: where it still waits, nothing moved since. */
  waiting: unknown;
}

type Events = Record<string, (message: unknown) => void>;
export type LiveSocket = Socket<Events, Events, Events, SocketData>;
export type Connection = LiveSocket['conn'];

/** Those who do not keep up: they get nothing until they have caught up. */
export const SLOW = 'slow';
/** Of those with an account, and of the public, who are told another position while publication is frozen. */
export const positionRoom = (election: string, { data }: Pick<LiveSocket, 'data'>): string =>
  positionRooms(election)[data.account ? 'accounts' : 'everybody'];

export const positionRooms = (election: string) => ({
  accounts: `position|${election}|f`,
  everybody: `position|${election}|p`,
});

/** Bytes that may wait for one client before it counts as slow. */
const SLOW_BYTES = 1_048_576;
const SLOW_MS = 30_000;
const RECHECK_MS = 15_000;

/**
 * Lets a socket in, as the public, as the account of its token, or as the one that its browser is signed in as; rejects
 * it with a problem in `data`.
 */
export async function letIn(socket: LiveSocket, accounts: Accounts): Promise<void> {
  const find = credentialOf(socket.handshake, accounts);
  const account = await find?.look();
  if (find?.isRequired && !account) throw rejected('bad-token');
  socket.data.account = account ?? null;
  socket.data.holds = find && account ? async () => (await find.look()) !== undefined : null;
  socket.data.checkedMs = Date.now();
  socket.data.slowSinceMs = 0;
  socket.data.waiting = undefined;
}

interface Credential {
  readonly look: () => Promise<Account | undefined>;
  /** Whether one that is not valid keeps the socket out; one with a session that is over is the public. */
  readonly isRequired: boolean;
}

/** A token in the handshake, else the cookie of a page of this server. */
function credentialOf({ auth, headers }: LiveSocket['handshake'], accounts: Accounts): Credential | null {
  const token: unknown = auth.token;
  if (token !== undefined && token !== null && token !== '')
    return { look: async () => (typeof token === 'string' ? accounts.find(token) : undefined), isRequired: true };
  const secret = secretIn(headers);
  if (secret === undefined) return null;
  if (isOwnPage(headers) !== true) throw rejected('cross-origin');
  return { look: async () => (await accounts.findSession(secret))?.account, isRequired: false };
}

function rejected(code: ProblemCode): Error {
  return Object.assign(new Error(code), { data: problemBody(code) });
}

/** Where a client is, as the outermost of our own proxies saw it. */
export function addressOf(
  { address, headers }: Pick<LiveSocket['handshake'], 'address' | 'headers'>,
  proxies: number,
): string {
  const forwarded = headers['x-forwarded-for'];
  const named = (Array.isArray(forwarded) ? forwarded.join() : (forwarded ?? '')).split(',').map((one) => one.trim());
  return (proxies > 0 && named.at(-proxies)) || address;
}

/** Before a message goes to a room: whoever has too much waiting does not get it. */
export function watchSlowness(live: Namespace | null, room: string, metrics: GatewayMetrics): void {
  for (const id of live?.adapter.rooms.get(room) ?? []) {
    const socket = live?.sockets.get(id) as LiveSocket | undefined;
    if (socket && isBehind(socket)) markSlow(socket, metrics);
  }
}

/** Whether so much waits for a client that nothing is added to it. */
export function isBehind(socket: LiveSocket): boolean {
  return waitingBytes(socket) > SLOW_BYTES;
}

/** What the client's connection has not taken yet: handed over to it, and still kept back. */
function waitingBytes(socket: LiveSocket): number {
  return packetsOf(socket).reduce((sum, { data }) => sum + (data?.length ?? 0), socketOf(socket.conn).bufferedAmount);
}

interface WebSocketBelow extends EventEmitter {
  readonly bufferedAmount: number;
  terminate(): void;
}

/** The WebSocket below a connection: there is no other transport. */
export function socketOf(connection: Connection): WebSocketBelow {
  return (connection as unknown as { transport: { socket: WebSocketBelow } }).transport.socket;
}

/** At once, with what waits for it: who does not read, or said nothing, takes no farewell either. */
export function hangUp(connection: Connection): void {
  socketOf(connection).terminate();
}

/** Packets that are kept back while the connection takes no more. */
function packetsOf(socket: LiveSocket): readonly { readonly data?: string }[] {
  return (socket.conn as unknown as { writeBuffer?: readonly { data?: string }[] }).writeBuffer ?? [];
}

function markSlow(socket: LiveSocket, metrics: GatewayMetrics): void {
  if (socket.data.slowSinceMs !== 0) return;
  metrics.slow();
  socket.data.slowSinceMs = Date.now();
  socket.join(SLOW);
}

function cut(socket: LiveSocket, metrics: GatewayMetrics): void {
  metrics.cut();
  hangUp(socket.conn);
}

/**
 * Each second: who took nothing since the last look is slow and gets no more; who caught up is told (`nudge`, once a
 * room) that it missed something; who stays slow, or was revoked, is cut off.
 */
export async function keepPace(
  live: Namespace,
  metrics: GatewayMetrics,
  nudge: (socket: LiveSocket, room: string) => void,
): Promise<void> {
  const now = Date.now();
  for (const socket of [...live.sockets.values()] as LiveSocket[]) {
    const [first] = packetsOf(socket);
    const { data } = socket;
    if (data.slowSinceMs !== 0 && waitingBytes(socket) === 0) {
      data.slowSinceMs = 0;
      socket.leave(SLOW);
      for (const room of socket.rooms) if (room.startsWith('totals|')) nudge(socket, room);
    } else if (first !== undefined && first === data.waiting) markSlow(socket, metrics);
    data.waiting = first;
    if (data.slowSinceMs !== 0 && now - data.slowSinceMs > SLOW_MS) cut(socket, metrics);
    if (data.holds === null || now - data.checkedMs < RECHECK_MS) continue;
    data.checkedMs = now;
    if (!(await data.holds())) cut(socket, metrics);
  }
}
