/** Acts that are not on a sheet: appended, and answered with what became of them. */
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, EventType } from '#domain';
import type { Act, IntakeResult } from '#intake';
import type { ServedElection } from '#projection';
import { Desk } from '../http/desk.ts';
import type { ProblemCode } from '../http/problems.ts';
import * as wire from '../schemas.ts';
import { actOutcome, rejectionProblem, sendPending, settledAttempt } from './outcomes.ts';

/** Of every route that is an act. */
export const actRoute = {
  method: 'POST',
  body: 'json',
  answers: {
    200: { description: 'Done (the first outcome where the id is a repeat)', schema: wire.actOutcome },
    202: { description: 'In the log, not folded in time; ask again at Location', schema: wire.pendingOutcome },
  },
} as const;

export const ACT_PROBLEMS = [
  'malformed-json',
  'unknown-election',
  'invalid',
  'idempotency-conflict',
  'not-allowed',
  'unconfirmed',
  'stopping',
] as const satisfies readonly ProblemCode[];

@Injectable()
export class Acts {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  async act<T extends EventType>(
    request: FastifyRequest,
    reply: FastifyReply,
    served: ServedElection,
    actor: Actor,
    act: Act<T>,
  ): Promise<void> {
    const result = await this.#desk.services.intake.act(served, act, actor);
    await this.answer(request, reply, served, result, act.type);
  }

  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    served: ServedElection,
    result: IntakeResult,
    type: EventType,
  ): Promise<void> {
    const settled = await settledAttempt(this.#desk, served, result);
    if ('kind' in settled) {
      sendPending(reply, served.election.definition.id, settled);
      return;
    }
    const { attempt } = settled;
    if (attempt.outcome === 'rejected') throw await rejectionProblem(this.#desk, request, served, attempt);
    reply.header('cache-control', 'no-store').send(actOutcome(this.#desk, served, attempt, type));
  }
}
