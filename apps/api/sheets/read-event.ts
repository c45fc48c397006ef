/** `GET …/events/{id}?at=SHARD:OFFSET`: what became of something that was sent. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FULL_SIGHT, type Unit } from '#domain';
import { loneAttempt, type ServedElection } from '#projection';
import type { AttemptDoc } from '#read-model';
import { accountOf } from '../http/authentication.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import * as wire from '../schemas.ts';

const route = {
  method: 'GET',
  path: `${ELECTION}/events/:event`,
  tag: 'sheets',
  summary: 'What became of an event',
  description: 'For who sent it, for accounts of its area, and for everyone once the log is public.',
  access: 'public',
  params: wire.eventParams,
  query: wire.eventQuery,
  answers: {
    200: { description: 'Folded: its outcome', schema: wire.eventAnswer },
    202: { description: 'In the log, not folded yet', schema: wire.eventAnswer },
  },
  problems: ['bad-parameter', 'unknown-election', 'unknown-event', 'not-public'],
} as const satisfies RouteSpec;

const PLACE = /^(\d{1,5}):(\d{1,15})$/;

@Controller()
export class ReadEvent {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const params = readParams(route.params, request);
    const { at } = readQuery(route.query, request);
    const served = await this.#desk.election(params.election);
    const id = params.event.toLowerCase();
    const [, shard, offset] = (PLACE.exec(at ?? '') ?? []).map(Number);
    if (shard === undefined || offset === undefined || shard >= served.log.shards)
      throw new ProblemError('bad-parameter', {
        errors: [{ pointer: '/at', code: 'bad-place', message: 'at must be SHARD:OFFSET.' }],
      });
    reply.header('cache-control', 'no-store');
    const attempt = await this.#desk.reading(served, (view) =>
      offset < (view.position[shard] ?? 0) ? view.snapshot.attempt(shard, offset) : Promise.resolve(undefined),
    );
    if (!attempt) {
      if (offset >= (await served.log.end(shard))) throw new ProblemError('unknown-event');
      reply.code(202).header('retry-after', '1').send({ id, status: 'pending' });
      return;
    }
    if (attempt.id !== id) throw new ProblemError('unknown-event', `At ${at} lies another event.`);
    await this.#mustBeSeen(request, served, attempt);
    reply.send({ id, status: 'folded', subject: attempt.subject, attempt: loneAttempt(attempt, FULL_SIGHT) });
  }

  async #mustBeSeen(request: FastifyRequest, served: ServedElection, attempt: AttemptDoc): Promise<void> {
    const account = accountOf(request);
    if (account && attempt.actor?.id === account.id) return;
    const unit = unitOf(served, attempt);
    const { shard, offset } = attempt;
    const isSeen = await this.#desk.readingFor(
      request,
      unit,
      served,
      async (view) => offset < view.position[shard]! && (await this.#desk.viewer(request, view, unit)).sight.log,
    );
    if (!isSeen) throw new ProblemError('not-public', 'Events are public once the log is.');
  }
}

function unitOf({ election }: ServedElection, { station, contest, subject = '' }: AttemptDoc): Unit {
  return election.unit(station ?? subject) ?? election.contest(contest ?? subject)?.home ?? election.root;
}
