/** `GET/POST/DELETE …/tokens`: accounts of an election, for units at or below the manager's own. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Account, mayManage } from '#access';
import type { Election } from '#domain';
import { accountOf, unauthenticated } from '../http/authentication.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';

const add = {
  method: 'POST',
  path: `${ELECTION}/tokens`,
  tag: 'accounts',
  summary: 'Make an account; its secret is shown this once',
  access: 'manage-accounts',
  params: wire.electionParams,
  body: 'json',
  json: wire.newToken,
  answers: { 201: { description: 'The account and its token', schema: wire.tokenAnswer } },
  problems: ['malformed-json', 'invalid', 'unknown-election', 'unknown-unit'],
} as const satisfies RouteSpec;

const list = {
  method: 'GET',
  path: `${ELECTION}/tokens`,
  tag: 'accounts',
  summary: "Accounts of the manager's area, without their secrets",
  access: 'manage-accounts',
  params: wire.electionParams,
  answers: { 200: { description: 'By time of making', schema: wire.tokensAnswer } },
  problems: ['unknown-election'],
} as const satisfies RouteSpec;

const revoke = {
  method: 'DELETE',
  path: `${ELECTION}/tokens/:account`,
  tag: 'accounts',
  summary: 'Revoke an account for good',
  access: 'manage-accounts',
  params: wire.tokenParams,
  answers: { 204: { description: 'Revoked; again is a no-op' } },
  problems: ['unknown-election', 'unknown-account'],
} as const satisfies RouteSpec;

@Controller()
export class Tokens {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(add)
  async add(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { election } = await this.#desk.election(readParams(add.params, request).election);
    const { role, unit = null, name = null } = readJson(wire.newToken, request);
    if (unit !== null && !election.unit(unit)) throw new ProblemError('unknown-unit', `There is no unit "${unit}".`);
    const area = { unit, election: election.definition.id };
    if (!mayManage(managerOf(request), area, [election]))
      throw new ProblemError('not-permitted', 'A manager makes accounts for units at or below its own.');
    const { account, token } = await this.#desk.services.accounts.add({ role, ...area, name });
    reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...account, token });
  }

  @Handles(list)
  async list(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ accounts: Account[] }> {
    const { election } = await this.#desk.election(readParams(list.params, request).election);
    reply.header('cache-control', 'no-store');
    return { accounts: await this.#managed(request, election) };
  }

  @Handles(revoke)
  async revoke(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const params = readParams(revoke.params, request);
    const { election } = await this.#desk.election(params.election);
    const isManaged = (await this.#managed(request, election)).some(({ id }) => id === params.account);
    if (!isManaged || !(await this.#desk.services.accounts.revoke(params.account)))
      throw new ProblemError('unknown-account');
    reply.code(204).send();
  }

  /** Accounts that reach into this election and lie within the manager's area. */
  async #managed(request: FastifyRequest, election: Election): Promise<Account[]> {
    const manager = managerOf(request);
    const elections = (await this.#desk.services.elections.list()).map((served) => served.election);
    const accounts = await this.#desk.services.accounts.list();
    return accounts.filter(
      (account) =>
        (account.election === null || account.election === election.definition.id) &&
        (account.unit === null || account.election !== null || election.unit(account.unit) !== undefined) &&
        mayManage(manager, account, elections),
    );
  }
}

function managerOf(request: FastifyRequest): Account {
  const account = accountOf(request);
  if (!account) throw unauthenticated();
  return account;
}
