/** `POST …/replay`: rebuilds the read model beside the live one, compares, and puts the new one in place if asked to. */
import { Readable } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ReplayProgress, type ReplayReport, replayElection, type ServedElection } from '#projection';
import { Desk } from '../http/desk.ts';
import { ProblemError, problemBody } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';

const route = {
  method: 'POST',
  path: `${ELECTION}/replay`,
  tag: 'audit',
  summary: 'Rebuild from event 0 and compare',
  description:
    'Lines of progress, then one line `{report}`, or `{problem}` where it failed. One at a time for an election.',
  access: 'replay',
  params: wire.electionParams,
  body: 'json',
  json: wire.replayRequest,
  answers: { 200: { description: 'Progress, then the report', type: 'application/x-ndjson', schema: wire.replayLine } },
  problems: ['malformed-json', 'invalid', 'unknown-election', 'not-allowed', 'stopping'],
} as const satisfies RouteSpec;

type Line = ReplayProgress | { readonly report: ReplayReport } | { readonly problem: unknown };

/** Progress is told at most so often. */
const TELL_MS = 200;

@Controller()
export class Replay {
  readonly #desk: Desk;
  readonly #running = new Set<string>();
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#desk.election(readParams(route.params, request).election);
    this.#desk.permitted(request, 'replay', served.election.root, served);
    const { switch: isToSwitch = false } = readJson(wire.replayRequest, request);
    const { id } = served.election.definition;
    if (this.#running.has(id)) throw new ProblemError('not-allowed', `A replay of ${id} is under way.`);
    this.#running.add(id);
    const lines = new Readable({ read: () => undefined });
    reply.headers({ 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' }).send(lines);
    const tell = (line: Line): void => {
      if (!lines.destroyed) lines.push(`${JSON.stringify(line)}\n`);
    };
    try {
      tell({ report: await this.#run(served, isToSwitch, tell) });
    } catch (error) {
      this.#desk.services.report?.(error);
      tell({ problem: problemBody('internal', { detail: 'The replay failed; the live model is as it was.' }) });
    } finally {
      this.#running.delete(id);
      if (!lines.destroyed) lines.push(null);
    }
  }

  #run(served: ServedElection, isToSwitch: boolean, tell: (line: Line) => void): Promise<ReplayReport> {
    let lastMs = 0;
    return replayElection(this.#desk.services, served, {
      switch: isToSwitch,
      onProgress: (progress) => {
        if (Date.now() - lastMs < TELL_MS) return;
        lastMs = Date.now();
        tell(progress);
      },
    });
  }
}
