/** From the fold's word on an attempt to what its sender is told. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Contest, type EventType, formatPosition, type RejectionCode, type Unit } from '#domain';
import type { IntakeResult } from '#intake';
import { type ServedElection, sheetAnswer } from '#projection';
import type { AttemptDoc } from '#read-model';
import type { SheetAnswer } from '#wire';
import { positionHeaders } from '../http/caching.ts';
import type { Desk } from '../http/desk.ts';
import { type ProblemCode, ProblemError } from '../http/problems.ts';
import { ELECTION } from '../http/route.ts';
import type { ActOutcome, Receipt, SheetOutcome } from '../schemas.ts';

/** How a rejection is told; the others are `rejected`. */
const TOLD: Partial<Record<RejectionCode, ProblemCode>> = {
  'stale-revision': 'stale-revision',
  'idempotency-conflict': 'idempotency-conflict',
  'precondition-failed': 'precondition-failed',
  'same-person': 'same-person',
  'not-allowed': 'not-allowed',
  'figure-not-entered': 'figure-not-entered',
  sealed: 'sealed',
  'reason-required': 'reason-required',
  'unknown-candidate': 'unknown-candidate',
  'bad-structure': 'bad-structure',
};

/** Rejections that are answered with the sheet as it stands. */
const WITH_SHEET: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  'stale-revision',
  'precondition-failed',
  'same-person',
  'not-allowed',
  'sealed',
]);

export interface Settled {
  readonly attempt: AttemptDoc;
  /** Whether this id was settled before: the first outcome is told. */
  readonly isRepeat: boolean;
  /** The record, where it is at hand. */
  readonly value?: Uint8Array;
}

/** In the log, and its outcome not in the read model yet. */
export interface Pending {
  readonly kind: 'pending';
  readonly id: string;
  readonly shard: number;
  readonly offset: number;
}

/** The attempt that an intake result speaks of; of a repeat the first one. Throws what is no outcome. */
export async function settledAttempt(
  desk: Desk,
  served: ServedElection,
  result: IntakeResult,
): Promise<Settled | Pending> {
  switch (result.kind) {
    case 'refused':
      throw refusal(result.problems);
    case 'unchanged':
      throw new ProblemError('rejected', {
        detail: 'The newest revision has these figures.',
        more: { rejection: 'unchanged' },
      });
    case 'unconfirmed':
      throw new ProblemError('unconfirmed', {
        detail: result.message,
        headers: { 'retry-after': '1' },
        more: { id: result.id, reason: result.code },
      });
    case 'pending':
      return result;
    case 'settled': {
      const { attempt, appended } = result;
      if (attempt.rejection !== 'repeat' || attempt.first === undefined)
        return { attempt, isRepeat: false, ...(appended && { value: appended }) };
      const { shard, first } = attempt;
      const original = await desk.reading(served, (view) => view.snapshot.attempt(shard, first));
      if (original) return { attempt: original, isRepeat: true };
      // A store that came back older has lost it, and gets it again from the log.
      return { kind: 'pending', id: attempt.id ?? '', shard, offset: first };
    }
  }
}

function refusal(problems: readonly { pointer: string; code: string; message: string }[]): ProblemError {
  const [only] = problems;
  if (only && problems.length === 1 && only.code === 'not-permitted')
    return new ProblemError('not-permitted', only.message);
  return new ProblemError('bad-structure', {
    detail: problems.length === 1 ? only?.message : `${problems.length} problems.`,
    errors: problems,
  });
}

/** 202: in the log, and where to ask for the outcome. */
export function sendPending(reply: FastifyReply, election: string, pending: Omit<Pending, 'kind'>): void {
  const attempt = `${pending.shard}:${pending.offset}`;
  reply
    .code(202)
    .headers({
      location: `${ELECTION.replace(':election', election)}/events/${pending.id}?at=${attempt}`,
      'retry-after': '1',
      'cache-control': 'no-store',
    })
    .send({ id: pending.id, status: 'pending', attempt });
}

/** The sheet a request's account may see now. */
export async function standingSheet(
  desk: Desk,
  request: FastifyRequest,
  served: ServedElection,
  { station, contest }: { station: Unit; contest: Contest },
): Promise<{ sheet: SheetAnswer; headers: Record<string, string> }> {
  return desk.readingFor(request, station, served, async (view) => {
    const { sight } = await desk.sheetViewer(request, view, station);
    return { sheet: await sheetAnswer(view, station, contest, sight), headers: positionHeaders(view) };
  });
}

/** A rejected attempt as a problem, with the standing sheet where that helps. */
export async function rejectionProblem(
  desk: Desk,
  request: FastifyRequest,
  served: ServedElection,
  attempt: AttemptDoc,
): Promise<ProblemError> {
  const rejection = attempt.rejection ?? 'not-allowed';
  const station = attempt.station === undefined ? undefined : served.election.unit(attempt.station);
  const contest = attempt.contest === undefined ? undefined : served.election.contest(attempt.contest);
  const sheet =
    station && contest && WITH_SHEET.has(rejection)
      ? (await standingSheet(desk, request, served, { station, contest })).sheet
      : undefined;
  return new ProblemError(TOLD[rejection] ?? 'rejected', {
    ...(attempt.detail !== undefined && { detail: attempt.detail }),
    ...(sheet && { headers: { etag: sheet.etag } }),
    more: { rejection, attempt: placeOf(attempt), ...(sheet && { sheet }) },
  });
}

export function placeOf({ shard, offset }: { shard: number; offset: number }): string {
  return `${shard}:${offset}`;
}

/** A position that takes the attempt in. */
export function positionAfter(desk: Desk, served: ServedElection, { shard, offset }: AttemptDoc): string {
  const position = [...desk.services.projection.position(served.election.definition.id)];
  position[shard] = Math.max(position[shard] ?? 0, offset + 1);
  return formatPosition(position);
}

export function sheetOutcome(
  desk: Desk,
  served: ServedElection,
  attempt: AttemptDoc,
  receipt: Receipt | null,
): SheetOutcome {
  return {
    id: attempt.id ?? '',
    station: attempt.station ?? '',
    contest: attempt.contest ?? '',
    revision: attempt.revision ?? 0,
    status: attempt.status ?? 'none',
    findings: [...(attempt.findings ?? [])],
    position: positionAfter(desk, served, attempt),
    attempt: placeOf(attempt),
    receipt,
  };
}

export function actOutcome(desk: Desk, served: ServedElection, attempt: AttemptDoc, type: EventType): ActOutcome {
  return {
    id: attempt.id ?? '',
    type,
    subject: attempt.subject ?? '',
    outcome: 'accepted',
    position: positionAfter(desk, served, attempt),
    attempt: placeOf(attempt),
  };
}
