/** `/api/openapi.json`, `/api/asyncapi.json`, `/api/docs`, and what a problem's `type` leads to. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isProblemCode, ProblemError } from '../http/problems.ts';
import { Handles, type RouteSpec, readParams } from '../http/route.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { DOCS_CSS, docsPage } from './docs-page.ts';
import { type Document, openApiDocument } from './openapi.ts';

/** All routes, for the documents. */
export const ROUTES = Symbol('ROUTES');

const params = z.object({ code: z.string().max(64) });

function page(path: string, summary: string, type: string) {
  return {
    method: 'GET',
    path,
    tag: 'operation',
    summary,
    access: 'public',
    answers: { 200: { description: 'The document', type } },
    problems: [],
  } as const satisfies RouteSpec;
}

const openApi = page('/api/openapi.json', 'This API for programs: OpenAPI 3.1', 'application/json');
const asyncApi = page('/api/asyncapi.json', 'The live feed for programs: AsyncAPI 3', 'application/json');
const docs = page('/api/docs', 'This API for people', 'text/html');
const style = page('/api/docs.css', 'How that page looks', 'text/css');
const problem = {
  method: 'GET',
  path: '/problems/:code',
  tag: 'operation',
  summary: 'What a type of problem means',
  access: 'public',
  params,
  answers: { 302: { description: 'To its place in /api/docs' } },
  problems: ['not-found'],
} as const satisfies RouteSpec;

const HOUR = 'public, max-age=3600';

@Controller()
export class Documents {
  readonly #routes: () => readonly RouteSpec[];
  #openApi: Document | null = null;
  #page: string | null = null;

  constructor(@Inject(ROUTES) routes: () => readonly RouteSpec[]) {
    this.#routes = routes;
  }

  #document(): Document {
    this.#openApi ??= openApiDocument(this.#routes());
    return this.#openApi;
  }

  @Handles(openApi)
  openApi(@Res({ passthrough: true }) reply: FastifyReply): Document {
    reply.header('cache-control', HOUR);
    return this.#document();
  }

  @Handles(asyncApi)
  asyncApi(@Res({ passthrough: true }) reply: FastifyReply): Document {
    reply.header('cache-control', HOUR);
    return asyncApiDocument();
  }

  @Handles(docs)
  docs(@Res() reply: FastifyReply): void {
    this.#page ??= docsPage(this.#document());
    reply.header('cache-control', HOUR).type('text/html; charset=utf-8').send(this.#page);
  }

  @Handles(style)
  style(@Res() reply: FastifyReply): void {
    reply.header('cache-control', HOUR).type('text/css; charset=utf-8').send(DOCS_CSS);
  }

  @Handles(problem)
  problem(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { code } = readParams(params, request);
    if (!isProblemCode(code)) throw new ProblemError('not-found');
    reply.code(302).header('location', `/api/docs#problem-${code}`).send();
  }
}
