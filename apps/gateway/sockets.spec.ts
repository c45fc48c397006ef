/** A client that stops reading, on a bare Socket.IO server: what waits for it is bounded, and others get everything. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Namespace, Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import type { GatewayMetrics } from './gateway-metrics.ts';
import { keepPace, type LiveSocket, SLOW, watchSlowness } from './sockets.ts';

const ROOM = 'totals|one';
const BYTES = 65_536;
/** More than any system keeps for a connection that is not read. */
const MOST_MESSAGES = 1_000;

let server: Server;
let live: Namespace;
let clients: Socket[];
const counted = { slow: 0, cut: 0 };
const metrics = {
  slow: () => {
    counted.slow += 1;
  },
  cut: () => {
    counted.cut += 1;
  },
} as GatewayMetrics;

beforeEach(async () => {
  Object.assign(counted, { slow: 0, cut: 0 });
  const http = createServer();
  server = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
  live = server.of('/live');
  live.use((socket, next) => {
    Object.assign(socket.data, { holds: null, slowSinceMs: 0, waiting: undefined });
    next();
  });
  live.on('connection', (socket) => void socket.join(ROOM));
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/live`;
  clients = [0, 1].map(() => io(url, { transports: ['websocket'], forceNew: true, reconnection: false }));
  await Promise.all(clients.map((client) => once(client as never, 'connect')));
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  await server.close();
});

function tell(number: number): void {
  watchSlowness(live, ROOM, metrics);
  live.to(ROOM).except(SLOW).emit('totals', `${number} `.padEnd(BYTES, 'x'));
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function waitingFor(client: Socket): number {
  const { conn } = live.sockets.get(client.id!) as unknown as {
    conn: { writeBuffer: { data: string }[]; transport: { socket: { bufferedAmount: number } } };
  };
  return conn.writeBuffer.reduce((sum, { data }) => sum + data.length, conn.transport.socket.bufferedAmount);
}

describe('a client that stops reading', () => {
  it('gets no more once a bounded amount waits for it, is told when it has caught up, and slows nobody', async () => {
    const [stalled, other] = clients as [Socket, Socket];
    const socket = (stalled.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
    let heard = 0;
    other.on('totals', () => {
      heard += 1;
    });
    socket.pause();
    let told = 0;
    for (; counted.slow === 0 && told < MOST_MESSAGES; told += 1) {
      tell(told);
      while (heard < told + 1) await turn();
    }
    expect(counted.slow).toBe(1);
    const waiting = waitingFor(stalled);
    expect(waiting).toBeLessThan(1_048_576 + 2 * BYTES);
    for (let more = 0; more < 20; more += 1, told += 1) {
      tell(told);
      while (heard < told + 1) await turn();
    }
    expect(waitingFor(stalled)).toBe(waiting);
    socket.resume();
    while (waitingFor(stalled) > 0) await turn();
    const nudged: string[] = [];
    await keepPace(live, metrics, (one, room) => nudged.push(`${one.id} ${room}`));
    expect(nudged).toEqual([`${stalled.id} ${ROOM}`]);
    expect(live.sockets.get(stalled.id!)!.rooms.has(SLOW)).toBe(false);
  });

  it('is cut off where it never reads again, and what waited for it is let go', async () => {
    const [stalled, other] = clients as [Socket, Socket];
    (stalled.io.engine.transport as unknown as { ws: { pause(): void } }).ws.pause();
    for (let n = 0; counted.slow === 0 && n < MOST_MESSAGES; n += 1) {
      tell(n);
      await turn();
    }
    const { id } = stalled;
    const socket = live.sockets.get(id!) as LiveSocket;
    const gone = once(socket as never, 'disconnect');
    socket.data.slowSinceMs = 1;
    await keepPace(live, metrics, () => undefined);
    await gone;
    expect(counted.cut).toBe(1);
    expect([...live.sockets.keys()]).toEqual([other.id]);
  });
});
