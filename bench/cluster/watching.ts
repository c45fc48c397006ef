/**
 * From sending a sheet to every watcher above its station having the change: api, projector and gateway as they are run,
 * each a process of its own, and sender and watchers too.
 */
import { p50p99, percentile } from '../latencies.ts';
import { pickSheets, pickUnits, ROOM_MS, type Wait, waitsOf, watchAndSend, wishOf } from '../latency.ts';
import type { Sent } from '../sender-task.ts';
import { milliseconds, type Row, whole } from '../table.ts';
import type { Workshop } from '../workshop.ts';
import type { Lab } from './lab.ts';
import { type Sink, startProcesses } from './processes.ts';

export const LATENCY_AIM_MS = 300;
const SECONDS = 10;
/** Sent before, so that everything is warm; not counted. */
const WARM_SECONDS = 4;
const WATCHERS = 1_000;

interface Case {
  readonly sink: Sink;
  readonly perSecond: number;
}

export const LATENCY_CASES: readonly Case[] = [
  { sink: 'store', perSecond: 50 },
  { sink: 'counting', perSecond: 100 },
  { sink: 'counting', perSecond: 500 },
];

export async function latencyRows(one: Case, lab: Lab, shop: Workshop, folder: string): Promise<Row[]> {
  const { sink, perSecond } = one;
  const { nation } = shop;
  const first = WARM_SECONDS * perSecond;
  const sheets = pickSheets(shop, (WARM_SECONDS + SECONDS) * perSecond);
  const stations = new Map(nation.stations.map((station) => [station.code, station]));
  const watched = pickUnits(sheets.slice(first), stations, WATCHERS);
  const opened = await lab.open(nation, `watched-${sink}-${perSecond}`, nation.shards, folder);
  const { api, gateway, complaints, stop } = await startProcesses(lab, opened, sink);
  try {
    const url = `${api.url}/api/v1/elections/${opened.id}/sheets`;
    const bodies = sheets.map((sheet) => JSON.stringify({ ...sheet, expectedRevision: 0 }));
    const wishes = watched.map((watcher) => wishOf(opened.id, watcher));
    const sending = { url, token: opened.token, bodies, perSecond };
    const { sent, heard } = await watchAndSend(`${gateway.url}/live`, wishes, sending);
    // A sink that counts has no attempt to read where the feed was quicker than the log's confirmation.
    const isTaken = (status: number): boolean => status === 201 || (sink === 'counting' && status === 202);
    const late = sent.filter(({ status }) => !isTaken(status));
    if (late.length > 0) throw new Error(`${late.length} sheets were not taken: ${late[0]!.text}`);
    const waits = waitsOf(sheets, sent, watched, heard, stations, first);
    return rowsOf(one, waits, sent.slice(first));
  } catch (error) {
    console.error(complaints());
    return [{ figure: nameOf(one), measured: `did not keep up: ${(error as Error).message}`, met: false }];
  } finally {
    await stop();
  }
}

function rowsOf(one: Case, waits: readonly Wait[], sent: readonly Sent[]): Row[] {
  const ms = waits.map((wait) => wait.ms);
  const p99 = percentile(ms, 99);
  const name = nameOf(one);
  return [
    {
      figure: `${name}, sheet sent to its answer, p50 / p99`,
      measured: p50p99(sent.map(({ sentAt, answeredAt }) => answeredAt - sentAt)),
    },
    {
      figure: `${name}, sheet sent to watcher, p50 / p99`,
      measured: p50p99(ms),
      limit: `a room is told every ${ROOM_MS} ms at most`,
      aim: `p99 < ${milliseconds(LATENCY_AIM_MS)}`,
      met: p99 < LATENCY_AIM_MS,
    },
    {
      figure: `${name}, of it beyond the four messages a second, p50 / p99`,
      measured: p50p99(waits.map(({ beyondMs }) => beyondMs)),
    },
    {
      figure: `${name}, room free to tell, p50 / p99`,
      measured: p50p99(waits.filter(({ wasFree }) => wasFree).map((wait) => wait.ms)),
    },
  ];
}

function nameOf({ sink, perSecond }: Case): string {
  const into = sink === 'store' ? 'projected to the store' : 'projected to a sink that counts';
  return `cluster latency: ${perSecond} sheets/s, ${whole(WATCHERS)} watchers, ${into}`;
}
