/** Stands before a server and edits its answers: what copies and verifies over HTTP must not believe it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What is answered in the place of `body`, to what was asked for below the election, as `log/0/checkpoint?size=7`; a number
 * is a status without any.
 */
export type Lie = (path: string, body: Buffer) => Buffer | string | number;

export const HONEST: Lie = (_path, body) => body;

export class LyingServer {
  lie: Lie = HONEST;
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async before(server: string, election: string): Promise<LyingServer> {
    const base = `/api/v1/elections/${election}/`;
    const listening = createServer((request, response) => {
      const path = request.url ?? '/';
      fetch(server + path)
        .then(async (answer) => ({ status: answer.status, headers: answer.headers, body: await answer.arrayBuffer() }))
        .catch((error: Error) => ({ status: 502, headers: new Headers(), body: Buffer.from(error.message) }))
        .then(({ status, headers, body }) => {
          const sent = Buffer.from(body as ArrayBuffer);
          const told = path.startsWith(base) && status === 200 ? lying.lie(path.slice(base.length), sent) : sent;
          const type = headers.get('content-type') ?? 'text/plain';
          response.writeHead(typeof told === 'number' ? told : status, { 'content-type': type });
          response.end(typeof told === 'number' ? '{}' : told);
        });
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const lying = new LyingServer(listening);
    return lying;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
