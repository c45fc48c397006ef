/** `GET …/fingerprint`: of all results, or of one contest. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Contest } from '#domain';
import { atPosition, type View } from '#projection';
import { isKnownToClient, positionAsked } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import type { Viewer } from '../http/viewer.ts';
import * as wire from '../schemas.ts';
import { Fingerprints } from './fingerprints.ts';

const route = {
  method: 'GET',
  path: `${ELECTION}/fingerprint`,
  tag: 'audit',
  summary: 'The fingerprint of all results, or of one contest',
  description: 'SHA-256 over the bytes of the complete CSV. Published when results are; not where stations are hidden.',
  access: 'public',
  params: wire.electionParams,
  query: wire.fingerprintQuery,
  answers: { 200: { description: 'With the position it is true at', schema: wire.fingerprintAnswer } },
  problems: ['bad-parameter', 'bad-position', 'unknown-election', 'unknown-contest', 'not-public'],
} as const satisfies RouteSpec;

@Controller()
export class ReadFingerprint {
  readonly #desk: Desk;
  readonly #fingerprints: Fingerprints;
  constructor(@Inject(Desk) desk: Desk, @Inject(Fingerprints) fingerprints: Fingerprints) {
    this.#desk = desk;
    this.#fingerprints = fingerprints;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = readQuery(route.query, request);
    const served = await this.#desk.election(readParams(route.params, request).election);
    const contest = query.contest === undefined ? undefined : this.#desk.contest(served, query.contest);
    const at = await positionAsked(this.#desk, served, query.at, request, reply);
    if (at === null) return;
    const unit = contest?.home ?? served.election.root;
    await this.#desk.readingFor(
      request,
      unit,
      served,
      async (view) => {
        const viewer = await this.#desk.viewer(request, view, unit);
        mustBePublished(view, viewer, contest);
        if (isKnownToClient(request, reply, view, viewer, at)) return;
        reply.send({
          ...atPosition(view),
          contest: contest?.id ?? null,
          fingerprint: await this.#fingerprints.at(view, contest),
        });
      },
      at,
    );
  }
}

/** It covers every station's figures: it comes out with the last of them. */
function mustBePublished({ served: { election } }: View, { sight }: Viewer, contest: Contest | undefined): void {
  const last = election.definition.levels.length - 1;
  const contests = contest ? [contest] : election.contests;
  if (!contests.every((one) => sight.results(one, last)))
    throw new ProblemError('not-public', 'The fingerprint is published with the results of all stations.');
}
