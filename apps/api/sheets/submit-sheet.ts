/** `POST …/sheets`: one sheet in, the fold's word out. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Account, actorOf, may } from '#access';
import type { Actor, StructureProblem, Unit } from '#domain';
import type { ServedElection } from '#projection';
import { accountOf, unauthenticated } from '../http/authentication.ts';
import { Desk } from '../http/desk.ts';
import { ELECTION, Handles, jsonProblem, type RouteSpec, readParams, readText } from '../http/route.ts';
import { Receipts } from '../log/receipts.ts';
import * as wire from '../schemas.ts';
import { rejectionProblem, sendPending, settledAttempt, sheetOutcome } from './outcomes.ts';
import { readSheetText } from './sheet-text.ts';

const route = {
  method: 'POST',
  path: `${ELECTION}/sheets`,
  tag: 'sheets',
  summary: 'Submit a sheet',
  description:
    'The id makes a repeat harmless: it returns the first outcome. Rules never refuse a sheet; their findings may hold it.',
  access: 'submit-sheet',
  params: wire.electionParams,
  body: 'json',
  json: wire.submittedSheet,
  answers: {
    201: { description: 'Taken in', schema: wire.sheetOutcome },
    200: { description: 'A repeat: the first outcome', schema: wire.sheetOutcome },
    202: {
      description: 'In the log, not folded in time; ask again at Location',
      schema: wire.pendingOutcome,
      headers: { Location: 'Where its outcome is found' },
    },
  },
  problems: [
    'malformed-json',
    'bad-utf8',
    'unknown-election',
    'stale-revision',
    'idempotency-conflict',
    'same-person',
    'rejected',
    'too-large',
    'unsupported-media-type',
    'bad-structure',
    'timeout',
    'unconfirmed',
    'stopping',
  ],
} as const satisfies RouteSpec;

@Controller()
export class SubmitSheet {
  readonly #desk: Desk;
  readonly #receipts: Receipts;
  constructor(@Inject(Desk) desk: Desk, @Inject(Receipts) receipts: Receipts) {
    this.#desk = desk;
    this.#receipts = receipts;
  }

  @Handles(route)
  async handle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const served = await this.#desk.election(readParams(route.params, request).election);
    const parsed = readSheetText(served, readText(request), false);
    if (!parsed.ok) throw jsonProblem(parsed.problems);
    const account = accountOf(request);
    if (!account) throw unauthenticated();
    const [result] = await this.#desk.services.intake.submitMany(served, [parsed.raw], submitterOf(account, served));
    const settled = await settledAttempt(this.#desk, served, result!);
    if ('kind' in settled) {
      sendPending(reply, served.election.definition.id, settled);
      return;
    }
    const { attempt, isRepeat, value } = settled;
    if (attempt.outcome === 'rejected') throw await rejectionProblem(this.#desk, request, served, attempt);
    const receipt = await this.#receipts.of(served, { ...attempt, ...(value && { value }) });
    reply
      .code(isRepeat ? 200 : 201)
      .header('cache-control', 'no-store')
      .send(sheetOutcome(this.#desk, served, attempt, receipt));
  }
}

/** The actor of a sheet by its station, or why the account may not submit it. */
export function submitterOf(account: Account, served: ServedElection): (station: Unit) => Actor | StructureProblem {
  const actor = actorOf(account, served.election.root.code);
  return (station) =>
    may(account, 'submit-sheet', station, served.election)
      ? actor
      : {
          pointer: '/station',
          code: 'not-permitted',
          message: `Station ${station.code} is not in the account's area.`,
        };
}
