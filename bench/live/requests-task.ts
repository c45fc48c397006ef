/** Asks for one address again and again, over so many connections that are kept, each with one request at a time. */
import { Agent, get, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { answering } from '../child.ts';
import { nowMs } from '../latencies.ts';

export interface RequestsRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  /** One request only where it is 0. */
  readonly seconds: number;
}

export interface RequestsAnswer {
  /** How long each waited, milliseconds. */
  readonly waits: Float64Array;
  readonly seconds: number;
  readonly statuses: Readonly<Record<number, number>>;
  /** Of the first answer. */
  readonly first: { readonly headers: IncomingHttpHeaders; readonly body: Uint8Array };
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

answering(async ({ url, headers, connections, seconds }: RequestsRequest): Promise<RequestsAnswer> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ask = (): Promise<Answered> =>
    new Promise((resolve, reject) => {
      get(url, { agent, headers }, (response) => {
        const { statusCode: status = 0, headers } = response;
        buffer(response).then((body) => resolve({ status, headers, body }), reject);
      }).once('error', reject);
    });
  const { headers: heads, body } = await ask();
  const waits: number[] = [];
  const statuses: Record<number, number> = {};
  const start = nowMs();
  const end = start + 1_000 * seconds;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let now = nowMs(); now < end; ) {
        const { status } = await ask();
        const then = nowMs();
        waits.push(then - now);
        statuses[status] = (statuses[status] ?? 0) + 1;
        now = then;
      }
    }),
  );
  agent.destroy();
  const spent = (nowMs() - start) / 1_000;
  return { waits: Float64Array.from(waits), seconds: spent, statuses, first: { headers: heads, body } };
});
