/** `GET …/overview`, `…/units?q=`, `…/corrections`: what the pages beside results show. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { foundUnits, overviewAnswer, type View } from '#projection';
import { isKnownToClient, positionAsked } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import type { Viewer } from '../http/viewer.ts';
import { SharedAnswers } from '../results/shared-answers.ts';
import * as wire from '../schemas.ts';
import { KnownCorrections } from './known-corrections.ts';

const overview = {
  method: 'GET',
  path: `${ELECTION}/overview`,
  tag: 'elections',
  summary: 'Everything that is elected, and how far each count is',
  access: 'public',
  params: wire.electionParams,
  query: wire.atQuery,
  answers: {
    200: { description: 'By body', schema: wire.overviewAnswer },
    302: { description: 'A time: its position is at Location' },
    304: { description: 'Not changed' },
  },
  problems: ['unknown-election', 'bad-parameter', 'bad-position', 'not-public'],
} as const satisfies RouteSpec;

const units = {
  method: 'GET',
  path: `${ELECTION}/units`,
  tag: 'elections',
  summary: 'Units by code or name',
  access: 'public',
  params: wire.electionParams,
  query: wire.unitsQuery,
  answers: { 200: { description: 'The best first, 50 at most', schema: wire.foundUnitsAnswer } },
  problems: ['unknown-election', 'bad-parameter'],
} as const satisfies RouteSpec;

const corrections = {
  method: 'GET',
  path: `${ELECTION}/corrections`,
  tag: 'results',
  summary: 'Figures that were changed after they had been accepted',
  description: 'As far as results are published; the newest 50 first, with `at` those until then.',
  access: 'public',
  params: wire.electionParams,
  query: wire.atQuery,
  answers: {
    200: { description: 'Newest first', schema: wire.correctionsAnswer },
    302: { description: 'A time: its position is at Location' },
    304: { description: 'Not changed' },
  },
  problems: ['unknown-election', 'bad-parameter', 'bad-position', 'not-public'],
} as const satisfies RouteSpec;

@Controller()
export class ReadOverview {
  readonly #desk: Desk;
  readonly #corrections: KnownCorrections;
  readonly #shared: SharedAnswers;
  constructor(
    @Inject(Desk) desk: Desk,
    @Inject(KnownCorrections) known: KnownCorrections,
    @Inject(SharedAnswers) shared: SharedAnswers,
  ) {
    this.#desk = desk;
    this.#corrections = known;
    this.#shared = shared;
  }

  @Handles(overview)
  async overview(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { at } = readQuery(overview.query, request);
    await this.#answer(request, reply, (view, { sight }) => overviewAnswer(view, sight), at);
  }

  @Handles(units)
  async units(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { q = '' } = readQuery(units.query, request);
    const { election } = await this.#desk.election(readParams(units.params, request).election);
    reply.header('cache-control', 'public, max-age=60').send(foundUnits(election, q));
  }

  @Handles(corrections)
  async corrections(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { at } = readQuery(corrections.query, request);
    await this.#answer(request, reply, (view, { sight }) => this.#corrections.answer(view, sight), at);
  }

  async #answer(
    request: FastifyRequest,
    reply: FastifyReply,
    read: (view: View, viewer: Viewer) => Promise<unknown>,
    asked?: string,
  ): Promise<void> {
    const served = await this.#desk.election(readParams(wire.electionParams, request).election);
    const at = await positionAsked(this.#desk, served, asked, request, reply);
    if (at === null) return;
    const answer = async (view: View): Promise<void> => {
      const viewer = await this.#desk.viewer(request, view, served.election.root);
      if (!isKnownToClient(request, reply, view, viewer, at))
        await this.#shared.send(request, reply, { view, viewer, at }, read);
    };
    await this.#desk.readingFor(request, served.election.root, served, answer, at);
  }
}
