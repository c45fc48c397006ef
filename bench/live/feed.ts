/** What the live feed costs and how late it is: measured on a gateway, then on a bare `ws` server that sends as much. */
import { Child } from '../child.ts';
import { p50p99, percentile } from '../latencies.ts';
import type { Wait } from '../latency.ts';
import type { BenchSheet } from '../nation.ts';
import type { Sent } from '../sender-task.ts';
import { mebibytes, micros, type Row, times, whole } from '../table.ts';
import type { BareAnswer, BareRequest, Sending } from './bare-task.ts';
import { Crowd, type Report } from './crowd.ts';
import { anonymousOf, type Spent, spentBy } from './other-process.ts';

/** A stretch of sheets coming in. */
export interface Measured {
  readonly sheets: readonly BenchSheet[];
  readonly sent: readonly Sent[];
  readonly report: Report;
  /** By the gateway, while the sheets were sent. */
  readonly spent: Spent;
  /** Anonymous memory at the start, MiB. */
  readonly startMiB: number;
  /** Of the gateway afterwards. */
  readonly metrics: ReadonlyMap<string, number>;
}

export interface Feeds {
  readonly watchers: number;
  readonly perSecond: number;
  /** The gateway before anybody came, MiB, and while everybody came. */
  readonly idleMiB: number;
  readonly coming: Spent;
  readonly reading: Measured & { readonly waits: readonly Wait[] };
  readonly stalling: Measured & { readonly waits: readonly Wait[] };
  /** Places of those who stopped reading. */
  readonly stalled: ReadonlySet<number>;
  readonly bare: Bare;
}

interface Bare {
  readonly idleMiB: number;
  readonly coming: Spent;
  readonly spent: Spent;
  readonly waits: readonly number[];
  readonly messages: number;
}

/** `keys`: what each client watches; those of one key are told the same. */
export async function throughBare({ report, sent }: Measured, keys: readonly string[]): Promise<Bare> {
  const groups = [...new Set(keys)];
  const start = Math.min(...sent.map(({ sentAt }) => sentAt));
  const ofGroups = groups.flatMap((key, group) =>
    report.heard[keys.indexOf(key)]!.map(({ at, bytes }): Sending => ({ at: at - start, group, bytes })),
  );
  const ofAll = report.positions.map(({ at, bytes }): Sending => ({ at: at - start, group: 'all', bytes }));
  const plan = [...ofGroups, ...ofAll].sort((a, b) => a.at - b.at);
  const server = new Child('live/bare-task');
  const crowd = new Crowd();
  try {
    const { url } = await server.ask<BareRequest, BareAnswer>({ do: 'start' });
    const idleMiB = anonymousOf(server.pid);
    const place = new Map(groups.map((key, group) => [key, group]));
    const coming = await spentBy(server.pid, () =>
      crowd.come(keys, (dealt) => ({ do: 'join', url: `ws://${url}`, groups: dealt.map((key) => place.get(key)!) })),
    );
    const { value, ...spent } = await spentBy(server.pid, () =>
      server.ask<BareRequest, BareAnswer>({ do: 'play', plan }),
    );
    const { heard } = await crowd.report();
    const waits = heard.flatMap((list) => list.map(({ at, to }) => at - value.sentAt[to[0]!]!));
    return { idleMiB, coming, spent, waits, messages: waits.length };
  } finally {
    await crowd.end();
    await server.end();
  }
}

export function feedRows(feeds: Feeds): Row[] {
  const { watchers, perSecond, idleMiB, coming, reading, stalling, stalled, bare } = feeds;
  const name = `live: ${whole(watchers)} watchers, ${perSecond} sheets/s`;
  const some = `${whole(stalled.size)} of them stalled`;
  const memory = (start: number, { anonymous }: Spent): number => (1_024 * (anonymous - start)) / watchers;
  const share = ({ cpuSeconds, seconds }: Spent): number => cpuSeconds / (watchers * seconds);
  const messages = messagesOf(reading.report);
  return [
    ...waitRows(name, reading, bare),
    ...waitRows(`${name}, ${some}: the others`, stalling, bare),
    {
      figure: `${name}, processor of the gateway`,
      measured: cores(reading.spent),
      limit: `bare ws, the same ${whole(bare.messages)} messages: ${cores(bare.spent)}`,
      ratio: times(reading.spent.cpuSeconds / reading.spent.seconds, bare.spent.cpuSeconds / bare.spent.seconds),
    },
    {
      figure: `${name}, processor time a watcher and second`,
      measured: micros(share(reading.spent), 1),
      limit: `bare ws ${micros(share(bare.spent), 1)}`,
      ratio: times(share(reading.spent), share(bare.spent)),
    },
    {
      figure: `${name}, processor time a message told to a watcher`,
      measured: `${micros(reading.spent.cpuSeconds, messages.count)}, ${whole(messages.bytes / messages.count)} bytes`,
      limit: `bare ws ${micros(bare.spent.cpuSeconds, bare.messages)}`,
      ratio: times(reading.spent.cpuSeconds / messages.count, bare.spent.cpuSeconds / bare.messages),
    },
    {
      figure: `${name}, ${some}, processor of the gateway`,
      measured: cores(stalling.spent),
      limit: `with none stalled ${cores(reading.spent)}`,
      ratio: times(stalling.spent.cpuSeconds, reading.spent.cpuSeconds),
    },
    {
      figure: `${name}, processor time to let one in, with its snapshot`,
      measured: micros(coming.cpuSeconds, watchers),
      limit: `bare ws ${micros(bare.coming.cpuSeconds, watchers)}`,
      ratio: times(coming.cpuSeconds, bare.coming.cpuSeconds),
    },
    {
      figure: `${name}, anonymous memory a watcher`,
      measured: `${memory(idleMiB, reading.spent).toFixed(1)} KiB`,
      limit: `bare ws ${memory(bare.idleMiB, bare.spent).toFixed(1)} KiB`,
      ratio: times(memory(idleMiB, reading.spent), memory(bare.idleMiB, bare.spent)),
    },
    {
      figure: `${name}, ${some}, memory from begin to end`,
      measured: `${mebibytes(stalling.startMiB)} → ${mebibytes(stalling.spent.anonymous)}`,
      limit: `with none stalled ${mebibytes(reading.startMiB)} → ${mebibytes(reading.spent.anonymous)}`,
    },
    {
      figure: `${name}, ${some}: found slow, cut off; others cut off`,
      measured: [
        stalling.metrics.get('tally_sockets_slow_total'),
        stalling.metrics.get('tally_sockets_cut_total'),
        [...stalling.report.lost].filter((place) => !stalled.has(place)).length,
      ].join(', '),
    },
  ];
}

function waitRows(name: string, { waits }: { readonly waits: readonly Wait[] }, bare: Bare): Row[] {
  const limit = `bare ws, sent to heard: ${p50p99(bare.waits)}`;
  const row = (figure: string, values: readonly number[]): Row => ({
    figure: `${name}, ${figure}, p50 / p99`,
    measured: p50p99(values),
    limit,
    ratio: times(percentile(values, 99), percentile(bare.waits, 99)),
  });
  return [
    row(
      'sheet acknowledged to watcher',
      waits.map(({ ms }) => ms),
    ),
    row(
      'of it beyond the four messages a second',
      waits.map(({ beyondMs }) => beyondMs),
    ),
  ];
}

function messagesOf({ heard, positions }: Report): { count: number; bytes: number } {
  const all = heard.flat();
  const bytes = (list: typeof all): number => list.reduce((sum, message) => sum + message.bytes, 0);
  return {
    count: all.length + heard.length * positions.length,
    bytes: bytes(all) + heard.length * bytes([...positions]),
  };
}

function cores({ cpuSeconds, mainSeconds, seconds }: Spent): string {
  return `${(cpuSeconds / seconds).toFixed(2)} cores, main thread ${(mainSeconds / seconds).toFixed(2)}`;
}

export async function metricsOf(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}
