/** `GET …/board/{unit}/attempts` and `GET …/operation`: what came in of late, and how far behind the read model is. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { attemptsAnswer, operationAnswer } from '#projection';
import type { AttemptsAnswer, OperationAnswer, ProcessState } from '#wire';
import { positionHeaders } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import { lagOf } from '../operation/lag.ts';
import * as wire from '../schemas.ts';
import type { KnownProcess } from '../services.ts';

const attempts = {
  method: 'GET',
  path: `${ELECTION}/board/:unit/attempts`,
  tag: 'board',
  summary: 'The newest attempts of an area, accepted or rejected',
  description:
    'Newest first, `limit` (default 50) of the last 2,000 of each shard. The live feed (`feed`) goes on from here.',
  access: 'read',
  params: wire.unitParams,
  query: wire.attemptsQuery,
  answers: { 200: { description: 'Attempts', schema: wire.attemptsAnswer } },
  problems: ['bad-parameter', 'unknown-election', 'unknown-unit'],
} as const satisfies RouteSpec;

const operation = {
  method: 'GET',
  path: `${ELECTION}/operation`,
  tag: 'board',
  summary: 'How much comes in, and how far the read model is behind the log, shard by shard',
  access: 'read',
  params: wire.electionParams,
  answers: { 200: { description: 'As this process knows it', schema: wire.operationAnswer } },
  problems: ['unknown-election'],
} as const satisfies RouteSpec;

const LINES = 50;
/** Each process is heard of every five seconds. */
const SILENT_MS = 15_000;

function stateOf({ startedAt, heardAt, ...known }: KnownProcess, now: number): ProcessState {
  return {
    ...known,
    startedAt: startedAt.toISOString(),
    heardAt: heardAt.toISOString(),
    isHeardOf: now - heardAt.getTime() < SILENT_MS,
  };
}

@Controller()
export class Attempts {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(attempts)
  async attempts(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AttemptsAnswer> {
    const params = readParams(attempts.params, request);
    const { outcome, limit = LINES } = readQuery(attempts.query, request);
    const served = await this.#desk.election(params.election);
    const unit = this.#desk.unit(served, params.unit);
    this.#desk.permitted(request, 'read', unit, served);
    return this.#desk.reading(served, (view) => {
      reply.headers({ 'cache-control': 'private, no-store', ...positionHeaders(view) });
      return attemptsAnswer(view, { unit, outcome, limit });
    });
  }

  /** For whoever may read something of the election: it tells of the machines, not of figures. */
  @Handles(operation)
  async operation(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperationAnswer> {
    const served = await this.#desk.election(readParams(operation.params, request).election);
    const ends = await Promise.all(Array.from({ length: served.log.shards }, (_, shard) => served.log.end(shard)));
    return this.#desk.reading(served, async (view) => {
      reply.headers({ 'cache-control': 'private, no-store', ...positionHeaders(view) });
      const now = Date.now();
      const lag = await lagOf(served, view.position);
      const processes = await this.#desk.services.processes.list(served.election);
      return { ...(await operationAnswer(view, ends, lag, now)), processes: processes.map((one) => stateOf(one, now)) };
    });
  }
}
