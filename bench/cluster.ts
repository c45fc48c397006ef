/**
 * The cluster: real broker, real processes, each figure beside a limit measured in the same run. The store is a server
 * with MongoDB's wire protocol: only ratios against plain writes to the same server carry over to MongoDB.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ingest, ingestRows } from './cluster/ingest.ts';
import { Lab } from './cluster/lab.ts';
import { countingRows, project, storeRows } from './cluster/projection.ts';
import { LATENCY_CASES, latencyRows } from './cluster/watching.ts';
import { makeNation, type NationOptions } from './nation.ts';
import { type Row, times, whole } from './table.ts';
import type { Workshop } from './workshop.ts';

/** The wire server is slow; more would only take longer. */
const MOST_STORED_SHEETS = 16_000;
const MOST_GROWTH_SHEETS = 40_000;
const SPREADS = [1, 2, 4];

type Part = (lab: Lab, shop: Workshop, folder: string) => Promise<Row[]>;

/** What `npm run bench -- cluster` measures, each with a broker and a store of its own. */
export const CLUSTER_BENCHES: Readonly<Record<string, (shop: Workshop) => Promise<Row[]>>> = {
  'cluster-whole': (shop) => inLab(shop, wholeRows),
  'cluster-store': (shop) => inLab(shop, storedRows),
  'cluster-growth': (shop) => inLab(shop, growthRows),
  'cluster-latency': everyLatency,
};

/** Each case with a cluster of its own: its projector has no other log to catch up with. */
async function everyLatency(shop: Workshop): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of LATENCY_CASES) rows.push(...(await inLab(shop, (...parts) => latencyRows(one, ...parts))));
  return rows;
}

export async function inLab(shop: Workshop, part: Part): Promise<Row[]> {
  const folder = join(shop.folder, 'cluster');
  await mkdir(folder, { recursive: true });
  if (shop.options.profile) await mkdir(join(shop.options.profile, 'cluster'), { recursive: true });
  const lab = await Lab.start();
  try {
    return await part(lab, shop, folder);
  } finally {
    await lab.stop();
  }
}

function sized({ nation, sheets }: Workshop, most = Number.POSITIVE_INFINITY): NationOptions {
  return { sheets: Math.min(sheets, most), seed: nation.seed, shards: nation.shards };
}

/** Every sheet: taken in, then projected to a sink that counts. */
async function wholeRows(lab: Lab, shop: Workshop, folder: string): Promise<Row[]> {
  const opened = await lab.open(shop.nation, 'whole', shop.nation.shards, folder);
  const ingested = await ingest(lab, opened, sized(shop), 1, shop.options);
  const rows = await ingestRows(lab, opened, ingested);
  const alone = await project(lab, opened, { sink: 'counting', tells: false }, shop.options);
  const telling = await project(lab, opened, { sink: 'counting', tells: true }, shop.options);
  return [...rows, ...countingRows(alone, telling)];
}

async function storedRows(lab: Lab, shop: Workshop, folder: string): Promise<Row[]> {
  const options = sized(shop, MOST_STORED_SHEETS);
  const opened = await lab.open(makeNation(options), 'stored', shop.nation.shards, folder);
  await ingest(lab, opened, options, 1, {});
  return storeRows(lab, opened, shop.options);
}

/** As many shards as apis, then as projectors. */
async function growthRows(lab: Lab, shop: Workshop, folder: string): Promise<Row[]> {
  const options = sized(shop, MOST_GROWTH_SHEETS);
  const nation = makeNation(options);
  const rows: { ingest: Row; projection: Row }[] = [];
  const first = { ingest: 0, projection: 0 };
  for (const spread of SPREADS) {
    const opened = await lab.open(nation, `spread-${spread}`, spread, folder);
    const taken = (await ingest(lab, opened, options, spread, {})).perSecond;
    const sink = { sink: 'counting', tells: false, processes: spread } as const;
    const projected = (await project(lab, opened, sink, {})).perSecond;
    first.ingest ||= taken;
    first.projection ||= projected;
    const row = (what: string, rate: number, one: number): Row => ({
      figure: `cluster growth: ${what}, ${spread} shards and processes, a second`,
      measured: whole(rate),
      limit: `with one ${whole(one)}`,
      ratio: times(rate, one),
    });
    rows.push({
      ingest: row('ingest', taken, first.ingest),
      projection: row('projection', projected, first.projection),
    });
  }
  return [...rows.map((row) => row.ingest), ...rows.map((row) => row.projection)];
}
