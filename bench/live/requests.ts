/** What one request costs: of a snapshot and of a page, while nothing changes and while sheets come in, against bare HTTP. */
import { setTimeout as delay } from 'node:timers/promises';
import { Child, inChild } from '../child.ts';
import { percentile } from '../latencies.ts';
import { micros, milliseconds, type Row, times, whole } from '../table.ts';
import type { BareAnswer, BareRequest } from './bare-task.ts';
import { type Spent, spentBy } from './other-process.ts';
import type { RequestsAnswer, RequestsRequest } from './requests-task.ts';

const CONNECTIONS = 32;
/** Before what is counted. */
const WARM_SECONDS = 2;
const PASSED_ON = ['content-type', 'content-encoding', 'etag', 'cache-control'];

export interface Asked {
  readonly name: string;
  readonly url: string;
  /** Of the process that answers. */
  readonly pid: number;
  /** Whether the client has the present answer already (304). */
  readonly isKnown: boolean;
  /** What goes on meanwhile. */
  readonly meanwhile?: (seconds: number) => Promise<unknown>;
}

type Load = Spent & { readonly value: RequestsAnswer };

/** What a process does anyway (patrols, reads the feed) is not a request's: measured without any, and taken off. */
export const IDLE_SECONDS = 3;

export async function requestRows(asked: Asked, seconds: number): Promise<Row[]> {
  const headers = { 'accept-encoding': 'br, gzip' };
  const load = (url: string, pid: number, seconds: number, more: Record<string, string> = {}): Promise<Load> =>
    spentBy(pid, async () => {
      const request = { url, headers: { ...headers, ...more }, connections: CONNECTIONS, seconds };
      return (await inChild<RequestsRequest, RequestsAnswer>('live/requests-task', request)).answer;
    });
  const { first } = (await load(asked.url, asked.pid, WARM_SECONDS)).value;
  const [anyway] = await Promise.all([
    spentBy(asked.pid, () => delay(1_000 * IDLE_SECONDS)),
    asked.meanwhile?.(IDLE_SECONDS),
  ]);
  const known: Record<string, string> = asked.isKnown ? { 'if-none-match': String(first.headers.etag) } : {};
  const [tally] = await Promise.all([load(asked.url, asked.pid, seconds, known), asked.meanwhile?.(seconds)]);
  const bare = await inBare(first, (url, pid) => load(url, pid, seconds, known));
  const expected = asked.isKnown ? 304 : 200;
  const wrong = Object.entries(tally.value.statuses).filter(([status]) => Number(status) !== expected);
  if (wrong.length > 0) throw new Error(`${asked.name}: answered with ${JSON.stringify(tally.value.statuses)}`);
  return rowsOf(asked, without(tally, anyway), bare, asked.isKnown ? 0 : first.body.length);
}

function without(load: Load, { cpuSeconds, seconds }: Spent): Load {
  return { ...load, cpuSeconds: Math.max(0, load.cpuSeconds - (cpuSeconds / seconds) * load.seconds) };
}

async function inBare<T>(
  { headers, body }: RequestsAnswer['first'],
  use: (url: string, pid: number) => Promise<T>,
): Promise<T> {
  const child = new Child('live/bare-task');
  try {
    const { url } = await child.ask<BareRequest, BareAnswer>({ do: 'start' });
    const kept = Object.entries(headers).filter(([name]) => PASSED_ON.includes(name));
    await child.ask<BareRequest, BareAnswer>({
      do: 'answer',
      headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      body,
    });
    return await use(`http://${url}/`, child.pid);
  } finally {
    await child.end();
  }
}

function rowsOf({ name }: Asked, tally: Load, bare: Load, bytes: number): Row[] {
  const { waits } = tally.value;
  const rate = ({ value }: Load): number => value.waits.length / value.seconds;
  const costs = ({ cpuSeconds, value }: Load): number => cpuSeconds / value.waits.length;
  return [
    {
      figure: `live: ${name}, ${whole(bytes)} bytes, answers/s`,
      measured: `${whole(rate(tally))}, p50 / p99 ${milliseconds(percentile([...waits], 50))} / ${milliseconds(percentile([...waits], 99))}`,
      limit: `bare HTTP, same bytes: ${whole(rate(bare))}`,
      ratio: times(rate(tally), rate(bare)),
    },
    {
      figure: `live: ${name}, processor time a request`,
      measured: micros(tally.cpuSeconds, waits.length),
      limit: micros(bare.cpuSeconds, bare.value.waits.length),
      ratio: times(costs(tally), costs(bare)),
    },
  ];
}
