/** Fastify as we use it: time limits against slow senders, our own bodies, headers, rates and problems. */
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Limits } from '../services.ts';
import { registerBodies } from './bodies.ts';
import { answerClientError } from './client-errors.ts';
import type { Draining } from './draining.ts';
import { problemOf, sendProblem } from './problem-filter.ts';
import { ProblemError } from './problems.ts';
import { fastifyCookie } from './session-cookie.ts';

/** Headers must be there within this time; a connection that says nothing for the idle time is closed. */
const HEADERS_MS = 10_000;
const IDLE_MS = 60_000;
const KEEP_ALIVE_MS = 30_000;

/** `proxies`: how many of ours stand in front and tell the client's address (`X-Forwarded-For`). */
export function makeAdapter(proxies: number): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy: (_address: string, hop: number) => hop < proxies,
    logger: false,
    bodyLimit: 2 ** 40,
    connectionTimeout: IDLE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: Error, request: unknown, reply: unknown) => {
      const { code, details } = problemOf(error) ?? { code: 'malformed-request', details: {} };
      sendProblem(request as FastifyRequest, reply as FastifyReply, code, details);
    },
  });
}

/** Everything that goes before the routes; call it before `app.init()`. */
export async function prepareHttp(
  app: NestFastifyApplication,
  limits: Limits,
  draining: Draining,
): Promise<FastifyInstance> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  registerBodies(fastify);
  fastify.addHook('onRequest', async (request) => {
    if (!request.url.startsWith('/health/')) draining.mustNotBeStopping();
  });
  await app.register(fastifyCookie as never);
  await app.register(helmet as never, helmetOptions as never);
  await app.register(rateLimit as never, rateOptions(limits) as never);
  fastify.server.maxConnections = limits.connections;
  return fastify;
}

const helmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      connectSrc: ["'self'", 'ws:', 'wss:'],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
    },
  },
  /** TLS ends in front of us; who runs it there sets this. */
  strictTransportSecurity: false,
};

/** By account where there is a token (a wrong one is met by the guard), else by address. */
function rateOptions(limits: Limits): Record<string, unknown> {
  return {
    timeWindow: 1_000,
    cache: 20_000,
    max: (request: FastifyRequest) =>
      request.headers.authorization ? limits.accountPerSecond : limits.publicPerSecond,
    keyGenerator: (request: FastifyRequest) => request.headers.authorization?.slice(0, 100) ?? request.ip,
    allowList: (request: FastifyRequest) => request.url.startsWith('/health/') || request.url === '/metrics',
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: () => new ProblemError('too-many-requests', { headers: { 'retry-after': '1' } }),
  };
}
