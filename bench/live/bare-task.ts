/**
 * The limit of a gateway: a bare `ws` server that sends so many bytes at such moments to the groups of its clients, and a
 * bare HTTP server that answers with the same bytes; nothing else.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { answering } from '../child.ts';
import { nowMs } from '../latencies.ts';

/** One message to one group of clients, or to all. */
export interface Sending {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly group: number | 'all';
  readonly bytes: number;
}

export type BareRequest =
  | { readonly do: 'start' }
  | { readonly do: 'play'; readonly plan: readonly Sending[] }
  /** From now on every request is answered so; 304 where it has the entity tag. */
  | { readonly do: 'answer'; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

export interface BareAnswer {
  readonly url: string;
  /** When each message of the plan was sent, by this machine's steady clock. */
  readonly sentAt: readonly number[];
}

const groups = new Map<number, Set<WebSocket>>();
let answer: { headers: Readonly<Record<string, string>>; body: Uint8Array } = { headers: {}, body: new Uint8Array() };

const http = createServer((request, response) => {
  const { etag } = answer.headers;
  if (etag !== undefined && request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
  else response.writeHead(200, { ...answer.headers, 'content-length': answer.body.length }).end(answer.body);
});
new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket, request) => {
  const group = Number(new URL(request.url!, 'ws://bare').searchParams.get('group'));
  const members = groups.get(group) ?? new Set();
  groups.set(group, members.add(socket));
  socket.once('close', () => members.delete(socket));
});

answering(async (request: BareRequest): Promise<BareAnswer> => {
  switch (request.do) {
    case 'start':
      await once(http.listen(0, '127.0.0.1'), 'listening');
      return { url: `127.0.0.1:${(http.address() as AddressInfo).port}`, sentAt: [] };
    case 'answer':
      answer = request;
      return { url: '', sentAt: [] };
    case 'play':
      return { url: '', sentAt: await play(request.plan) };
  }
});

async function play(plan: readonly Sending[]): Promise<number[]> {
  const start = nowMs();
  const sentAt: number[] = [];
  for (const [number, { at, group, bytes }] of plan.entries()) {
    const early = start + at - nowMs();
    if (early > 0) await delay(early);
    sentAt.push(nowMs());
    const text = Buffer.from(`${number} `.padEnd(bytes, 'x'));
    for (const members of group === 'all' ? groups.values() : [groups.get(group) ?? new Set<WebSocket>()])
      for (const socket of members) socket.send(text, { binary: false });
  }
  return sentAt;
}
