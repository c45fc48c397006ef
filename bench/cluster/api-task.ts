/**
 * An api of a cluster as it is run, but that it answers as soon as Kafka has acknowledged: it does not wait for the
 * fold's word, so that taking in is measured alone.
 */
import pino from 'pino';
import { Intake } from '#intake';
import { ApiModule } from '../../apps/api/index.ts';
import { openCluster, storesEnvironment } from '../../apps/server/cluster.ts';
import { startHttpServer } from '../../apps/server/http-server.ts';
import { answering, type Times, timed, timesOf } from '../child.ts';
import type { Environment } from './lab.ts';

export type ApiRequest =
  | { readonly do: 'start'; readonly env: Environment }
  /** Begins to measure this process. */
  | { readonly do: 'measure' }
  /** What it took since, and the end. */
  | { readonly do: 'stop' };

export interface ApiAnswer {
  readonly url: string;
  readonly times: Times | null;
}

let end: (() => Promise<void>) | null = null;
let url = '';
let measured: Promise<Times> | null = null;
let halt = (): void => undefined;

answering(async (request: ApiRequest): Promise<ApiAnswer> => {
  if (request.do === 'start') await start(request.env);
  if (request.do === 'measure') {
    const halted = new Promise<void>((resolve) => {
      halt = resolve;
    });
    measured = timed(() => halted).then(timesOf);
  }
  if (request.do !== 'stop') return { url, times: null };
  halt();
  const times = await measured;
  await end?.();
  return { url, times };
});

async function start(env: Environment): Promise<void> {
  const log = pino({ level: 'warn' }, pino.destination(2));
  const installation = await openCluster(storesEnvironment.parse(env), log);
  const services = { ...installation, intake: new Intake(installation.projection, { waitMs: 0 }) };
  const limits = { accountPerSecond: 1_000_000, publicPerSecond: 1_000_000 };
  const server = await startHttpServer(services, { modules: [ApiModule], port: 0, pages: null, limits, log });
  url = server.url;
  end = async () => {
    await server.close();
    await installation.close();
  };
}
