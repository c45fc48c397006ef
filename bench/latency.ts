/**
 * From sending a sheet to every watcher of a unit above its station having the change: the server as users start it,
 * watchers and sender each in a process of their own. Beside it a bare Socket.IO server with as many clients.
 */
import { join } from 'node:path';
import type { WatchRequest } from '#wire';
import { TallyServer } from '../test/services/tally-server.ts';
import { Child, inChild } from './child.ts';
import type { EchoAnswer, EchoRequest } from './echo-task.ts';
import { p50p99, percentile } from './latencies.ts';
import { type BenchSheet, ELECTION, ROOT, randomFrom, type Station, sheetsOf } from './nation.ts';
import type { SenderRequest, Sent } from './sender-task.ts';
import { milliseconds, type Row, times } from './table.ts';
import type { Heard, WatchersAnswer, WatchersRequest } from './watchers-task.ts';
import type { Workshop } from './workshop.ts';

export const P99_AIM_MS = 150;
const PER_SECOND = 100;
const SECONDS = 20;
/** Sent before, so that everything is warm; not counted. */
const WARM_SECONDS = 5;
const WATCHERS = 200;
/** A room is told at most four times a second (contracts §6). */
export const ROOM_MS = 250;
export const CONTEST = 'na';
const LEVELS = ['root', 'province', 'district', 'commune', 'station'] as const;
type Level = (typeof LEVELS)[number];

interface Watched {
  readonly level: Level;
  readonly unit: string;
}

/** How long a watcher waited for a sheet. */
export interface Wait {
  readonly level: Level;
  readonly ms: number;
  /** Of it, what remains once the room may be told again after its message before. */
  readonly beyondMs: number;
  /** Whether the room might have been told at once when the sheet was sent. */
  readonly wasFree: boolean;
}

export async function benchLatency(shop: Workshop): Promise<Row[]> {
  const sheets = pickSheets(shop, (WARM_SECONDS + SECONDS) * PER_SECOND);
  const stations = new Map(shop.nation.stations.map((station) => [station.code, station]));
  const watched = pickUnits(sheets.slice(WARM_SECONDS * PER_SECOND), stations, WATCHERS);
  const { sent, heard } = await throughTally(shop, sheets, watched);
  const first = WARM_SECONDS * PER_SECOND;
  const waits = waitsOf(sheets, sent, watched, heard, stations, first);
  const bare = await throughEcho(sheets);
  return rows(waits, sent.slice(first), bare);
}

/* ------------------------------------------------------------ what is sent, and who watches */

/** Sheets of the contest that the whole nation votes in, of stations in random order. */
export function pickSheets({ nation }: Workshop, count: number): BenchSheet[] {
  const all = [...sheetsOf(nation)].filter(({ contest }) => contest === CONTEST);
  const random = randomFrom(nation.seed ^ 0x11fe);
  for (let i = all.length - 1; i > 0; i -= 1) {
    const k = Math.floor(random() * (i + 1));
    [all[i], all[k]] = [all[k]!, all[i]!];
  }
  if (all.length < count) throw new Error(`${all.length} stations are too few; ${count} sheets are sent`);
  return all.slice(0, count);
}

/** As many watchers at each level: the root's in one room, the others' spread over the units that sheets come from. */
export function pickUnits(
  counted: readonly BenchSheet[],
  stations: ReadonlyMap<string, Station>,
  watchers: number,
): Watched[] {
  return Array.from({ length: watchers }, (_, i) => {
    const level = LEVELS[i % LEVELS.length]!;
    const { station } = counted[Math.floor((i / watchers) * counted.length)]!;
    return { level, unit: unitsOf(stations.get(station)!)[level] };
  });
}

function unitsOf({ code, commune, district, province }: Station): Record<Level, string> {
  return { root: ROOT, province, district, commune, station: code };
}

/* ------------------------------------------------------------ the two runs */

async function throughTally(
  shop: Workshop,
  sheets: readonly BenchSheet[],
  watched: readonly Watched[],
): Promise<{ sent: Sent[]; heard: WatchersAnswer }> {
  const data = join(shop.folder, 'live');
  await shop.openIn(data);
  const server = await TallyServer.start({ data });
  try {
    const wishes = watched.map((one) => wishOf(ELECTION, one));
    const bodies = sheets.map((sheet) => JSON.stringify({ ...sheet, expectedRevision: 0 }));
    const api = `${server.url}/api/v1/elections/${ELECTION}`;
    const sending = {
      url: `${api}/sheets`,
      token: await clerkToken(api, server.token!),
      bodies,
      perSecond: PER_SECOND,
    };
    const run = await watchAndSend(`${server.url}/live`, wishes, sending);
    const wrong = run.sent.find(({ status }) => status !== 201);
    if (wrong) throw new Error(`a sheet was answered with ${wrong.status}: ${wrong.text}`);
    return run;
  } finally {
    await server.stop();
  }
}

/** As the page does: the unit and the table below it. */
export function wishOf(election: string, { unit, level }: Watched): WatchRequest {
  return { election, unit, contest: CONTEST, track: 'provisional', children: level !== 'station' };
}

async function clerkToken(api: string, manager: string): Promise<string> {
  const response = await fetch(`${api}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${manager}` },
    body: JSON.stringify({ role: 'clerk', unit: ROOT }),
  });
  if (!response.ok) throw new Error(`no token for a clerk: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { token: string }).token;
}

/** Every message reaches every client; waits in milliseconds. */
async function throughEcho(sheets: readonly BenchSheet[]): Promise<number[]> {
  const server = new Child('echo-task');
  try {
    const { url } = await server.ask<EchoRequest, EchoAnswer>({ do: 'start' });
    const bodies = sheets.map((sheet) => JSON.stringify(sheet));
    const wishes = Array.from({ length: WATCHERS }, () => null);
    const { sent, heard } = await watchAndSend(url, wishes, { url, bodies, perSecond: PER_SECOND });
    await server.ask<EchoRequest, EchoAnswer>({ do: 'stop' });
    const sentAt = new Map(sent.map(({ text, sentAt }) => [Number(text), sentAt]));
    const first = WARM_SECONDS * PER_SECOND;
    return heard.flatMap((list) => list.slice(first).map(({ at, to }) => at - sentAt.get(to[0]!)!));
  } finally {
    await server.end();
  }
}

export async function watchAndSend(
  watchAt: string,
  wishes: readonly (WatchRequest | null)[],
  request: SenderRequest,
): Promise<{ sent: Sent[]; heard: WatchersAnswer }> {
  const watchers = new Child('watchers-task');
  try {
    await watchers.ask<WatchersRequest, WatchersAnswer>({ do: 'watch', url: watchAt, wishes });
    const { answer: sent } = await inChild<SenderRequest, Sent[]>('sender-task', request);
    const heard = await watchers.ask<WatchersRequest, WatchersAnswer>({ do: 'report' });
    return { sent, heard };
  } finally {
    await watchers.end();
  }
}

/* ------------------------------------------------------------ figures */

/** Of every sheet from the place `first` on, with every watcher of a unit above its station. */
export function waitsOf(
  sheets: readonly BenchSheet[],
  sent: readonly Sent[],
  watched: readonly Watched[],
  heard: WatchersAnswer,
  stations: ReadonlyMap<string, Station>,
  first: number,
): Wait[] {
  return sheets.slice(first).flatMap(({ station }, i) => {
    const above = unitsOf(stations.get(station)!);
    return watched.flatMap(({ level, unit }, k) =>
      above[level] === unit ? [waitFor(sent[first + i]!, heard[k]!, level)] : [],
    );
  });
}

/** From sending the request until the first message that includes the sheet. */
function waitFor({ sentAt, text }: Sent, heard: readonly Heard[], level: Level): Wait {
  const [shard, offset] = (JSON.parse(text) as { attempt: string }).attempt.split(':').map(Number);
  const place = heard.findIndex(({ to }) => to[shard!]! > offset!);
  const found = heard[place];
  if (!found) throw new Error(`nobody told a watcher of a ${level} about ${shard}:${offset}`);
  const mayTellAt = (heard[place - 1]?.at ?? 0) + ROOM_MS;
  return {
    level,
    ms: found.at - sentAt,
    beyondMs: found.at - Math.max(sentAt, mayTellAt),
    wasFree: mayTellAt <= sentAt,
  };
}

function rows(waits: readonly Wait[], sent: readonly Sent[], bare: readonly number[]): Row[] {
  const limit = `bare broadcast ${p50p99(bare)}`;
  const bareP99 = percentile(bare, 99);
  const row = (figure: string, values: readonly number[], hasAim: boolean): Row => {
    const p99 = percentile(values, 99);
    return {
      figure: `latency: ${figure}, p50 / p99`,
      measured: p50p99(values),
      limit,
      ratio: times(p99, bareP99),
      cost: p99,
      growth: 'constant',
      ...(hasAim && { aim: `p99 < ${milliseconds(P99_AIM_MS)}`, met: p99 < P99_AIM_MS }),
    };
  };
  const ms = (wanted: readonly Wait[]): number[] => wanted.map((wait) => wait.ms);
  return [
    row(
      'sheet sent to answer 201',
      sent.map(({ sentAt, answeredAt }) => answeredAt - sentAt),
      false,
    ),
    row('sheet sent to watcher, all', ms(waits), true),
    ...LEVELS.map((level) =>
      row(`sheet sent to watcher of a ${level}`, ms(waits.filter((wait) => wait.level === level)), true),
    ),
    row('sheet sent to watcher, room free to tell', ms(waits.filter(({ wasFree }) => wasFree)), true),
    row(
      'what lies beyond the four messages a second',
      waits.map(({ beyondMs }) => beyondMs),
      true,
    ),
  ];
}
