/** `POST /elections`: opens an election from its package as a zip. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorOf, may } from '#access';
import { type PackageResult, readPackageZip } from '#definition';
import { buildElection } from '#domain';
import { accountOf, unauthenticated } from '../http/authentication.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { API, Handles, type RouteSpec, readPackageBytes } from '../http/route.ts';
import * as wire from '../schemas.ts';

const route = {
  method: 'POST',
  path: `${API}/elections`,
  tag: 'elections',
  summary: 'Open an election',
  description:
    'The body is the election package as a zip. Again with the same package is a no-op; another package under the same id is refused.',
  access: 'open-election',
  body: 'zip',
  answers: {
    201: { description: 'Opened', schema: wire.openedAnswer },
    200: { description: 'It was open already, with this very package', schema: wire.openedAnswer },
  },
  problems: ['bad-package', 'other-package', 'too-large', 'timeout', 'unsupported-media-type'],
} as const satisfies RouteSpec;

@Controller()
export class OpenElection {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const pack = await readPackageZip(readPackageBytes(request));
    if (!pack.ok) throw packageProblem(pack.problems);
    const { definition, digest, bytes, summary } = pack;
    const election = buildElection(definition, digest);
    const { root } = election;
    const account = accountOf(request);
    if (!account) throw unauthenticated();
    if (!may(account, 'open-election', root, election))
      throw new ProblemError('not-permitted', `The account's area does not take in ${root.code} of ${definition.id}.`);
    const { elections, projection } = this.#desk.services;
    const opened = await elections.open(
      { id: definition.id, shards: definition.shards, rootUnit: root.code, digest, bytes },
      actorOf(account, root.code),
      new Date(),
    );
    if (opened.outcome === 'other-package')
      throw new ProblemError('other-package', {
        detail: `Election ${definition.id} is open with another package (${opened.digest ?? 'unknown'}); yours is ${digest}.`,
        more: { definition: opened.digest },
      });
    await projection.serve(opened.served);
    const isNew = opened.outcome === 'opened';
    reply
      .code(isNew ? 201 : 200)
      .header('location', `${API}/elections/${definition.id}`)
      .send({ id: definition.id, definition: digest, outcome: opened.outcome, summary });
  }
}

function packageProblem(problems: (PackageResult & { ok: false })['problems']): ProblemError {
  const errors = problems.map(({ file, line, column, code, message }) => ({
    pointer: `/${file.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code,
    message,
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  }));
  return new ProblemError('bad-package', { detail: `${errors.length} problems in the package.`, errors });
}
