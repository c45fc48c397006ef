/** `GET …/sheets/{station}/{contest}` and `…/history`: a sheet as it is, and every attempt on it. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { historyAnswer, sheetAnswer } from '#projection';
import type { HistoryAnswer } from '#wire';
import { positionHeaders } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { withReceipts } from './receipt-ids.ts';

const current = {
  method: 'GET',
  path: `${ELECTION}/sheets/:station/:contest`,
  tag: 'sheets',
  summary: 'A sheet as it is now',
  description:
    'Revision 0 and status `none` where nothing was received. Held, returned and awaited figures are for accounts of the area, or once the log is public.',
  access: 'public',
  params: wire.sheetParams,
  answers: {
    200: {
      description: 'The sheet',
      schema: wire.sheetAnswer,
      headers: { ETag: 'Revision and offset of its last change: for If-Match' },
    },
  },
  problems: ['unknown-election', 'unknown-station', 'unknown-contest', 'not-in-contest'],
} as const satisfies RouteSpec;

const history = {
  method: 'GET',
  path: `${ELECTION}/sheets/:station/:contest/history`,
  tag: 'sheets',
  summary: 'Every attempt on a sheet, accepted or not',
  access: 'public',
  params: wire.sheetParams,
  answers: {
    200: {
      description: 'In order; for the public, accepted revisions only until the log is out',
      schema: wire.historyAnswer,
    },
  },
  problems: ['unknown-election', 'unknown-station', 'unknown-contest', 'not-in-contest', 'not-public'],
} as const satisfies RouteSpec;

@Controller()
export class ReadSheet {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(current)
  async current(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const params = readParams(current.params, request);
    const served = await this.#desk.election(params.election);
    const { station, contest } = this.#desk.sheet(served, params.station, params.contest);
    const answer = await this.#desk.reading(served, async (view) => {
      const { sight } = await this.#desk.sheetViewer(request, view, station);
      reply.headers(positionHeaders(view));
      return sheetAnswer(view, station, contest, sight);
    });
    reply.headers({ etag: answer.etag, 'cache-control': 'no-cache', vary: 'Authorization, Cookie' });
    // The tag names the state of the sheet, for `If-Match`; what is seen of it also depends on who asks and when.
    reply.send(answer);
  }

  @Handles(history)
  async history(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HistoryAnswer> {
    const params = readParams(history.params, request);
    const served = await this.#desk.election(params.election);
    const { station, contest } = this.#desk.sheet(served, params.station, params.contest);
    return this.#desk.reading(served, async (view) => {
      const { sight } = await this.#desk.sheetViewer(request, view, station);
      if (!sight.results(contest, station.level))
        throw new ProblemError('not-public', `The history of ${station.code}/${contest.id} is not public.`);
      reply.headers({ 'cache-control': 'no-cache', vary: 'Authorization, Cookie', ...positionHeaders(view) });
      return withReceipts(this.#desk.services.publicLog, served, await historyAnswer(view, station, contest, sight));
    });
  }
}
