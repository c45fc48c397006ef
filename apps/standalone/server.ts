/** One process that serves everything: API, live feed and pages over one installation. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import pino, { type Logger } from 'pino';
import {
  DEFAULT_LIMITS,
  Draining,
  type Limits,
  Metrics,
  makeAdapter,
  ProblemFilter,
  prepareHttp,
} from '../api/index.ts';
import { LiveGateway } from '../gateway/index.ts';
import type { Installation } from './embedded.ts';
import { nestLogger } from './nest-logger.ts';
import { StandaloneModule } from './standalone.module.ts';
import { builtPages, pageFallback, servePages } from './web-pages.ts';

export interface ServerOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Default 127.0.0.1: reachable from this machine only. */
  readonly host?: string;
  readonly limits?: Partial<Limits>;
  /** Folder of the built pages; null: none. Default: where `npm run build` puts them. */
  readonly pages?: string | null;
  readonly log?: Logger;
}

export interface RunningServer {
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** Answers what is under way, refuses what is new, closes every connection. The installation stays open. */
  close(): Promise<void>;
}

/** What is under way when stopping has so long to come to an end. */
const DRAIN_MS = 10_000;

export async function startServer(installation: Installation, options: ServerOptions): Promise<RunningServer> {
  const log = options.log ?? pino({ level: process.env.TALLY_LOG_LEVEL ?? 'warn' }, pino.destination(2));
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const draining = new Draining();
  const pages = options.pages === undefined ? builtPages() : options.pages;
  const app = await NestFactory.create<NestFastifyApplication>(
    StandaloneModule.with({ ...installation, report: (error) => log.error({ err: error }, 'fault') }, limits, draining),
    makeAdapter(),
    { logger: nestLogger(log), bodyParser: false, abortOnError: false },
  );
  app.useWebSocketAdapter(new IoAdapter(app));
  app.useGlobalFilters(new ProblemFilter(log, pageFallback(pages !== null)));
  const metrics = app.get(Metrics);
  metrics.watch(await prepareHttp(app, limits, draining));
  metrics.countSockets(() => app.get(LiveGateway).size);
  if (pages !== null) await servePages(app, pages);
  const host = options.host ?? '127.0.0.1';
  await app.listen(options.port, host);
  return { url: addressOf(app, host), app, close: () => closeServer(app, draining) };
}

function addressOf(app: NestFastifyApplication, host: string): string {
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${port}`;
}

async function closeServer(app: NestFastifyApplication, draining: Draining): Promise<void> {
  draining.stop();
  const server = app.getHttpServer();
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(force);
  }
}
