/** Sends a nation's sheets as batches of NDJSON over several connections, each batch once the one before is answered. */
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { answering, type Times, timed, timesOf } from '../child.ts';
import { makeNation, type NationOptions, sheetsOf } from '../nation.ts';

export interface LoadRequest {
  /** Of the apis, up to and with `sheets:batch`; each connection keeps to one. */
  readonly urls: readonly string[];
  readonly token: string;
  readonly nation: NationOptions;
  readonly batch: number;
  readonly connections: number;
  /** So many batches go before, to warm everything. */
  readonly warm: number;
}

export interface LoadAnswer extends Times {
  /** Without the warming ones. */
  readonly sheets: number;
  /** How often each outcome was told, warming included. */
  readonly outcomes: Readonly<Record<string, number>>;
}

answering(async ({ urls, token, nation, batch, connections, warm }: LoadRequest): Promise<LoadAnswer> => {
  const bodies = bodiesOf(nation, batch);
  const outcomes: Record<string, number> = {};
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const send = async (queue: Buffer[]): Promise<void> => {
    const line = async (url: string): Promise<void> => {
      for (let body = queue.shift(); body; body = queue.shift()) count(await post(url, body), outcomes);
    };
    await Promise.all(Array.from({ length: connections }, (_, i) => line(urls[i % urls.length]!)));
  };
  const post = async (url: string, body: Buffer): Promise<string> => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-length': body.length,
    };
    const asked = httpRequest(url, { method: 'POST', agent, headers });
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const told = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`a batch was answered ${answer.statusCode}: ${told}`);
    return told;
  };
  await send(bodies.splice(0, warm));
  const sheets = bodies.length * batch;
  const times = await timed(() => send(bodies));
  agent.destroy();
  return { ...timesOf(times), sheets, outcomes };
});

/** Whole batches only. */
function bodiesOf(options: NationOptions, batch: number): Buffer[] {
  const bodies: Buffer[] = [];
  let lines: string[] = [];
  for (const sheet of sheetsOf(makeNation(options))) {
    lines.push(`${JSON.stringify({ ...sheet, expectedRevision: 0 })}\n`);
    if (lines.length < batch) continue;
    bodies.push(Buffer.from(lines.join('')));
    lines = [];
  }
  return bodies;
}

function count(told: string, outcomes: Record<string, number>): void {
  for (const [, outcome] of told.matchAll(/"outcome":"(\w+)"/g)) outcomes[outcome!] = (outcomes[outcome!] ?? 0) + 1;
}
