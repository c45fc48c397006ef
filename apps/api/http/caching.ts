/**
 * Answers that caches may keep. An answer is named by model version, position and what the viewer sees: a repeat with
 * `If-None-Match` is answered without working anything out. At a position an answer never changes.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { formatPosition, type Position } from '#domain';
import { resolveAt, type ServedElection, type View } from '#projection';
import type { Desk } from './desk.ts';
import { ProblemError } from './problems.ts';
import type { Viewer } from './viewer.ts';

/** The position asked for with `at`; null where a time was redirected to its position. */
export async function positionAsked(
  desk: Desk,
  served: ServedElection,
  at: string | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Position | undefined | null> {
  if (at === undefined) return undefined;
  const found = await resolveAt(served, await desk.model(served), at);
  if ('problem' in found) throw new ProblemError('bad-position', found.problem);
  if (!found.isTime) return found.position;
  const [path, query] = request.url.split('?', 2);
  const search = new URLSearchParams(query);
  search.set('at', formatPosition(found.position));
  reply.header('cache-control', 'no-store').code(302).header('location', `${path}?${search}`).send();
  return null;
}

/** Sets the caching headers of an answer; true where the client has it already and `304` was sent. */
export function isKnownToClient(
  request: FastifyRequest,
  reply: FastifyReply,
  view: View,
  viewer: Viewer,
  at: Position | undefined,
): boolean {
  const headers = cachingHeaders(view, viewer, at);
  reply.headers(headers);
  if (!isMatch(request.headers['if-none-match'], headers.etag!)) return false;
  reply.code(304).send();
  return true;
}

export function cachingHeaders(view: View, viewer: Viewer, at: Position | undefined): Record<string, string> {
  const scope = viewer.isPublic ? 'public' : 'private';
  const age =
    at !== undefined && viewer.isFinal ? 'max-age=31536000, immutable' : viewer.isPublic ? 'max-age=1' : 'no-cache';
  return {
    etag: entityTag(view, viewer),
    'cache-control': `${scope}, ${age}`,
    vary: 'Authorization, Cookie, Accept-Encoding',
    ...positionHeaders(view),
  };
}

/** Every answer names its position, also where the body has no place for it. */
export function positionHeaders(view: View): Record<string, string> {
  const position = formatPosition(view.position);
  return {
    'tally-position': position,
    ...(view.asOf !== null && { 'tally-as-of': new Date(view.asOf).toISOString() }),
  };
}

/** Names an answer about figures: model version, position and what the viewer sees. */
export function entityTag(view: View, viewer: Viewer): string {
  const named = [view.served.election.digest, formatPosition(view.position), viewer.key].join('|');
  return `W/"v${view.version}-${createHash('sha256').update(named).digest('base64url').slice(0, 22)}"`;
}

/** RFC 9110 §13.1.2, weak comparison. */
export function isMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''));
}
