/** `GET …/results.csv`: the long form. Of everything, for the public, the very file whose bytes the fingerprint covers. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isKnownToClient, positionAsked } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { asked } from './asked.ts';
import { csvStream } from './results-stream.ts';

const route = {
  method: 'GET',
  path: `${ELECTION}/results.csv`,
  tag: 'results',
  summary: 'Results as CSV, long form',
  description:
    'Columns unit, contest, track, key, value. Without parameters: every unit and contest, the tracks provisional and verified.',
  access: 'public',
  params: wire.electionParams,
  query: wire.csvQuery,
  answers: {
    200: { description: 'Sorted by bytes below the header', type: 'text/csv' },
    302: { description: 'A time: its position is at Location' },
    304: { description: 'Not changed' },
  },
  problems: [
    'bad-parameter',
    'bad-position',
    'unknown-election',
    'unknown-unit',
    'unknown-contest',
    'not-in-contest',
    'not-public',
  ],
} as const satisfies RouteSpec;

@Controller()
export class ResultsCsv {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { unit: code, ...query } = readQuery(route.query, request);
    const served = await this.#desk.election(readParams(route.params, request).election);
    const unit = code === undefined ? served.election.root : this.#desk.unit(served, code);
    const at = await positionAsked(this.#desk, served, query.at, request, reply);
    if (at === null) return;
    const view = await this.#desk.viewFor(request, unit, served, at);
    let isStreaming = false;
    try {
      const viewer = await this.#desk.viewer(request, view, unit);
      const wanted = asked(this.#desk, served, unit, { depth: 'all', ...query }, viewer);
      if (isKnownToClient(request, reply, view, viewer, at)) return;
      isStreaming = true;
      const name = `${served.election.definition.id}-results.csv`;
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `inline; filename="${name}"`)
        .send(csvStream(view, wanted));
    } finally {
      if (!isStreaming) view.close();
    }
  }
}
