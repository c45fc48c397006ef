/** Stands where a witness is expected: passes on what it is sent, or answers as a faulty one would. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request whose body was read. */
export type Behind = (response: ServerResponse, body: string) => void | Promise<void>;

export class WitnessDoor {
  readonly url: string;
  readonly #server: Server;
  /** What it does with the next request. */
  behind: Behind;
  /** Requests so far. */
  asked = 0;

  private constructor(server: Server, behind: Behind) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.behind = behind;
  }

  static async open(behind: Behind): Promise<WitnessDoor> {
    const server = createServer((request, response) => void door.#pass(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const door = new WitnessDoor(server, behind);
    return door;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked += 1;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    await this.behind(response, body);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Passes on to a witness. */
export function witnessAt(url: string): Behind {
  return async (response, body) => {
    const answer = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
    const type = answer.headers.get('content-type') ?? 'text/plain';
    response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
  };
}

export function answering(status: number, body: string, headers: Record<string, string> = {}): Behind {
  return (response) => void response.writeHead(status, headers).end(body);
}
