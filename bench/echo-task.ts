/** The limit of a live feed: a bare Socket.IO server that tells every client what was posted to it, and nothing else. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Server } from 'socket.io';
import { answering } from './child.ts';

export type EchoRequest = { readonly do: 'start' | 'stop' };
export interface EchoAnswer {
  readonly url: string;
}

let number = 0;
const http = createServer(async (request, response) => {
  const body = await text(request);
  sockets.emit('echo', { number, body });
  response.end(String(number));
  number += 1;
});
const sockets = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });

answering(async (request: EchoRequest): Promise<EchoAnswer> => {
  if (request.do === 'stop') {
    await sockets.close();
    return { url: '' };
  }
  await once(http.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
});
