/**
 * From sending a sheet to every watcher above its station having the change: api, projector and gateway as they are run,
 * each a process of its own, and sender and watchers too.
 */
import { freePorts } from '../../test/services/ports.ts';
import { type ProcessKind, TallyProcess } from '../../test/services/tally-process.ts';
import { Child } from '../child.ts';
import { p50p99, percentile } from '../latencies.ts';
import { pickSheets, pickUnits, ROOM_MS, type Wait, waitsOf, watchAndSend, wishOf } from '../latency.ts';
import type { Sent } from '../sender-task.ts';
import { milliseconds, type Row, whole } from '../table.ts';
import type { Workshop } from '../workshop.ts';
import type { Lab, OpenedElection } from './lab.ts';
import { project } from './projection.ts';
import type { ProjectorAnswer, ProjectorRequest } from './projector-task.ts';

export const LATENCY_AIM_MS = 300;
const SECONDS = 10;
/** Sent before, so that everything is warm; not counted. */
const WARM_SECONDS = 4;
const WATCHERS = 1_000;
const KINDS: readonly ProcessKind[] = ['api', 'gateway', 'projector'];
const MANY = '1000000';

interface Case {
  /** What the projector writes to. The MongoDB-wire server takes no more than some 4,000 writes a second. */
  readonly sink: 'store' | 'counting';
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
  const { api, gateway, complaints, stop } = await start(lab, opened, sink);
  try {
    const url = `${api}/api/v1/elections/${opened.id}/sheets`;
    const bodies = sheets.map((sheet) => JSON.stringify({ ...sheet, expectedRevision: 0 }));
    const wishes = watched.map((watcher) => wishOf(opened.id, watcher));
    const sending = { url, token: opened.token, bodies, perSecond };
    const { sent, heard } = await watchAndSend(`${gateway}/live`, wishes, sending);
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

interface Running {
  readonly api: string;
  readonly gateway: string;
  complaints(): string;
  stop(): Promise<void>;
}

async function start(lab: Lab, opened: OpenedElection, sink: Case['sink']): Promise<Running> {
  const ports = await freePorts(KINDS.length);
  const env = {
    ...lab.env,
    TALLY_PUBLIC_PER_SECOND: MANY,
    TALLY_ACCOUNT_PER_SECOND: MANY,
    TALLY_CONNECTIONS: MANY,
    TALLY_SOCKETS_PER_ADDRESS: MANY,
  };
  const processes = KINDS.map((kind, i) => new TallyProcess(kind, ports[i]!, env));
  const [api, gateway, projector] = processes as [TallyProcess, TallyProcess, TallyProcess];
  // The openings are in the store in any case: that is where the gateway begins.
  if (sink === 'counting') await project(lab, opened, { sink: 'store', tells: false }, {});
  const counting = sink === 'counting' ? await countingProjector(lab, opened) : null;
  const stop = async (): Promise<void> => {
    await Promise.all([...processes.map((one) => one.kill()), counting?.end()]);
  };
  try {
    await Promise.all([api.start(), gateway.start(), sink === 'store' && projector.start()]);
  } catch (error) {
    await stop();
    throw error;
  }
  const complaints = (): string => processes.map((one) => `${one.kind}: ${one.complaints}`).join('\n');
  return { api: api.url, gateway: gateway.url, complaints, stop };
}

/** Its watchers begin before the first sheet: none of them asks the store for one. */
async function countingProjector({ env }: Lab, { id, shards }: OpenedElection): Promise<Child> {
  const projector = new Child('cluster/projector-task');
  const all = Array.from({ length: shards }, (_, shard) => shard);
  const ask = (request: ProjectorRequest): Promise<ProjectorAnswer> => projector.ask(request);
  await ask({ do: 'open', env, election: id, shards: all, sink: 'counting', tells: true });
  await ask({ do: 'serve' });
  return projector;
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
