/** The server of a process: HTTP, and the live feed and pages where they are wanted. */
import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import pino, { type Logger } from 'pino';
import {
  DEFAULT_LIMITS,
  Draining,
  HttpMetrics,
  type Limits,
  makeAdapter,
  ProblemFilter,
  prepareHttp,
  type Services,
} from '../api/index.ts';
import { openPages, PagesModule } from '../pages/index.ts';
import { nestLogger } from './nest-logger.ts';
import { ServerModule } from './server.module.ts';
import { builtPages, pageFallback, servePages } from './web-pages.ts';

export interface ServerOptions {
  /** What the process is made of. */
  readonly modules: readonly (Type | DynamicModule)[];
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
  /** Answers what is under way, refuses what is new, closes every connection. The services stay open. */
  close(): Promise<void>;
}

/** What is under way when stopping has so long to come to an end. */
const DRAIN_MS = 10_000;

/** `services`: null for a process whose modules need none. */
export async function startHttpServer(services: Services | null, options: ServerOptions): Promise<RunningServer> {
  const log = options.log ?? pino({ level: process.env.TALLY_LOG_LEVEL ?? 'warn' }, pino.destination(2));
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const draining = new Draining();
  const pages = options.pages === undefined ? builtPages() : options.pages;
  const app = await NestFactory.create<NestFastifyApplication>(
    ServerModule.with(
      services && { ...services, report: (error) => log.error({ err: error }, 'fault') },
      limits,
      draining,
      pages === null ? options.modules : [...options.modules, PagesModule.of(await openPages(pages))],
    ),
    makeAdapter(limits.proxies),
    { logger: nestLogger(log), bodyParser: false, abortOnError: false },
  );
  app.useWebSocketAdapter(new IoAdapter(app));
  app.useGlobalFilters(new ProblemFilter(log, pageFallback(pages !== null)));
  app.get(HttpMetrics).watch(await prepareHttp(app, limits, draining));
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
