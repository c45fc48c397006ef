/** What a client asks for on the socket, checked; every fault is an answer, never a crash. */
import type { z } from 'zod';
import { type Account, may } from '#access';
import type { Unit } from '#domain';
import type { Problem } from '#wire';
import { feedRequest, watchRequest } from '#wire/schemas';
import { type ProblemCode, ProblemError, problemBody } from '../api/http/problems.ts';
import { fieldProblems } from '../api/http/route.ts';
import type { ElectionHall } from './election-hall.ts';
import type { RoomWish } from './room.ts';

export interface Refusal {
  readonly error: Problem;
}

export function refusal(error: ProblemError): Refusal {
  return { error: problemBody(error.code, error.details) };
}

export function readWatch(data: unknown): z.output<typeof watchRequest> {
  return checked(watchRequest, data);
}

export function readFeed(data: unknown): z.output<typeof feedRequest> {
  return checked(feedRequest, data);
}

function checked<T extends z.ZodType>(schema: T, data: unknown): z.output<T> {
  const read = schema.safeParse(data);
  if (!read.success) throw new ProblemError('invalid', { errors: fieldProblems(read.error, data) });
  return read.data;
}

/** The room that a request names, for this account. */
export function wishOf(hall: ElectionHall, request: z.output<typeof watchRequest>, account: Account | null): RoomWish {
  const { election } = hall.served;
  const unit = unitOf(hall, request.unit);
  const contest = request.contest === undefined ? null : election.contest(request.contest);
  if (contest === undefined) throw unknown('unknown-contest', `There is no contest "${request.contest}".`);
  if (contest && !election.contestAt(contest, unit))
    throw unknown('not-in-contest', `Contest ${contest.id} has no station at or below ${unit.code}.`);
  const isPublic = !(account && may(account, 'read', unit, election));
  if (!hall.sightOf(isPublic).track(request.track))
    throw unknown('not-public', `The track ${request.track} is not public.`);
  return {
    election: election.definition.id,
    unit,
    contest,
    track: request.track,
    children: request.children ?? false,
    isPublic,
  };
}

export function unitOf(hall: ElectionHall, code: string): Unit {
  const unit = hall.served.election.unit(code);
  if (!unit) throw unknown('unknown-unit', `There is no unit "${code}".`);
  return unit;
}

function unknown(code: ProblemCode, detail: string): ProblemError {
  return new ProblemError(code, detail);
}
