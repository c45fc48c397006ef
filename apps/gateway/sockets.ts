/** Who is let in, who is too slow, and who stayed too long with a token that was revoked. */
import type { Namespace, Socket } from 'socket.io';
import type { Account, Accounts } from '#access';
import { type ProblemCode, problemBody } from '../api/http/problems.ts';
import type { Limits } from '../api/services.ts';

export interface SocketData {
  account: Account | null;
  token: string | null;
  checkedMs: number;
  /** Since when it does not keep up; 0 while it does. */
  slowSinceMs: number;
}

type Events = Record<string, (message: unknown) => void>;
export type LiveSocket = Socket<Events, Events, Events, SocketData>;

/** Those who do not keep up: they get nothing until they have caught up. */
export const SLOW = 'slow';
export const positionRoom = (election: string): string => `position|${election}`;

/** Packets that may wait for one client before it counts as slow, and before it is cut off. */
const SLOW_PACKETS = 600;
const CUT_PACKETS = 5_000;
const SLOW_MS = 30_000;
const RECHECK_MS = 15_000;

/**
 * Lets a socket in, as the public or as the account of its token; rejects it with a problem in `data`. `others`: how
 * many of its address are in already.
 */
export async function letIn(socket: LiveSocket, others: number, accounts: Accounts, limits: Limits): Promise<void> {
  if (others >= limits.socketsPerAddress) throw rejected('too-many-requests');
  const token: unknown = socket.handshake.auth.token;
  const isPublic = token === undefined || token === null || token === '';
  const account = typeof token === 'string' && !isPublic ? await accounts.find(token) : undefined;
  if (!isPublic && !account) throw rejected('bad-token');
  socket.data.account = account ?? null;
  socket.data.token = typeof token === 'string' && !isPublic ? token : null;
  socket.data.checkedMs = Date.now();
  socket.data.slowSinceMs = 0;
}

function rejected(code: ProblemCode): Error {
  return Object.assign(new Error(code), { data: problemBody(code) });
}

/** Before a message goes to a room: whoever has too much waiting does not get it. */
export function watchSlowness(live: Namespace | null, room: string): void {
  for (const id of live?.adapter.rooms.get(room) ?? []) {
    const socket = live?.sockets.get(id) as LiveSocket | undefined;
    if (!socket) continue;
    const waiting = waitingPackets(socket);
    if (waiting > CUT_PACKETS) socket.disconnect(true);
    else if (waiting > SLOW_PACKETS && socket.data.slowSinceMs === 0) {
      socket.data.slowSinceMs = Date.now();
      socket.join(SLOW);
    }
  }
}

function waitingPackets(socket: LiveSocket): number {
  return (socket.conn as unknown as { writeBuffer?: { length: number } }).writeBuffer?.length ?? 0;
}

/** Cuts off who is slow for too long or was revoked; tells who caught up (`nudge`, once a room) what it missed. */
export async function dropOverdue(
  live: Namespace,
  accounts: Accounts,
  nudge: (socket: LiveSocket, room: string) => void,
): Promise<void> {
  const now = Date.now();
  for (const id of [...(live.adapter.rooms.get(SLOW) ?? [])]) {
    const socket = live.sockets.get(id) as LiveSocket | undefined;
    if (!socket) continue;
    if (waitingPackets(socket) === 0) {
      socket.data.slowSinceMs = 0;
      socket.leave(SLOW);
      for (const room of socket.rooms) if (room.startsWith('totals|')) nudge(socket, room);
    } else if (now - socket.data.slowSinceMs > SLOW_MS) socket.disconnect(true);
  }
  for (const socket of live.sockets.values() as Iterable<LiveSocket>) {
    const { token, checkedMs } = socket.data;
    if (token === null || now - checkedMs < RECHECK_MS) continue;
    socket.data.checkedMs = now;
    if (!(await accounts.find(token))) socket.disconnect(true);
  }
}
