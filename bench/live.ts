/**
 * `npm run bench -- live`: a nation watching one gateway. Thousands of Socket.IO clients in processes of their own, sheets
 * coming in through the api, the broker and the projector; then the same with some clients that stop reading; then what
 * requests cost. Beside it, in the same run, a bare `ws` server that sends as many bytes at the same moments to as many.
 */
import { readFileSync } from 'node:fs';
import { inChild } from './child.ts';
import type { OpenedElection } from './cluster/lab.ts';
import { type Running, type Sink, startProcesses } from './cluster/processes.ts';
import { inLab } from './cluster.ts';
import { CONTEST, pickSheets, pickUnits, type Wait, waitsOf, wishOf } from './latency.ts';
import { Crowd } from './live/crowd.ts';
import { feedRows, type Measured, metricsOf, throughBare } from './live/feed.ts';
import { anonymousOf, spentBy } from './live/other-process.ts';
import { type Asked, IDLE_SECONDS, requestRows } from './live/requests.ts';
import { type BenchSheet, ROOT } from './nation.ts';
import type { SenderRequest, Sent } from './sender-task.ts';
import type { Row } from './table.ts';
import type { Workshop } from './workshop.ts';

export interface LiveOptions {
  readonly watchers: number;
  /** Of them: those that stop reading. */
  readonly stalled: number;
  /** Sheets a second. */
  readonly perSecond: number;
  /** How long each part is measured. */
  readonly seconds: number;
}

/** Sent before, so that everything is warm; not counted. */
const WARM_SECONDS = 4;
const REQUEST_SECONDS = 5;
/** What the gateway opens beside its watchers' connections. */
const OTHER_FILES = 500;

export async function benchLive(shop: Workshop, options: LiveOptions): Promise<Row[]> {
  mustHaveFiles(options.watchers + OTHER_FILES);
  // The MongoDB-wire server would be what is measured: rooms need no store once they are open, snapshots do.
  const feed = await inParts(shop, options, 'counting', (bench) => bench.feedRows());
  return [...feed, ...(await inParts(shop, options, 'store', (bench) => bench.requestRows()))];
}

function inParts(
  shop: Workshop,
  options: LiveOptions,
  sink: Sink,
  rows: (bench: LiveBench) => Promise<Row[]>,
): Promise<Row[]> {
  return inLab(shop, async (lab, _shop, folder) => {
    const opened = await lab.open(shop.nation, `live-${sink}`, shop.nation.shards, folder);
    const profile = shop.options.profile ? ['--cpu-prof', `--cpu-prof-dir=${shop.options.profile}`] : [];
    const running = await startProcesses(lab, opened, sink, profile);
    try {
      return await rows(new LiveBench(shop, options, opened, running));
    } catch (error) {
      console.error(running.complaints());
      throw error;
    } finally {
      await running.stop();
    }
  });
}

function mustHaveFiles(needed: number): void {
  const allowed = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
  if (allowed < needed) throw new Error(`${allowed} files may be open; run \`ulimit -n ${needed}\` first`);
}

class LiveBench {
  readonly #shop: Workshop;
  readonly #options: LiveOptions;
  readonly #opened: OpenedElection;
  readonly #running: Running;
  /** Not sent yet. */
  readonly #sheets: BenchSheet[];

  constructor(shop: Workshop, options: LiveOptions, opened: OpenedElection, running: Running) {
    this.#shop = shop;
    this.#options = options;
    this.#opened = opened;
    this.#running = running;
    const seconds = WARM_SECONDS + Math.max(2 * options.seconds, 2 * (IDLE_SECONDS + REQUEST_SECONDS));
    this.#sheets = pickSheets(shop, seconds * options.perSecond);
  }

  async feedRows(): Promise<Row[]> {
    const { watchers, perSecond, seconds, stalled: count } = this.#options;
    const { url, pid } = this.#gateway;
    const stations = new Map(this.#shop.nation.stations.map((station) => [station.code, station]));
    const warm = this.#next(WARM_SECONDS);
    const [first, second] = [this.#next(seconds), this.#next(seconds)];
    const watched = pickUnits([...first, ...second], stations, watchers);
    const wishes = watched.map((one) => wishOf(this.#opened.id, one));
    const crowd = new Crowd();
    try {
      const idleMiB = anonymousOf(pid);
      const coming = await spentBy(pid, () =>
        crowd.come(wishes, (dealt) => ({ do: 'watch', url: url.replace('http', 'ws'), wishes: dealt })),
      );
      // Everybody is there before the first sheet: what the projector counts is not in the store to begin with.
      await this.#send(warm);
      await crowd.report();
      const reading = await this.#measure(first, crowd);
      // Every so many-th, a place further each time: some of each level.
      const step = Math.floor(watchers / Math.max(1, count));
      const places = Array.from({ length: count }, (_, i) => i * step + (i % step));
      const stalled = new Set(places);
      await crowd.stall(places);
      const stalling = await this.#measure(second, crowd);
      await crowd.leave();
      const waits = ({ sheets, sent, report }: Measured, without: ReadonlySet<number>): Wait[] => {
        const others = [...watched.keys()].filter((place) => !without.has(place));
        const acknowledged = sent.map((one) => ({ ...one, sentAt: one.answeredAt }));
        const [who, heard] = [others.map((place) => watched[place]!), others.map((place) => report.heard[place]!)];
        return waitsOf(sheets, acknowledged, who, heard, stations, 0);
      };
      return feedRows({
        watchers,
        perSecond,
        idleMiB,
        coming,
        reading: { ...reading, waits: waits(reading, new Set()) },
        stalling: { ...stalling, waits: waits(stalling, stalled) },
        stalled,
        bare: await throughBare(
          reading,
          watched.map(({ unit }) => unit),
        ),
      });
    } finally {
      await crowd.end();
    }
  }

  async #measure(sheets: readonly BenchSheet[], crowd: Crowd): Promise<Measured> {
    const { url, pid } = this.#gateway;
    const startMiB = anonymousOf(pid);
    const { value: sent, ...spent } = await spentBy(pid, () => this.#send(sheets));
    const report = await crowd.report();
    return { sheets, sent, report, spent, startMiB, metrics: await metricsOf(url) };
  }

  async requestRows(): Promise<Row[]> {
    await this.#send(this.#next(WARM_SECONDS));
    const { api, gateway } = this.#running;
    const { id } = this.#opened;
    const snapshot = {
      url: `${gateway.url}/api/v1/elections/${id}/results/${ROOT}/children?contest=${CONTEST}`,
      pid: gateway.pid!,
    };
    const page = { url: `${api.url}/en/${id}/${ROOT}?contest=${CONTEST}`, pid: api.pid! };
    const coming = `${this.#options.perSecond} sheets/s come in`;
    const meanwhile = (seconds: number): Promise<unknown> => this.#send(this.#next(seconds));
    const asked: Asked[] = [
      { name: 'snapshot', ...snapshot, isKnown: false },
      { name: 'snapshot, unchanged (304)', ...snapshot, isKnown: true },
      { name: `snapshot while ${coming}`, ...snapshot, isKnown: false, meanwhile },
      { name: 'page', ...page, isKnown: false },
      { name: 'page, unchanged (304)', ...page, isKnown: true },
      { name: `page while ${coming}`, ...page, isKnown: false, meanwhile },
    ];
    const rows: Row[] = [];
    for (const one of asked) rows.push(...(await requestRows(one, REQUEST_SECONDS)));
    return rows;
  }

  get #gateway(): { url: string; pid: number } {
    const { url, pid } = this.#running.gateway;
    return { url, pid: pid! };
  }

  /** Sheets for so many seconds. */
  #next(seconds: number): BenchSheet[] {
    return this.#sheets.splice(0, seconds * this.#options.perSecond);
  }

  async #send(sheets: readonly BenchSheet[]): Promise<Sent[]> {
    const url = `${this.#running.api.url}/api/v1/elections/${this.#opened.id}/sheets`;
    const bodies = sheets.map((sheet) => JSON.stringify({ ...sheet, expectedRevision: 0 }));
    const request = { url, token: this.#opened.token, bodies, perSecond: this.#options.perSecond };
    const { answer: sent } = await inChild<SenderRequest, Sent[]>('sender-task', request);
    const wrong = sent.find(({ status }) => status !== 201 && status !== 202);
    if (wrong) throw new Error(`a sheet was answered with ${wrong.status}: ${wrong.text}`);
    return sent;
  }
}
