/** `POST …/sheets/{station}/{contest}/<act>`: what people decide about a sheet they looked at. */
import { Controller, Inject, Injectable, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Action } from '#access';
import {
  type Contest,
  type EventData,
  type EventType,
  readFigures,
  type SeenState,
  type StructureProblem,
  type Unit,
} from '#domain';
import { parseSheetEtag, type ServedElection } from '#projection';
import { Desk } from '../http/desk.ts';
import { type ProblemCode, ProblemError } from '../http/problems.ts';
import { ELECTION, Handles, type RouteSpec, readJson, readParams } from '../http/route.ts';
import * as wire from '../schemas.ts';
import { rejectionProblem, sendPending, settledAttempt, standingSheet } from './outcomes.ts';

const PROBLEMS = [
  'malformed-json',
  'unknown-election',
  'unknown-station',
  'unknown-contest',
  'not-in-contest',
  'invalid',
  'precondition-failed',
  'idempotency-conflict',
  'not-allowed',
  'unconfirmed',
  'stopping',
] as const satisfies readonly ProblemCode[];

const IF_MATCH = 'The `etag` of the sheet that was decided on';

function actRoute(
  name: string,
  access: Action,
  summary: string,
  json: z.ZodType,
  more: readonly ProblemCode[],
  ifMatch = true,
) {
  return {
    method: 'POST',
    path: `${ELECTION}/sheets/:station/:contest/${name}`,
    tag: 'sheets',
    summary,
    access,
    params: wire.sheetParams,
    headers: { 'If-Match': ifMatch ? `${IF_MATCH} (required)` : IF_MATCH },
    body: 'json',
    json,
    answers: {
      200: { description: 'The sheet after it (the first outcome where the id is a repeat)', schema: wire.sheetAnswer },
      202: { description: 'In the log, not folded in time; ask again at Location', schema: wire.pendingOutcome },
    },
    problems: [...PROBLEMS, ...(ifMatch ? (['precondition-required'] as const) : []), ...more],
  } as const satisfies RouteSpec;
}

const resolve = actRoute(
  'resolve',
  'resolve',
  'Decide between two differing entries, field by field',
  wire.resolution,
  ['bad-structure', 'figure-not-entered'],
);
const release = actRoute('release', 'release', 'Let a held sheet count', wire.act, ['same-person', 'sealed']);
const giveBack = actRoute('return', 'return', 'Send a held sheet back', wire.act, []);
const verify = actRoute('verify', 'verify', 'Mark a sheet verified against the paper', wire.verification, [
  'same-person',
]);
const annul = actRoute('annul', 'annul', 'Annul a sheet', wire.act, []);
const seal = actRoute('seal', 'seal', 'Seal a count: the box is closed and the board decides', wire.act, [], false);
const unseal = actRoute('unseal', 'unseal', 'Unseal a count with the decision of the board', wire.act, [], false);

interface Place {
  readonly served: ServedElection;
  readonly station: Unit;
  readonly contest: Contest;
}

type SheetAct = Exclude<
  Extract<EventType, `tally.sheet.${string}` | `tally.count.${string}`>,
  'tally.sheet.submitted.v1'
>;

/** Appends a decision and tells what became of it. */
@Injectable()
export class SheetDecisions {
  readonly #desk: Desk;
  constructor(@Inject(Desk) desk: Desk) {
    this.#desk = desk;
  }

  async place(request: FastifyRequest): Promise<Place> {
    const params = readParams(wire.sheetParams, request);
    const served = await this.#desk.election(params.election);
    return { served, ...this.#desk.sheet(served, params.station, params.contest) };
  }

  async decide<T extends SheetAct>(
    request: FastifyRequest,
    reply: FastifyReply,
    { served, station, contest }: Place,
    action: Action,
    act: { type: T; id: string; data: Omit<EventData[T], 'actor'> },
  ): Promise<void> {
    const actor = this.#desk.actor(request, action, station, served);
    const subject = `${station.code}/${contest.id}`;
    const result = await this.#desk.services.intake.act<T>(served, { ...act, subject, unit: station }, actor);
    const settled = await settledAttempt(this.#desk, served, result);
    if ('kind' in settled) {
      sendPending(reply, served.election.definition.id, settled);
      return;
    }
    if (settled.attempt.outcome === 'rejected')
      throw await rejectionProblem(this.#desk, request, served, settled.attempt);
    const { sheet, headers } = await standingSheet(this.#desk, request, served, { station, contest });
    reply.headers({ etag: sheet.etag, 'cache-control': 'no-store', ...headers }).send(sheet);
  }

  /** Findings of the rules on the figures decided, as they go into the event. */
  findings(
    { served, contest, station }: Place,
    sent: { fields: unknown; votes: unknown },
  ): Pick<EventData['tally.sheet.resolved.v1'], 'findings' | 'rules'> {
    const problems: StructureProblem[] = [];
    const read = readFigures(contest.layout, sent.fields, sent.votes, (pointer, code, message) =>
      problems.push({ pointer, code, message }),
    );
    if (!read) throw new ProblemError('bad-structure', { errors: problems });
    const findings = this.#desk.services.intake.check(served, contest, station, read.figures);
    return { findings, ...(served.rules.version && { rules: served.rules.version }) };
  }
}

/** The state the sender saw, from `If-Match`; undefined where it gave none. */
function seenState(request: FastifyRequest): SeenState | undefined {
  const header = request.headers['if-match'];
  if (header === undefined) return undefined;
  const seen = parseSheetEtag(header);
  if (!seen)
    throw new ProblemError('precondition-failed', `If-Match is not the entity tag of a sheet: ${header.slice(0, 40)}`);
  return seen;
}

function requiredState(request: FastifyRequest): SeenState {
  const seen = seenState(request);
  if (!seen) throw new ProblemError('precondition-required');
  return seen;
}

@Controller()
export class DecideSheet {
  readonly #sheets: SheetDecisions;
  constructor(@Inject(SheetDecisions) sheets: SheetDecisions) {
    this.#sheets = sheets;
  }

  @Handles(resolve)
  async resolve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const place = await this.#sheets.place(request);
    const { id, reason, fields, votes } = readJson(wire.resolution, request);
    const data = {
      seen: requiredState(request),
      reason,
      fields,
      votes,
      ...this.#sheets.findings(place, { fields, votes }),
    };
    await this.#sheets.decide(request, reply, place, 'resolve', { type: 'tally.sheet.resolved.v1', id, data });
  }

  @Handles(release)
  async release(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#plain(request, reply, 'release', 'tally.sheet.released.v1');
  }

  @Handles(giveBack)
  async return(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#plain(request, reply, 'return', 'tally.sheet.returned.v1');
  }

  @Handles(verify)
  async verify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const place = await this.#sheets.place(request);
    const { id, reason } = readJson(wire.verification, request);
    const data = { seen: requiredState(request), ...(reason !== undefined && { reason }) };
    await this.#sheets.decide(request, reply, place, 'verify', { type: 'tally.sheet.verified.v1', id, data });
  }

  @Handles(annul)
  async annul(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#plain(request, reply, 'annul', 'tally.sheet.annulled.v1');
  }

  @Handles(seal)
  async seal(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#ofCount(request, reply, 'seal', 'tally.count.sealed.v1');
  }

  @Handles(unseal)
  async unseal(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.#ofCount(request, reply, 'unseal', 'tally.count.unsealed.v1');
  }

  async #plain(
    request: FastifyRequest,
    reply: FastifyReply,
    action: Action,
    type: 'tally.sheet.released.v1' | 'tally.sheet.returned.v1' | 'tally.sheet.annulled.v1',
  ): Promise<void> {
    const place = await this.#sheets.place(request);
    const { id, reason } = readJson(wire.act, request);
    await this.#sheets.decide(request, reply, place, action, {
      type,
      id,
      data: { seen: requiredState(request), reason },
    });
  }

  async #ofCount(
    request: FastifyRequest,
    reply: FastifyReply,
    action: Action,
    type: 'tally.count.sealed.v1' | 'tally.count.unsealed.v1',
  ): Promise<void> {
    const place = await this.#sheets.place(request);
    const { id, reason } = readJson(wire.act, request);
    const seen = seenState(request);
    await this.#sheets.decide(request, reply, place, action, { type, id, data: { ...(seen && { seen }), reason } });
  }
}
