/** `GET …/results/{unit}` and `…/children`: totals, and the table below them. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Unit } from '#domain';
import { bodyAnswer, childrenAnswer, resultsAnswer, type ServedElection, sizeOf, type View } from '#projection';
import type { ResultsAnswer } from '#wire';
import { isKnownToClient, positionAsked } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import type { Viewer } from '../http/viewer.ts';
import * as wire from '../schemas.ts';
import { type Asked, asked } from './asked.ts';
import { resultsStream } from './results-stream.ts';
import { SharedAnswers } from './shared-answers.ts';

const problems = [
  'bad-parameter',
  'bad-position',
  'unknown-election',
  'unknown-unit',
  'unknown-contest',
  'not-in-contest',
  'not-public',
] as const;
const headers = {
  ETag: 'Names model, position and what the viewer sees',
  'Tally-Position': 'The position it is true at',
};

const results = {
  method: 'GET',
  path: `${ELECTION}/results/:unit`,
  tag: 'results',
  summary: 'Totals of a unit, and of units below it',
  description:
    'Every answer is true at one position and names it. With `at` (a position) it never changes; a time redirects to its position.',
  access: 'public',
  params: wire.unitParams,
  query: wire.resultsQuery,
  answers: {
    200: { description: 'Totals and progress', schema: wire.resultsAnswer, headers },
    302: { description: 'A time: its position is at Location' },
    304: { description: 'Not changed' },
  },
  problems,
} as const satisfies RouteSpec;

const children = {
  ...results,
  path: `${ELECTION}/results/:unit/children`,
  summary: 'The table of the units directly below',
  query: wire.childrenQuery,
} as const satisfies RouteSpec;

/** More units than this are written out as they are read. */
const STREAM_UNITS = 200;

@Controller()
export class ReadResults {
  readonly #desk: Desk;
  readonly #shared: SharedAnswers;
  constructor(@Inject(Desk) desk: Desk, @Inject(SharedAnswers) shared: SharedAnswers) {
    this.#desk = desk;
    this.#shared = shared;
  }

  @Handles(results)
  async results(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = readQuery(results.query, request);
    const place = await this.#place(request);
    await this.#answer(request, reply, place, query, (view, { query, body, tracks }) =>
      body === undefined ? resultsAnswer(view, query, tracks) : bodyAnswer(view, query, body, tracks),
    );
  }

  @Handles(children)
  async children(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = readQuery(children.query, request);
    const place = await this.#place(request);
    await this.#answer(request, reply, place, query, (view, { query, body, tracks }) =>
      body === undefined
        ? childrenAnswer(view, query, tracks)
        : childrenOfBody(view, query.unit, body, { query, body, tracks }),
    );
  }

  async #place(request: FastifyRequest): Promise<{ served: ServedElection; unit: Unit }> {
    const params = readParams(results.params, request);
    const served = await this.#desk.election(params.election);
    return { served, unit: this.#desk.unit(served, params.unit) };
  }

  async #answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { served, unit }: { served: ServedElection; unit: Unit },
    query: z.output<typeof wire.resultsQuery>,
    read: (view: View, wanted: Asked) => Promise<ResultsAnswer>,
  ): Promise<void> {
    const at = await positionAsked(this.#desk, served, query.at, request, reply);
    if (at === null) return;
    const view = await this.#desk.viewFor(request, unit, served, at);
    let isStreaming = false;
    try {
      const viewer: Viewer = await this.#desk.viewer(request, view, unit);
      const wanted = asked(this.#desk, served, unit, query, viewer);
      if (isKnownToClient(request, reply, view, viewer, at)) return;
      isStreaming =
        wanted.body === undefined && wanted.query.depth !== undefined && sizeOf(wanted.query) > STREAM_UNITS;
      if (isStreaming) {
        reply.type('application/json; charset=utf-8').send(resultsStream(view, wanted));
        return;
      }
      await this.#shared.send(request, reply, { view, viewer, at }, (view, viewer) =>
        read(view, asked(this.#desk, served, unit, query, viewer)),
      );
    } finally {
      if (!isStreaming) view.close();
    }
  }
}

async function childrenOfBody(view: View, unit: Unit, body: string, { query, tracks }: Asked): Promise<ResultsAnswer> {
  const answers = await Promise.all(
    unit.children.map((child) => bodyAnswer(view, { ...query, unit: child, depth: 0 }, body, tracks)),
  );
  const { nodes: _own, ...head } = await bodyAnswer(view, { ...query, depth: 0 }, body, tracks);
  return { ...head, nodes: answers.flatMap(({ nodes }) => nodes) };
}
