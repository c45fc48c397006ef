/** A TCP proxy that a test can make fail: cut, reset, held, slow, deaf in one direction, or refusing. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const SLICE_MS = 20;

/** What becomes of the bytes of one direction. `lose`: they vanish while the connection stays open. */
type Fate = 'pass' | 'hold' | 'lose' | { readonly bytesPerSecond: number };

export type Direction = 'to target' | 'to client';

const DIRECTIONS: readonly Direction[] = ['to target', 'to client'];

interface Pair {
  readonly client: Socket;
  readonly target: Socket;
}

export class TcpProxy {
  readonly port: number;
  /** Connections that were taken so far. */
  taken = 0;
  /** Called with the bytes of each direction as they arrive, before their fate is decided: for faults at one exact point. */
  watch: ((direction: Direction, bytes: Buffer) => void) | null = null;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #fates = new Map<Direction, Fate>(DIRECTIONS.map((direction) => [direction, 'pass']));
  readonly #resumed = new Set<() => void>();
  #target: number;
  #refuses = false;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as { port: number }).port;
    server.on('connection', (client) => this.#take(client));
  }

  /** Between a free port (or the one given) and a port of 127.0.0.1, which may be told or changed later. */
  static async start(target = 0, port = 0): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, target);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  leadTo(target: number): void {
    this.#target = target;
  }

  /** Ends all connections in the ordinary way. */
  cut(): void {
    for (const { client, target } of this.#pairs) for (const socket of [client, target]) socket.destroy();
  }

  /** Ends all connections with RST. */
  reset(): void {
    for (const { client, target } of this.#pairs) for (const socket of [client, target]) socket.resetAndDestroy();
  }

  /** Ends all connections and takes no new ones. */
  refuse(): void {
    this.#refuses = true;
    this.reset();
  }

  /** Bytes stay where they are, in both directions or one, until `pass`. */
  hold(...directions: Direction[]): void {
    this.#decide('hold', directions);
  }

  /** Half open: bytes vanish, in both directions or one; connections stay. */
  lose(...directions: Direction[]): void {
    this.#decide('lose', directions);
  }

  slow(bytesPerSecond: number, ...directions: Direction[]): void {
    this.#decide({ bytesPerSecond }, directions);
  }

  /** Everything as if the proxy were not there; what was held goes on. */
  pass(): void {
    this.#refuses = false;
    this.#decide('pass', []);
  }

  async stop(): Promise<void> {
    this.refuse();
    this.#decide('pass', []);
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #decide(fate: Fate, directions: readonly Direction[]): void {
    for (const direction of directions.length > 0 ? directions : DIRECTIONS) this.#fates.set(direction, fate);
    for (const resume of this.#resumed) resume();
    this.#resumed.clear();
  }

  #take(client: Socket): void {
    this.taken += 1;
    if (this.#refuses) {
      client.resetAndDestroy();
      return;
    }
    const target = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const pair = { client: client.setNoDelay(true), target };
    this.#pairs.add(pair);
    for (const socket of [client, target]) {
      // A connection that breaks breaks as a whole; why is of no interest.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#pairs.delete(pair);
        client.destroy();
        target.destroy();
      });
    }
    void this.#carry('to target', client, target);
    void this.#carry('to client', target, client);
  }

  async #carry(direction: Direction, from: Socket, to: Socket): Promise<void> {
    try {
      for await (const bytes of from) {
        this.watch?.(direction, bytes);
        await this.#deliver(direction, bytes, to);
      }
      to.end();
    } catch {
      to.destroy();
    }
  }

  async #deliver(direction: Direction, bytes: Buffer, to: Socket): Promise<void> {
    let rest = bytes;
    while (rest.length > 0 && !to.destroyed) {
      const fate = this.#fates.get(direction)!;
      if (fate === 'lose') return;
      if (fate === 'hold') {
        await this.#changed(to);
        continue;
      }
      const slice = fate === 'pass' ? rest.length : Math.max(1, Math.round((fate.bytesPerSecond * SLICE_MS) / 1_000));
      if (!to.write(rest.subarray(0, slice))) await drained(to);
      rest = rest.subarray(slice);
      if (fate !== 'pass') await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
    }
  }

  /** Until the fate of bytes changes or the connection ends. */
  #changed(socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      this.#resumed.add(resolve);
      socket.once('close', () => resolve());
    });
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', resolve);
  });
}
