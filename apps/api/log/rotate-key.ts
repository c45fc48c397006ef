/** `POST …/log/key/rotate`: another key signs from now on, and the one until now names it. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TreeError, verifierKeyOf } from '#log-tree';
import { formatKeys } from '#transparency';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { signed } from './read-log.ts';

const NOTE = 'text/plain; charset=utf-8';

const route = {
  method: 'POST',
  path: `${ELECTION}/log/key/rotate`,
  tag: 'audit',
  summary: 'Make a new key that signs the log; the present one names it in a signed note',
  description: 'What older keys signed goes on being checked, through the chain of notes. There is no way back.',
  access: 'rotate-key',
  params: wire.electionParams,
  body: 'json',
  json: wire.keyRotation,
  answers: { 200: { description: 'As GET …/log/key from now on', type: NOTE } },
  problems: ['malformed-json', 'invalid', 'unknown-election', 'other-key', 'no-signing-key'],
} as const satisfies RouteSpec;

@Controller()
export class RotateKey {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#desk.election(readParams(route.params, request).election);
    const { election } = served;
    const { id } = election.definition;
    this.#desk.permitted(request, 'rotate-key', election.root, served);
    const { key } = readJson(wire.keyRotation, request);
    const keys = await signed(this.#rotate(id, key));
    reply.headers({ 'cache-control': 'no-store', 'content-type': NOTE });
    reply.send(formatKeys(verifierKeyOf(id, keys), keys.rotations));
  }

  async #rotate(id: string, key: string) {
    try {
      return await this.#desk.services.publicLog.rotate(id, key);
    } catch (error) {
      if (error instanceof TreeError && error.code === 'other-key') throw new ProblemError('other-key', error.message);
      throw error;
    }
  }
}
