/** `GET …/results/{unit}/timeline` and `/lineage`: how a total came in, and what it is made of. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Contest, Track, Unit } from '#domain';
import { lineageAnswer, type ServedElection, timelineAnswer, type View } from '#projection';
import { isKnownToClient, positionAsked } from '../http/caching.ts';
import { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readParams, readQuery } from '../http/route.ts';
import type { Viewer } from '../http/viewer.ts';
import * as wire from '../schemas.ts';
import { mustSeeResults, mustSeeTracks, oneContest } from './asked.ts';

const problems = [
  'bad-parameter',
  'bad-position',
  'unknown-election',
  'unknown-unit',
  'unknown-contest',
  'not-in-contest',
  'not-public',
] as const;

const timeline = {
  method: 'GET',
  path: `${ELECTION}/results/:unit/timeline`,
  tag: 'results',
  summary: 'How a total came in',
  access: 'public',
  params: wire.unitParams,
  query: wire.timelineQuery,
  answers: {
    200: { description: 'A point for each change, or for every so many of them', schema: wire.timelineAnswer },
  },
  problems,
} as const satisfies RouteSpec;

const lineage = {
  method: 'GET',
  path: `${ELECTION}/results/:unit/lineage`,
  tag: 'audit',
  summary: 'The sheets and corrections that make up a total',
  access: 'public',
  params: wire.unitParams,
  query: wire.lineageQuery,
  answers: { 200: { description: 'By station code', schema: wire.lineageAnswer } },
  problems,
} as const satisfies RouteSpec;

interface Wanted {
  readonly served: ServedElection;
  readonly unit: Unit;
  readonly contest: Contest;
  readonly track: Track;
  readonly at: string | undefined;
}

@Controller()
export class TraceResults {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(timeline)
  async timeline(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const wanted = await this.#wanted(request, readQuery(timeline.query, request));
    await this.#answer(request, reply, wanted, (viewer) => {
      if (!viewer.sight.progress(wanted.contest, wanted.unit.level))
        throw new ProblemError('not-public', `Progress of ${wanted.contest.id} at ${wanted.unit.code} is not public.`);
      return (view) => timelineAnswer(view, wanted.unit, wanted.contest, wanted.track);
    });
  }

  @Handles(lineage)
  async lineage(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { key, ...query } = readQuery(lineage.query, request);
    const wanted = await this.#wanted(request, query);
    await this.#answer(request, reply, wanted, (viewer) => {
      const last = wanted.contest.stations[0];
      if (last) mustSeeResults(viewer, wanted.contest, last);
      return (view) => lineageAnswer(view, wanted.unit, wanted.contest, wanted.track, key ?? null);
    });
  }

  async #wanted(request: FastifyRequest, query: { contest?: string; track?: Track; at?: string }): Promise<Wanted> {
    const params = readParams(wire.unitParams, request);
    const served = await this.#desk.election(params.election);
    const unit = this.#desk.unit(served, params.unit);
    const contest = oneContest(this.#desk, served, unit, query.contest);
    return { served, unit, contest, track: query.track ?? 'provisional', at: query.at };
  }

  /** `permit` throws what the viewer may not see, and returns what reads the answer. */
  async #answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { served, unit, contest, track, at: text }: Wanted,
    permit: (viewer: Viewer) => (view: View) => Promise<unknown>,
  ): Promise<void> {
    const at = await positionAsked(this.#desk, served, text, request, reply);
    if (at === null) return;
    await this.#desk.readingFor(
      request,
      unit,
      served,
      async (view) => {
        const viewer = await this.#desk.viewer(request, view, unit);
        mustSeeTracks(viewer, [track]);
        mustSeeResults(viewer, contest, unit);
        const read = permit(viewer);
        if (!isKnownToClient(request, reply, view, viewer, at)) reply.send(await read(view));
      },
      at,
    );
  }
}
