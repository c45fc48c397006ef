/** Taking in: batches over HTTP until Kafka has acknowledged them, against Kafka's own load tool. */
import { Child, type Times } from '../child.ts';
import type { NationOptions } from '../nation.ts';
import { percent, processorTime, type Row, whole } from '../table.ts';
import type { Workshop } from '../workshop.ts';
import type { ApiAnswer, ApiRequest } from './api-task.ts';
import type { Lab, OpenedElection } from './lab.ts';
import type { LoadAnswer, LoadRequest } from './load-task.ts';
import { producerLimit } from './producer-limit.ts';

export const INGEST_AIM = 0.25;
const BATCH = 1_000;
const CONNECTIONS = 8;
const WARM_BATCHES = 4;
/** Fewer would tell of Java's warming up rather than of the broker. */
const LEAST_RECORDS = 300_000;

export interface Ingested {
  readonly perSecond: number;
  readonly sheets: number;
  readonly apis: readonly Times[];
}

/** Sends the whole nation to an election through so many apis. */
export async function ingest(
  { env }: Lab,
  { id, token }: OpenedElection,
  nation: NationOptions,
  apis: number,
  options: Workshop['options'],
): Promise<Ingested> {
  const processes = Array.from({ length: apis }, () => new Child('cluster/api-task', options));
  const load = new Child('cluster/load-task');
  const all = (request: ApiRequest): Promise<ApiAnswer[]> =>
    Promise.all(processes.map((api) => api.ask<ApiRequest, ApiAnswer>(request)));
  try {
    const started = await all({ do: 'start', env });
    await all({ do: 'measure' });
    const urls = started.map(({ url }) => `${url}/api/v1/elections/${id}/sheets:batch`);
    const request = { urls, token, nation, batch: BATCH, connections: CONNECTIONS, warm: WARM_BATCHES };
    const { sheets, seconds, outcomes } = await load.ask<LoadRequest, LoadAnswer>(request);
    const stopped = await all({ do: 'stop' });
    const sent = sheets + WARM_BATCHES * BATCH;
    if (outcomes.pending !== sent) throw new Error(`of ${sent} sheets came out ${JSON.stringify(outcomes)}`);
    return { perSecond: sheets / seconds, sheets: sent, apis: stopped.map(({ times }) => times!) };
  } finally {
    await Promise.all([...processes, load].map((child) => child.end()));
  }
}

export async function ingestRows(lab: Lab, opened: OpenedElection, ingested: Ingested): Promise<Row[]> {
  const { perSecond, sheets, apis } = ingested;
  const { bytesAnEvent } = await lab.measure(opened);
  const records = Math.max(sheets, LEAST_RECORDS);
  const limit = await producerLimit(lab, { records, recordBytes: bytesAnEvent, partitions: opened.shards });
  return [
    {
      figure: `cluster ingest: batches of ${whole(BATCH)}, ${CONNECTIONS} connections, one api, acknowledged by Kafka, sheets/s`,
      measured: whole(perSecond),
      limit: `ProducerPerformance, acks=all, ${bytesAnEvent} bytes: ${whole(limit)}`,
      ratio: percent(perSecond, limit),
      aim: `≥ ${percent(INGEST_AIM, 1)}`,
      met: perSecond >= INGEST_AIM * limit,
    },
    { figure: 'cluster ingest: processor time of the api a sheet', measured: processorTime(apis[0]!, sheets) },
  ];
}
