/** What a results request asks for: units, contest or body, tracks. */
import type { z } from 'zod';
import { type Contest, DEFAULT_TRACKS, type Track, type Unit } from '#domain';
import { type ResultQuery, type ServedElection } from '#projection';
import type { Desk } from '../http/desk.ts';
import { ProblemError } from '../http/problems.ts';
import type { Viewer } from '../http/viewer.ts';
import type * as wire from '../schemas.ts';

type Query = z.output<typeof wire.resultsQuery>;

export interface Asked {
  readonly query: ResultQuery;
  readonly body: string | undefined;
  readonly tracks: readonly Track[];
}

export function asked(desk: Desk, served: ServedElection, unit: Unit, query: Query, viewer: Viewer): Asked {
  const contest = query.contest === undefined ? undefined : desk.contestAt(served, query.contest, unit);
  if (query.body !== undefined) mustBeBody(served, query.body, contest);
  const tracks = query.track ? [...new Set(query.track)] : DEFAULT_TRACKS;
  mustSeeTracks(viewer, tracks);
  return {
    query: {
      unit,
      sight: viewer.sight,
      ...(query.depth !== undefined && { depth: query.depth }),
      ...(query.level !== undefined && { level: levelOf(served, query.level) }),
      ...(contest && { contest }),
    },
    body: query.body,
    tracks,
  };
}

export function mustSeeTracks(viewer: Viewer, tracks: readonly Track[]): void {
  const hidden = tracks.find((track) => !viewer.sight.track(track));
  if (hidden) throw new ProblemError('not-public', `The track ${hidden} is not public.`);
}

/** Figures of the contest at the unit must be out for this viewer. */
export function mustSeeResults(viewer: Viewer, contest: Contest, unit: Unit): void {
  if (!viewer.sight.results(contest, unit.level))
    throw new ProblemError('not-public', `Figures of ${contest.id} at ${unit.code} are not public.`);
}

export function levelOf(served: ServedElection, id: string): number {
  const { levels } = served.election.definition;
  const level = levels.findIndex((candidate) => candidate.id === id);
  if (level >= 0) return level;
  const known = levels.map((candidate) => candidate.id).join(', ');
  const message = `There is no level "${id}"; this election has ${known}.`;
  throw new ProblemError('bad-parameter', {
    detail: message,
    errors: [{ pointer: '/level', code: 'unknown-level', message }],
  });
}

function mustBeBody(served: ServedElection, body: string, contest: Contest | undefined): void {
  if (contest) throw badBody('Ask for a contest or for a body, not for both.');
  if (!served.election.contests.some(({ row }) => row.body === body))
    throw badBody(`No contest belongs to a body "${body}".`);
}

function badBody(message: string): ProblemError {
  return new ProblemError('bad-parameter', {
    detail: message,
    errors: [{ pointer: '/body', code: 'unknown-body', message }],
  });
}

/** The one contest that a timeline or lineage is of; where a unit has one only, it need not be named. */
export function oneContest(desk: Desk, served: ServedElection, unit: Unit, id: string | undefined): Contest {
  if (id !== undefined) return desk.contestAt(served, id, unit);
  const [only, ...others] = served.election.contestsAt(unit);
  if (only && others.length === 0) return only;
  const message = 'Say which contest: `contest` is missing.';
  throw new ProblemError('bad-parameter', {
    detail: message,
    errors: [{ pointer: '/contest', code: 'missing', message }],
  });
}
