/** `GET …/sheets/{station}/{contest}` and `…/history`: a sheet as it is, and every attempt on it. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Contest, Sight, Unit } from '#domain';
import { historyAnswer, sheetAnswer, type View } from '#projection';
import { positionAsked, positionHeaders } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { withReceipts } from './receipt-ids.ts';

const PASSED = { description: 'A time: its position is at Location' };
const AT = ['bad-parameter', 'bad-position'] as const;

const current = {
  method: 'GET',
  path: `${ELECTION}/sheets/:station/:contest`,
  tag: 'sheets',
  summary: 'A sheet as it is now, or as it was',
  description:
    'Revision 0 and status `none` where nothing was received. Held, returned and awaited figures are for accounts of the area, or once the log is public.',
  access: 'public',
  params: wire.sheetParams,
  query: wire.atQuery,
  answers: {
    200: {
      description: 'The sheet',
      schema: wire.sheetAnswer,
      headers: { ETag: 'Revision and offset of its last change: for If-Match' },
    },
    302: PASSED,
  },
  problems: [...AT, 'unknown-election', 'unknown-station', 'unknown-contest', 'not-in-contest'],
} as const satisfies RouteSpec;

const history = {
  method: 'GET',
  path: `${ELECTION}/sheets/:station/:contest/history`,
  tag: 'sheets',
  summary: 'Every attempt on a sheet, accepted or not',
  access: 'public',
  params: wire.sheetParams,
  query: wire.atQuery,
  answers: {
    200: {
      description: 'In order; for the public, accepted revisions only until the log is out',
      schema: wire.historyAnswer,
    },
    302: PASSED,
  },
  problems: [...AT, 'unknown-election', 'unknown-station', 'unknown-contest', 'not-in-contest', 'not-public'],
} as const satisfies RouteSpec;

@Controller()
export class ReadSheet {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(current)
  async current(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#answer(request, reply, async ({ view, sight, station, contest }) => {
      const answer = await sheetAnswer(view, station, contest, sight);
      // The tag names the state of the sheet, for `If-Match`; what is seen of it also depends on who asks and when.
      reply.header('etag', answer.etag);
      return answer;
    });
  }

  @Handles(history)
  async history(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#answer(request, reply, async ({ view, sight, station, contest }) => {
      if (!sight.results(contest, station.level))
        throw new ProblemError('not-public', `The history of ${station.code}/${contest.id} is not public.`);
      const { publicLog } = this.#desk.services;
      return withReceipts(publicLog, view.served, await historyAnswer(view, station, contest, sight));
    });
  }

  async #answer(
    request: FastifyRequest,
    reply: FastifyReply,
    read: (asked: { view: View; sight: Sight; station: Unit; contest: Contest }) => Promise<unknown>,
  ): Promise<void> {
    const params = readParams(wire.sheetParams, request);
    const served = await this.#desk.election(params.election);
    const { station, contest } = this.#desk.sheet(served, params.station, params.contest);
    const at = await positionAsked(this.#desk, served, readQuery(wire.atQuery, request).at, request, reply);
    if (at === null) return;
    const answer = async (view: View): Promise<void> => {
      const { sight } = await this.#desk.sheetViewer(request, view, station);
      reply.headers({ 'cache-control': 'no-cache', vary: 'Authorization, Cookie', ...positionHeaders(view) });
      reply.send(await read({ view, sight, station, contest }));
    };
    await this.#desk.readingFor(request, station, served, answer, at);
  }
}
