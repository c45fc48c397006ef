/** `…/replay`: rebuilds the read model beside the live one, compares, and puts the new one in place if asked to. */
import { Readable } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServedElection } from '#projection';
import type { ReplayProgress, ReplayReport, ReplayStateAnswer } from '#wire';
import { Desk } from '../http/desk.ts';
import { problemBody } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { Rebuilds } from './rebuilds.ts';

const common = {
  tag: 'audit',
  access: 'replay',
  params: wire.electionParams,
} as const satisfies Partial<RouteSpec>;
const state = { description: 'The replay under way, or the last one', schema: wire.replayState } as const;

const whole = {
  ...common,
  method: 'POST',
  path: `${ELECTION}/replay`,
  summary: 'Rebuild from event 0 and compare',
  description:
    'Lines of progress, then one line `{report}`, or `{problem}` where it failed. One at a time for an election.',
  body: 'json',
  json: wire.replayRequest,
  answers: { 200: { description: 'Progress, then the report', type: 'application/x-ndjson', schema: wire.replayLine } },
  problems: ['malformed-json', 'invalid', 'unknown-election', 'not-allowed', 'stopping'],
} as const satisfies RouteSpec;

const read = {
  ...common,
  method: 'GET',
  path: `${ELECTION}/replay`,
  summary: 'How far a replay is, what it found, and what stands beside the live model',
  answers: { 200: state },
  problems: ['unknown-election'],
} as const satisfies RouteSpec;

const start = {
  ...common,
  method: 'POST',
  path: `${ELECTION}/replay/start`,
  summary: 'Start a replay and go away: it goes on, and the rebuilt model is kept beside the live one for an hour',
  answers: { 202: state },
  problems: ['unknown-election', 'not-allowed'],
} as const satisfies RouteSpec;

const change = {
  ...common,
  method: 'POST',
  path: `${ELECTION}/replay/switch`,
  summary: 'Put the rebuilt model in place, or the former one back; the other is kept beside for an hour',
  body: 'json',
  json: wire.replaySwitch,
  answers: { 200: state },
  problems: ['malformed-json', 'invalid', 'unknown-election', 'not-allowed'],
} as const satisfies RouteSpec;

const discard = {
  ...common,
  method: 'POST',
  path: `${ELECTION}/replay/discard`,
  summary: 'End a replay, or drop the model beside the live one',
  answers: { 200: state },
  problems: ['unknown-election', 'not-allowed'],
} as const satisfies RouteSpec;

type Line = ReplayProgress | { readonly report: ReplayReport } | { readonly problem: unknown };

/** Progress is told at most so often. */
const TELL_MS = 200;

@Controller()
export class Replay {
  readonly #desk: Desk;
  readonly #rebuilds: Rebuilds;
  constructor(@Inject(Desk) desk: Desk, @Inject(Rebuilds) rebuilds: Rebuilds) {
    this.#desk = desk;
    this.#rebuilds = rebuilds;
  }

  @Handles(whole)
  async whole(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#served(request);
    const { switch: isToSwitch = false } = readJson(wire.replayRequest, request);
    const lines = new Readable({ read: () => undefined });
    const tell = (line: Line): void => {
      if (!lines.destroyed) lines.push(`${JSON.stringify(line)}\n`);
    };
    let lastMs = 0;
    const onProgress = (progress: ReplayProgress): void => {
      if (Date.now() - lastMs < TELL_MS) return;
      lastMs = Date.now();
      tell(progress);
    };
    let isBegun = false;
    const onBegun = (): void => {
      isBegun = true;
      reply.headers({ 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' }).send(lines);
    };
    try {
      tell({ report: await this.#rebuilds.whole(served, isToSwitch, { onBegun, onProgress }) });
    } catch (error) {
      if (!isBegun) throw error;
      tell({ problem: problemBody('internal', { detail: 'The replay failed; the live model is as it was.' }) });
    } finally {
      if (!lines.destroyed) lines.push(null);
    }
  }

  @Handles(read)
  async read(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplayStateAnswer> {
    return this.#state(await this.#served(request), reply);
  }

  @Handles(start)
  async start(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplayStateAnswer> {
    const served = await this.#served(request);
    await this.#rebuilds.start(served);
    return this.#state(served, reply);
  }

  @Handles(change)
  async change(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplayStateAnswer> {
    const served = await this.#served(request);
    await this.#rebuilds.switchTo(served, readJson(wire.replaySwitch, request).to);
    return this.#state(served, reply);
  }

  @Handles(discard)
  async discard(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplayStateAnswer> {
    const served = await this.#served(request);
    await this.#rebuilds.discard(served);
    return this.#state(served, reply);
  }

  async #served(request: FastifyRequest): Promise<ServedElection> {
    const served = await this.#desk.election(readParams(wire.electionParams, request).election);
    this.#desk.permitted(request, 'replay', served.election.root, served);
    return served;
  }

  #state(served: ServedElection, reply: FastifyReply): Promise<ReplayStateAnswer> {
    reply.header('cache-control', 'private, no-store');
    return this.#rebuilds.state(served);
  }
}
