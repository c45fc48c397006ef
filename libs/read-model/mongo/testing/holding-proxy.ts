/** A proxy before a server that holds back the first answer with a certain text, so that a spec can act meanwhile. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class HoldingProxy {
  readonly port: number;
  /** Resolves once the answer is held. */
  readonly held: Promise<void>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #release: () => void = () => undefined;

  private constructor(server: Server, target: number, text: string) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.held = new Promise((resolve) => {
      server.on('connection', (client) => {
        const upstream = connect(target, '127.0.0.1');
        for (const [socket, other] of [
          [client, upstream],
          [upstream, client],
        ] as const) {
          this.#sockets.add(socket);
          socket.on('error', () => other.destroy()).on('close', () => other.destroy());
        }
        client.pipe(upstream);
        upstream.on('data', (answer) => {
          if (!answer.includes(text)) client.write(answer);
          else {
            this.#release = () => client.write(answer);
            resolve();
          }
        });
      });
    });
  }

  static async start(target: number, text: string): Promise<HoldingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HoldingProxy(server, target, text);
  }

  release(): void {
    this.#release();
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
