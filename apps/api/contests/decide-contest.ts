/** `POST …/contests/{c}/certify`, `/reopen` and `/candidates/{n}/withdraw`. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor, Contest } from '#domain';
import type { ServedElection } from '#projection';
import type { AttemptDoc } from '#read-model';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { ACT_PROBLEMS, Acts, actRoute } from '../sheets/acts.ts';
import { actOutcome } from '../sheets/outcomes.ts';

const problems = [...ACT_PROBLEMS, 'unknown-contest'] as const;

const certify = {
  ...actRoute,
  path: `${ELECTION}/contests/:contest/certify`,
  tag: 'contests',
  summary: 'Certify a result, bound to the fingerprint it has now',
  access: 'certify',
  params: wire.contestParams,
  json: wire.certification,
  problems: [...problems, 'other-fingerprint'],
} as const satisfies RouteSpec;

const reopen = {
  ...actRoute,
  path: `${ELECTION}/contests/:contest/reopen`,
  tag: 'contests',
  summary: 'Reopen a certified contest',
  access: 'reopen',
  params: wire.contestParams,
  json: wire.act,
  problems,
} as const satisfies RouteSpec;

const withdraw = {
  ...actRoute,
  path: `${ELECTION}/contests/:contest/candidates/:number/withdraw`,
  tag: 'contests',
  summary: 'Mark a candidate as withdrawn; its votes stay required and shown',
  access: 'withdraw-candidate',
  params: wire.candidateParams,
  json: wire.act,
  problems: [...problems, 'unknown-candidate'],
} as const satisfies RouteSpec;

@Controller()
export class DecideContest {
  readonly #desk: Desk;
  readonly #acts: Acts;
  constructor(@Inject(Desk) desk: Desk, @Inject(Acts) acts: Acts) {
    this.#desk = desk;
    this.#acts = acts;
  }

  @Handles(certify)
  async certify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { served, contest } = await this.#place(request);
    const wanted = readJson(wire.certification, request);
    const actor = this.#desk.actor(request, 'certify', contest.home, served);
    const earlier = await this.#certifiedBefore(served, contest, wanted, actor);
    if (earlier) {
      reply.send(actOutcome(this.#desk, served, earlier, 'tally.contest.certified.v1'));
      return;
    }
    const result = await this.#desk.services.intake.certify(served, contest, wanted, actor);
    if (result.kind === 'other-fingerprint')
      throw new ProblemError('other-fingerprint', {
        detail: `The fingerprint of ${contest.id} is ${result.fingerprint} now.`,
        more: { fingerprint: result.fingerprint, position: result.position },
      });
    await this.#acts.answer(request, reply, served, result, 'tally.contest.certified.v1');
  }

  /**
   * A repeat of a certification is told its first outcome here, as the position it is bound to moved on and would make
   * it another content for the log.
   */
  async #certifiedBefore(
    served: ServedElection,
    contest: Contest,
    wanted: { id: string; fingerprint: string; reason: string },
    actor: Actor,
  ): Promise<AttemptDoc | undefined> {
    return this.#desk.reading(served, async ({ snapshot }) => {
      const notes = await snapshot.notes('contest.certified', contest.id);
      const note = notes.find(({ event }) => event.id === wanted.id.toLowerCase());
      if (note?.event.type !== 'tally.contest.certified.v1') return undefined;
      const { fingerprint, reason, actor: first } = note.event.data;
      const isSame = fingerprint === wanted.fingerprint && reason === wanted.reason && first.id === actor.id;
      return isSame ? snapshot.attempt(note.shard, note.offset) : undefined;
    });
  }

  @Handles(reopen)
  async reopen(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { served, contest } = await this.#place(request);
    const { id, reason } = readJson(wire.act, request);
    const actor = this.#desk.actor(request, 'reopen', contest.home, served);
    await this.#acts.act(request, reply, served, actor, {
      type: 'tally.contest.reopened.v1',
      id,
      subject: contest.id,
      unit: contest.home,
      data: { reason },
    });
  }

  @Handles(withdraw)
  async withdraw(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { served, contest } = await this.#place(request);
    const { number } = readParams(wire.candidateParams, request);
    const { id, reason } = readJson(wire.act, request);
    const actor = this.#desk.actor(request, 'withdraw-candidate', contest.home, served);
    if (!contest.layout.candidatePlace.has(number))
      throw new ProblemError('unknown-candidate', `Contest ${contest.id} has no candidate "${number}".`);
    await this.#acts.act(request, reply, served, actor, {
      type: 'tally.candidate.withdrawn.v1',
      id,
      subject: contest.id,
      unit: contest.home,
      data: { candidate: number, reason },
    });
  }

  async #place(request: FastifyRequest): Promise<{ served: ServedElection; contest: Contest }> {
    const params = readParams(wire.contestParams, request);
    const served = await this.#desk.election(params.election);
    return { served, contest: this.#desk.contest(served, params.contest) };
  }
}
