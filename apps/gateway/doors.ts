/**
 * The doors of the live feed, before anybody is let in and while they are there: how many of an address, how much each
 * says, how long one may be silent. It looks at connections, not at what they watch, so nothing passes by it.
 */
import type { IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';
import { ProblemError } from '../api/http/problems.ts';
import type { Limits } from '../api/services.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import { addressOf, type Connection, hangUp, isBehind, type LiveSocket, socketOf } from './sockets.ts';

/** What a client may say: at once, and in the long run. A page says some ten things, then answers a ping now and then. */
const BURST = 200;
const PER_SECOND = 10;

interface Guest {
  /** How much more it may say now; it is cut off where it went on for another burst. */
  left: number;
  countedMs: number;
  hasEntered: boolean;
  isOut: boolean;
}

export class Doors {
  readonly #limits: Limits;
  readonly #metrics: GatewayMetrics;
  readonly #byAddress = new Map<string, number>();
  readonly #guests = new WeakMap<Connection, Guest>();

  constructor(limits: Limits, metrics: GatewayMetrics) {
    this.#limits = limits;
    this.#metrics = metrics;
  }

  guard(server: Server): void {
    const { engine } = server as unknown as { engine: { opts: Record<string, unknown>; on: Server['on'] } };
    const { socketPatienceMs } = this.#limits;
    engine.opts.allowRequest = (request: IncomingMessage, decide: (why: string | null, isIn: boolean) => void) => {
      const isIn = this.#admit(request);
      decide(isIn ? null : 'too many clients of one address', isIn);
    };
    engine.opts.pingInterval = socketPatienceMs;
    engine.opts.pingTimeout = socketPatienceMs;
    server.connectTimeout(socketPatienceMs);
    engine.on('connection', (connection: unknown) => this.#meet(connection as Connection));
  }

  /** It has said who it is, and what it came for. */
  entered({ conn }: LiveSocket): void {
    const guest = this.#guests.get(conn);
    if (guest) guest.hasEntered = true;
  }

  /** Throws where a client asks for more than it may, or while it does not take what it asked for. */
  mustBeCalm(socket: LiveSocket): void {
    const guest = this.#guests.get(socket.conn);
    if (guest && guest.left < 0) throw new ProblemError('too-many-requests', 'It asks for too much at once.');
    if (isBehind(socket))
      throw new ProblemError('too-many-requests', 'It has not taken in yet what it asked for before.');
  }

  #admit({ socket, headers }: IncomingMessage): boolean {
    const address = addressOf({ address: socket.remoteAddress ?? '', headers }, this.#limits.proxies);
    const known = this.#byAddress.get(address) ?? 0;
    if (known >= this.#limits.socketsPerAddress) {
      this.#metrics.turnAway('address');
      return false;
    }
    this.#byAddress.set(address, known + 1);
    socket.once('close', () => {
      const left = this.#byAddress.get(address)! - 1;
      if (left > 0) this.#byAddress.set(address, left);
      else this.#byAddress.delete(address);
    });
    return true;
  }

  #meet(connection: Connection): void {
    const guest: Guest = { left: BURST, countedMs: Date.now(), hasEntered: false, isOut: false };
    this.#guests.set(connection, guest);
    connection.on('packet', () => this.#count(connection, guest));
    socketOf(connection).on('error', ({ code }: { code?: string }) => {
      if (code?.startsWith('WS_ERR_')) this.#metrics.turnAway('malformed');
    });
    connection.once('close', (reason: string) => {
      const isSilent = reason === 'ping timeout' || (reason === 'forced close' && !guest.hasEntered);
      if (isSilent) this.#metrics.turnAway('silent');
      if (isSilent || reason === 'parse error') hangUp(connection);
    });
  }

  #count(connection: Connection, guest: Guest): void {
    const now = Date.now();
    guest.left = Math.min(BURST, guest.left + (PER_SECOND * (now - guest.countedMs)) / 1_000) - 1;
    guest.countedMs = now;
    if (guest.left >= -BURST || guest.isOut) return;
    guest.isOut = true;
    this.#metrics.turnAway('flood');
    hangUp(connection);
  }
}
