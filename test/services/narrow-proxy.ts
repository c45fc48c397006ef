/** A proxy as some offices have: passes HTTP on, and WebSockets only while it is told to. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export class NarrowProxy {
  readonly url: string;
  letsSocketsThrough = false;
  readonly #target: URL;
  readonly #server: Server;

  private constructor(target: string, server: Server) {
    this.#target = new URL(target);
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (asked, answer) => this.#pass(asked, answer));
    server.on('upgrade', (asked, socket, head) => this.#upgrade(asked, socket, head));
  }

  static async start(target: string): Promise<NarrowProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new NarrowProxy(target, server);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #ask({ url: path, method, headers }: IncomingMessage): ReturnType<typeof request> {
    const { hostname, port } = this.#target;
    return request({ hostname, port, path, method, headers });
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const asking = this.#ask(asked);
    asking.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    asking.on('error', () => answer.writeHead(502).end());
    asked.pipe(asking);
  }

  #upgrade(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    if (!this.letsSocketsThrough) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const asking = this.#ask(asked);
    asking.on('error', () => socket.destroy());
    asking.on('upgrade', ({ headers }, upstream, first) => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
      // What came together with the switch itself.
      socket.write(first);
      upstream.write(head);
      upstream.on('error', () => socket.destroy()).pipe(socket);
      socket.on('close', () => upstream.destroy()).pipe(upstream);
    });
    asking.end();
  }
}
