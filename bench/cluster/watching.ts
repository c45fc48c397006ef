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
import type { ProjectorAnswer, ProjectorRequest } from './projector-task.ts';

export const LATENCY_AIM_MS = 300;
/** By what the projector writes to. The MongoDB-wire server takes no more than some 4,000 writes a second. */
const PER_SECOND = { counting: 500, store: 50 } as const;
const SECONDS = 10;
/** Sent before, so that everything is warm; not counted. */
const WARM_SECONDS = 4;
const WATCHERS = 1_000;
const KINDS: readonly ProcessKind[] = ['api', 'gateway', 'projector'];
const MANY = '1000000';

type Sink = keyof typeof PER_SECOND;

export async function latencyRows(lab: Lab, shop: Workshop, folder: string): Promise<Row[]> {
  return [...(await latencyWith('store', lab, shop, folder)), ...(await latencyWith('counting', lab, shop, folder))];
}

async function latencyWith(sink: Sink, lab: Lab, shop: Workshop, folder: string): Promise<Row[]> {
  const { nation } = shop;
  const perSecond = PER_SECOND[sink];
  const first = WARM_SECONDS * perSecond;
  const sheets = pickSheets(shop, (WARM_SECONDS + SECONDS) * perSecond);
  const stations = new Map(nation.stations.map((station) => [station.code, station]));
  const watched = pickUnits(sheets.slice(first), stations, WATCHERS);
  const opened = await lab.open(nation, `watched-${sink}`, nation.shards, folder);
  const { api, gateway, complaints, stop } = await start(lab, opened, sink);
  try {
    const url = `${api}/api/v1/elections/${opened.id}/sheets`;
    const bodies = sheets.map((sheet) => JSON.stringify({ ...sheet, expectedRevision: 0 }));
    const wishes = watched.map((one) => wishOf(opened.id, one));
    const sending = { url, token: opened.token, bodies, perSecond };
    const { sent, heard } = await watchAndSend(`${gateway}/live`, wishes, sending);
    const late = sent.filter(({ status }) => status !== 201);
    if (late.length > 0) throw new Error(`${late.length} sheets were not answered 201: ${late[0]!.text}`);
    const waits = waitsOf(sheets, sent, watched, heard, stations, first);
    return rows(sink, waits, sent.slice(first));
  } catch (error) {
    throw new Error(`not measured; the processes said:\n${complaints()}`, { cause: error });
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

async function start(lab: Lab, opened: OpenedElection, sink: Sink): Promise<Running> {
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
  await Promise.all([api.start(), gateway.start(), sink === 'store' && projector.start()]);
  const counting = sink === 'counting' ? await countingProjector(lab, opened) : null;
  const stop = async (): Promise<void> => {
    await Promise.all([...processes.map((one) => one.kill()), counting?.end()]);
  };
  const complaints = (): string => processes.map((one) => `${one.kind}: ${one.complaints}`).join('\n');
  return { api: api.url, gateway: gateway.url, complaints, stop };
}

/** Its watchers begin before the first sheet: none of them asks the store, which stays empty. */
async function countingProjector({ env }: Lab, { id, shards }: OpenedElection): Promise<Child> {
  const projector = new Child('cluster/projector-task');
  const all = Array.from({ length: shards }, (_, shard) => shard);
  const ask = (request: ProjectorRequest): Promise<ProjectorAnswer> => projector.ask(request);
  await ask({ do: 'open', env, election: id, shards: all, sink: 'counting', tells: true });
  await ask({ do: 'serve' });
  return projector;
}

function rows(sink: Sink, waits: readonly Wait[], sent: readonly Sent[]): Row[] {
  const ms = waits.map((wait) => wait.ms);
  const p99 = percentile(ms, 99);
  const into = sink === 'store' ? 'projected to the store' : 'projector with a sink that counts';
  const name = `cluster latency: ${PER_SECOND[sink]} sheets/s, ${whole(WATCHERS)} watchers, ${into}`;
  return [
    {
      figure: `${name}, sheet sent to answer 201, p50 / p99`,
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
