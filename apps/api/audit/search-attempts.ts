/** `GET …/attempts`: all histories of an area searched, a page at a time, or all that fits streamed as CSV or NDJSON. */
import { Readable } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type Position, parsePosition } from '#domain';
import {
  ATTEMPT_CSV_HEADER,
  type AttemptFilter,
  attemptCsvLine,
  attemptMessage,
  attemptSearchAnswer,
  type ServedElection,
  searchAttempts,
  type View,
} from '#projection';
import { positionHeaders } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { inChunks, ownArea } from './streaming.ts';

const route = {
  method: 'GET',
  path: `${ELECTION}/attempts`,
  tag: 'audit',
  summary: 'Search all histories of an area: attempts by who, what, why and when, accepted or rejected',
  description:
    'In the order of their log time. JSON comes in pages (`limit`, default 50); `format=csv` or `ndjson`, or `Accept: text/csv` or `application/x-ndjson`, is all that fits, streamed, at the position that the header `Tally-Position` names.',
  access: 'search',
  params: wire.electionParams,
  query: wire.attemptSearchQuery,
  answers: { 200: { description: 'A page, or lines of CSV or NDJSON', schema: wire.attemptSearchAnswer } },
  problems: ['bad-parameter', 'bad-position', 'unknown-election', 'unknown-unit', 'unknown-contest', 'not-in-contest'],
} as const satisfies RouteSpec;

type Query = z.infer<typeof wire.attemptSearchQuery>;

const PAGE = 50;
const TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' } as const;

@Controller()
export class SearchAttempts {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = readQuery(route.query, request);
    const served = await this.#desk.election(readParams(route.params, request).election);
    const filter = this.#filter(request, served, query);
    const after = positionOf(query.after, served);
    const format = query.format ?? formatAccepted(request);
    const view = await this.#desk.view(served);
    reply.headers({ 'cache-control': 'private, no-store', vary: 'Accept', ...positionHeaders(view) });
    if (format === 'json')
      try {
        reply.send(await attemptSearchAnswer(view, filter, { after, limit: query.limit ?? PAGE }));
      } finally {
        view.close();
      }
    else {
      const lines = format === 'csv' ? csvOf(view, filter, after) : ndjsonOf(view, filter, after);
      const name = `${served.election.definition.id}-attempts.${format}`;
      reply
        .type(TYPES[format])
        .header('content-disposition', `inline; filename="${name}"`)
        .send(Readable.from(lines, { objectMode: false }).once('close', () => view.close()));
    }
  }

  #filter(request: FastifyRequest, served: ServedElection, query: Query): AttemptFilter {
    const { unit: code, contest: id, after: _after, limit: _limit, format: _format, ...rest } = query;
    const unit = code === undefined ? ownArea(request, served) : this.#desk.unit(served, code);
    this.#desk.permitted(request, 'search', unit, served);
    return { unit, contest: id === undefined ? undefined : this.#desk.contestAt(served, id, unit), ...rest };
  }
}

function positionOf(text: string | undefined, { log }: ServedElection): Position | undefined {
  if (text === undefined) return undefined;
  const position = parsePosition(text, log.shards);
  if (!position) throw new ProblemError('bad-position', '`after` is no position of this election.');
  return position;
}

function formatAccepted({ headers: { accept = '' } }: FastifyRequest): 'json' | 'csv' | 'ndjson' {
  if (accept.includes('text/csv')) return 'csv';
  return accept.includes('application/x-ndjson') ? 'ndjson' : 'json';
}

function csvOf(view: View, filter: AttemptFilter, after?: Position): AsyncGenerator<Buffer> {
  return inChunks(ATTEMPT_CSV_HEADER, '', linesOf(view, filter, after, attemptCsvLine));
}

function ndjsonOf(view: View, filter: AttemptFilter, after?: Position): AsyncGenerator<Buffer> {
  return inChunks(
    '',
    '',
    linesOf(view, filter, after, (attempt) => `${JSON.stringify(attempt)}\n`),
  );
}

async function* linesOf(
  view: View,
  filter: AttemptFilter,
  after: Position | undefined,
  lineOf: (attempt: ReturnType<typeof attemptMessage>) => string,
): AsyncGenerator<string> {
  for await (const attempt of searchAttempts(view, filter, after))
    yield lineOf(attemptMessage(view.served.election, attempt));
}
