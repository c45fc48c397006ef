/** `GET …/board/{unit}`, `/minutes`, `/arrivals`, `/rules`: the operations board, for accounts that may read the area. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Contest, Unit } from '#domain';
import { arrivalsAnswer, boardAnswer, minutesAnswer, rulesAnswer, type View } from '#projection';
import type { ArrivalsAnswer, BoardAnswer, MinutesAnswer, RulesAnswer } from '#wire';
import { positionHeaders } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import { oneContest } from '../results/asked.ts';
import * as wire from '../schemas.ts';

const route = {
  method: 'GET',
  tag: 'board',
  access: 'read',
  params: wire.unitParams,
  problems: ['bad-parameter', 'unknown-election', 'unknown-unit', 'unknown-contest', 'not-in-contest'],
} as const satisfies Partial<RouteSpec>;

const board = {
  ...route,
  path: `${ELECTION}/board/:unit`,
  summary: 'How many minutes are missing, due, held … at a unit and the units directly below',
  description: 'Over every contest, or one; a station has one minutes for each of its contests.',
  query: wire.boardQuery,
  answers: { 200: { description: 'Counts', schema: wire.boardAnswer } },
} as const satisfies RouteSpec;

const minutes = {
  ...route,
  path: `${ELECTION}/board/:unit/minutes`,
  summary: 'The minutes of an area in one state',
  description: 'In the order of the package, `limit` (default 100) at a time.',
  query: wire.minutesQuery,
  answers: { 200: { description: 'Minutes, and where the rest begins', schema: wire.minutesAnswer } },
} as const satisfies RouteSpec;

const arrivals = {
  ...route,
  path: `${ELECTION}/board/:unit/arrivals`,
  summary: 'How the minutes of a contest arrive, and how they were expected to',
  query: wire.boardQuery,
  answers: { 200: { description: 'Two curves', schema: wire.arrivalsAnswer } },
} as const satisfies RouteSpec;

const rules = {
  ...route,
  path: `${ELECTION}/board/:unit/rules`,
  summary: 'On how many sheets each rule found something',
  query: wire.boardQuery,
  answers: { 200: { description: 'The most serious first', schema: wire.rulesAnswer } },
} as const satisfies RouteSpec;

/** How many minutes a page of the list has. */
const PAGE = 100;

@Controller()
export class Board {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(board)
  board(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<BoardAnswer> {
    const query = readQuery(board.query, request);
    return this.#answer(request, reply, query, (view, unit, contest) => boardAnswer(view, unit, contest, Date.now()));
  }

  @Handles(minutes)
  minutes(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<MinutesAnswer> {
    const query = readQuery(minutes.query, request);
    const { state = 'missing', after, limit = PAGE } = query;
    return this.#answer(request, reply, query, (view, unit, contest) =>
      minutesAnswer(view, { unit, state, contest, after, limit }, Date.now()),
    );
  }

  @Handles(arrivals)
  arrivals(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<ArrivalsAnswer> {
    return this.#answer(request, reply, readQuery(arrivals.query, request), (view, unit, contest) =>
      arrivalsAnswer(view, unit, contest ?? oneContest(this.#desk, view.served, unit, undefined)),
    );
  }

  @Handles(rules)
  rules(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<RulesAnswer> {
    return this.#answer(request, reply, readQuery(rules.query, request), rulesAnswer);
  }

  async #answer<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    { contest: id }: { readonly contest?: string | undefined },
    read: (view: View, unit: Unit, contest: Contest | undefined) => Promise<T>,
  ): Promise<T> {
    const params = readParams(route.params, request);
    const served = await this.#desk.election(params.election);
    const unit = this.#desk.unit(served, params.unit);
    this.#desk.permitted(request, 'read', unit, served);
    const contest = id === undefined ? undefined : this.#desk.contestAt(served, id, unit);
    return this.#desk.reading(served, (view) => {
      reply.headers({ 'cache-control': 'private, no-store', ...positionHeaders(view) });
      return read(view, unit, contest);
    });
  }
}
