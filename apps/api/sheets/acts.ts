/** Acts that are not on a sheet: appended, and answered with what became of them. */
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, EventType } from '#domain';
import type { Act, IntakeResult } from '#intake';
import type { ServedElection } from '#projection';
import { Desk } from '../http/desk.ts';
import { actOutcome, rejectionProblem, sendPending, settledAttempt } from './outcomes.ts';

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
