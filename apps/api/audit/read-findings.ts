/** `GET …/findings`: every finding on a standing or held sheet, streamed. */
import { Readable } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { atPosition, FINDING_COLUMNS, type FindingQuery, findingRows, type View } from '#projection';
import { positionHeaders } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { inChunks, ownArea } from './streaming.ts';

const route = {
  method: 'GET',
  path: `${ELECTION}/findings`,
  tag: 'audit',
  summary: 'Every finding on a standing or held sheet',
  description: "Without `unit`: the account's own area. Held sheets are part of it, so it is public once the log is.",
  access: 'public',
  params: wire.electionParams,
  query: wire.findingsQuery,
  answers: { 200: { description: 'As JSON, or CSV with `format=csv`', schema: wire.findingsAnswer } },
  problems: ['bad-parameter', 'unknown-election', 'unknown-unit', 'unknown-contest', 'not-in-contest', 'not-public'],
} as const satisfies RouteSpec;

@Controller()
export class ReadFindings {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { unit: code, contest: id, format, ...filter } = readQuery(route.query, request);
    const served = await this.#desk.election(readParams(route.params, request).election);
    const unit = code === undefined ? ownArea(request, served) : this.#desk.unit(served, code);
    const contest = id === undefined ? undefined : this.#desk.contestAt(served, id, unit);
    const view = await this.#desk.viewFor(request, unit, served);
    let isStreaming = false;
    try {
      const { sight } = await this.#desk.viewer(request, view, unit);
      if (!sight.log) throw new ProblemError('not-public', 'Findings are public once the log is.');
      isStreaming = true;
      reply.headers({ 'cache-control': 'no-cache', vary: 'Authorization, Cookie', ...positionHeaders(view) });
      const query: FindingQuery = { unit, ...filter, ...(contest && { contest }) };
      const chunks = format === 'csv' ? csvOf(view, query) : jsonOf(view, query);
      const stream = Readable.from(chunks, { objectMode: false }).once('close', () => view.close());
      reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8').send(stream);
    } finally {
      if (!isStreaming) view.close();
    }
  }
}

async function* csvOf(view: View, query: FindingQuery): AsyncGenerator<Buffer> {
  yield* inChunks(`${FINDING_COLUMNS.join(',')}\n`, '', lines());
  async function* lines(): AsyncGenerator<string> {
    for await (const row of findingRows(view, query)) yield `${FINDING_COLUMNS.map((name) => row[name]).join(',')}\n`;
  }
}

async function* jsonOf(view: View, query: FindingQuery): AsyncGenerator<Buffer> {
  yield* inChunks(`${JSON.stringify(atPosition(view)).slice(0, -1)},"findings":[`, ']}', rows());
  async function* rows(): AsyncGenerator<string> {
    let separator = '';
    for await (const row of findingRows(view, query)) {
      yield separator + JSON.stringify(row);
      separator = ',';
    }
  }
}
