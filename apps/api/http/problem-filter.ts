/** Answers whatever was thrown as a problem; what nobody expected is logged and told as `internal`, never shown. */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LogError } from '#event-log';
import { TreeError } from '#log-tree';
import { ModelError } from '#read-model';
import { PROBLEMS, type ProblemCode, type ProblemDetails, ProblemError, problemBody } from './problems.ts';

/** Statuses of Fastify's and Nest's own errors. */
const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-request',
  401: 'unauthenticated',
  403: 'not-permitted',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'timeout',
  413: 'too-large',
  414: 'malformed-request',
  415: 'unsupported-media-type',
  417: 'expectation-failed',
  429: 'too-many-requests',
  431: 'headers-too-large',
  503: 'unavailable',
};

interface Told {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
}

/** What a thrown value is as a problem; null where nobody expected it. */
export function problemOf(error: unknown): Told | null {
  if (error instanceof ProblemError) return { code: error.code, details: error.details };
  if (error instanceof LogError || error instanceof ModelError || error instanceof TreeError)
    return { code: 'unavailable', details: { headers: { 'retry-after': '1' } } };
  const status = statusOf(error);
  const code = status === undefined ? undefined : BY_STATUS[status];
  return code ? { code, details: {} } : null;
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** Where a request failed to find a page: the web application answers its own addresses. */
export type PageFallback = (request: FastifyRequest, reply: FastifyReply) => boolean;

@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;
  readonly #fallback: PageFallback;

  constructor(log: Logger, fallback: PageFallback) {
    this.#log = log;
    this.#fallback = fallback;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const told = problemOf(error);
    if (!told)
      this.#log.error({ err: error, method: request.method, route: request.routeOptions?.url }, 'unexpected error');
    const { code, details } = told ?? { code: 'internal', details: {} };
    if (code === 'not-found' && this.#fallback(request, reply)) return;
    sendProblem(request, reply, code, details);
  }
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ProblemCode,
  details: ProblemDetails,
): void {
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const path = request.url.split('?', 1)[0]!.slice(0, 300);
  reply
    .code(PROBLEMS[code].status)
    .headers({ 'cache-control': 'no-store', ...details.headers })
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(code, details, path)));
}
