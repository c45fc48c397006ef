/** `POST …/stations/{s}/close` and `POST …/minutes`. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isTimestamp, readFigures, type StructureProblem } from '#domain';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { ACT_PROBLEMS, Acts, actRoute } from '../sheets/acts.ts';

const close = {
  ...actRoute,
  path: `${ELECTION}/stations/:station/close`,
  tag: 'stations',
  summary: 'Close a station; `into` names the one its voters went to and moves no figure',
  access: 'close-station',
  params: wire.stationParams,
  json: wire.closing,
  problems: [...ACT_PROBLEMS, 'unknown-station'],
} as const satisfies RouteSpec;

const minutes = {
  ...actRoute,
  path: `${ELECTION}/minutes`,
  tag: 'stations',
  summary: "Record a body's signed figures: compared, never counted",
  access: 'record-minutes',
  params: wire.electionParams,
  json: wire.minutes,
  problems: [...ACT_PROBLEMS, 'unknown-unit', 'unknown-contest', 'not-in-contest', 'bad-structure'],
} as const satisfies RouteSpec;

@Controller()
export class Stations {
  readonly #desk: Desk;
  readonly #acts: Acts;
  constructor(@Inject(Desk) desk: Desk, @Inject(Acts) acts: Acts) {
    this.#desk = desk;
    this.#acts = acts;
  }

  @Handles(close)
  async close(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const params = readParams(close.params, request);
    const served = await this.#desk.election(params.election);
    const station = this.#desk.station(served, params.station);
    const { id, reason, into } = readJson(wire.closing, request);
    const actor = this.#desk.actor(request, 'close-station', station, served);
    if (into !== undefined && this.#desk.station(served, into) === station)
      throw new ProblemError('invalid', {
        errors: [{ pointer: '/into', code: 'same-station', message: 'into must be another station.' }],
      });
    await this.#acts.act(request, reply, served, actor, {
      type: 'tally.station.closed.v1',
      id,
      subject: station.code,
      unit: station,
      data: { reason, ...(into !== undefined && { into }) },
    });
  }

  @Handles(minutes)
  async minutes(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#desk.election(readParams(minutes.params, request).election);
    const { id, ...data } = readJson(wire.minutes, request);
    const unit = this.#desk.unit(served, data.unit);
    const contest = this.#desk.contestAt(served, data.contest, unit);
    const actor = this.#desk.actor(request, 'record-minutes', unit, served);
    const errors: StructureProblem[] = [];
    readFigures(contest.layout, data.fields, data.votes, (pointer, code, message) => {
      if (code !== 'missing') errors.push({ pointer, code, message });
    });
    if (data.at !== undefined && !isTimestamp(data.at))
      errors.push({ pointer: '/at', code: 'bad-time', message: 'at must be a time (RFC 3339 with an offset).' });
    if (errors.length > 0) throw new ProblemError('bad-structure', { errors });
    await this.#acts.act(request, reply, served, actor, {
      type: 'tally.minutes.recorded.v1',
      id,
      subject: unit.code,
      unit,
      data,
    });
  }
}
