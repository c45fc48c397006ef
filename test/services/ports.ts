/** Free ports of 127.0.0.1, below those that the system gives to outgoing connections: they stay free for a restart. */
import { createServer, type Server } from 'node:net';

const LOWEST = 15_000;
const HIGHEST = 32_000;

/** So many different ports that nothing listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = [];
  try {
    for (let tries = 0; held.length < count; tries += 1) {
      if (tries > 1_000) throw new Error(`found only ${held.length} free ports of ${count}`);
      const server = await listen(LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST)));
      if (server) held.push(server);
    }
    return held.map((server) => (server.address() as { port: number }).port);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
