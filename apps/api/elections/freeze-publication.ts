/** `GET …/publication`, `POST …/publication/freeze` and `/lift`: the public's figures stand still, for a stated reason. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Freeze, FreezeOrder } from '#access';
import type { ServedElection } from '#projection';
import { Desk } from '../http/desk.ts';
import { freezePublication, freezeRecord } from '../http/frozen.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';

const list = {
  method: 'GET',
  path: `${ELECTION}/publication`,
  tag: 'elections',
  summary: 'Every freeze of publication there was: since when, why, by whom, until when',
  access: 'public',
  params: wire.electionParams,
  answers: { 200: { description: 'Oldest first', schema: wire.publicationAnswer } },
  problems: ['unknown-election'],
} as const satisfies RouteSpec;

const freeze = {
  method: 'POST',
  path: `${ELECTION}/publication/freeze`,
  tag: 'elections',
  summary: 'Freeze what the public sees; sheets go on coming in',
  description:
    'The public goes on seeing figures as they are now, with the reason. Accounts see everything. Answered once it has ' +
    'begun, two seconds later: every process has heard of it then.',
  access: 'freeze-publication',
  params: wire.electionParams,
  body: 'json',
  json: wire.act,
  answers: {
    200: { description: 'It stands (the first outcome where the id is a repeat)', schema: wire.freezeRecord },
  },
  problems: ['malformed-json', 'invalid', 'unknown-election', 'not-allowed'],
} as const satisfies RouteSpec;

const lift = {
  ...freeze,
  path: `${ELECTION}/publication/lift`,
  summary: 'Lift the freeze: the public sees the newest figures again',
  description: 'Over several processes within a second.',
  answers: { 200: { description: 'It is lifted', schema: wire.freezeRecord } },
} as const satisfies RouteSpec;

@Controller()
export class FreezePublication {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(list)
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id } = (await this.#election(request)).election.definition;
    const freezes = await this.#desk.services.freezes.list(id);
    reply.header('cache-control', 'no-cache').send({ election: id, freezes: freezes.map(freezeRecord) });
  }

  @Handles(freeze)
  async freeze(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#election(request);
    const made = await freezePublication(this.#desk.services, served, this.#order(request, served));
    this.#answer(reply, made, 'Publication is frozen already: lift that first.');
  }

  @Handles(lift)
  async lift(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#election(request);
    const { id } = served.election.definition;
    const lifted = await this.#desk.services.freezes.lift(id, this.#order(request, served));
    this.#answer(reply, lifted, 'Publication is not frozen.');
  }

  #answer(reply: FastifyReply, done: Freeze | null, otherwise: string): void {
    if (!done) throw new ProblemError('not-allowed', otherwise);
    reply.header('cache-control', 'no-store').send(freezeRecord(done));
  }

  #order(request: FastifyRequest, served: ServedElection): FreezeOrder {
    const by = this.#desk.actor(request, 'freeze-publication', served.election.root, served);
    return { ...readJson(wire.act, request), by };
  }

  #election(request: FastifyRequest): Promise<ServedElection> {
    return this.#desk.election(readParams(wire.electionParams, request).election);
  }
}
