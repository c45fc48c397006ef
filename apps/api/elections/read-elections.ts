/** `GET /elections`, `GET /elections/{e}`, `GET …/units/{unit}`: what there is. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contestsNear, electionAnswer, electionsAnswer, unitAnswer } from '#projection';
import type { ElectionAnswer, ElectionsAnswer, UnitAnswer } from '#wire';
import { positionHeaders } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { API, ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';

const list = {
  method: 'GET',
  path: `${API}/elections`,
  tag: 'elections',
  summary: 'All elections',
  access: 'public',
  answers: { 200: { description: 'By id', schema: wire.electionsAnswer } },
  problems: [],
} as const satisfies RouteSpec;

const one = {
  method: 'GET',
  path: ELECTION,
  tag: 'elections',
  summary: 'An election',
  access: 'public',
  params: wire.electionParams,
  answers: { 200: { description: 'What its package says', schema: wire.electionAnswer } },
  problems: ['unknown-election'],
} as const satisfies RouteSpec;

const unit = {
  method: 'GET',
  path: `${ELECTION}/units/:unit`,
  tag: 'elections',
  summary: 'A unit: the way up, the units below, its contests',
  access: 'public',
  params: wire.unitParams,
  query: wire.unitQuery,
  answers: { 200: { description: 'The unit', schema: wire.unitAnswer } },
  problems: ['bad-parameter', 'unknown-election', 'unknown-unit'],
} as const satisfies RouteSpec;

@Controller()
export class ReadElections {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(list)
  async list(@Res({ passthrough: true }) reply: FastifyReply): Promise<ElectionsAnswer> {
    reply.header('cache-control', 'no-cache');
    return electionsAnswer(await this.#desk.services.elections.list());
  }

  @Handles(one)
  async one(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<ElectionAnswer> {
    const served = await this.#desk.election(readParams(one.params, request).election);
    return this.#desk.readingFor(request, served.election.root, served, async (view) => {
      reply.headers({ 'cache-control': 'no-cache', ...positionHeaders(view) });
      return electionAnswer(view);
    });
  }

  @Handles(unit)
  async unit(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<UnitAnswer> {
    const params = readParams(unit.params, request);
    const query = readQuery(unit.query, request);
    const served = await this.#desk.election(params.election);
    const found = this.#desk.unit(served, params.unit);
    return this.#desk.readingFor(request, found, served, (view) => {
      reply.headers({ 'cache-control': 'no-cache', ...positionHeaders(view) });
      const { contests, contest } = query;
      return unitAnswer(view, found, contests === 'near' ? contestsNear(served.election, found, contest) : undefined);
    });
  }
}
