/** Entity tags of pages: a reader who has a page already is not sent it again. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isMatch } from '../api/index.ts';

/** Anybody may be given the same page; caches in front go on with the last one while no server answers. */
const CACHE = 'public, max-age=1, stale-while-revalidate=10, stale-if-error=86400';

/** A weak entity tag (RFC 9110 §8.8.3) of all that a page depends on. */
export function pageTag(...parts: string[]): string {
  return `W/"${createHash('sha256').update(parts.join('|')).digest('base64url').slice(0, 22)}"`;
}

/** Says the tag and for how long it may be kept; whether the reader has that very page, and is so answered with `304`. */
export function isPageKnown(request: FastifyRequest, reply: FastifyReply, tag: string): boolean {
  reply.headers({ etag: tag, 'cache-control': CACHE });
  if (!isMatch(request.headers['if-none-match'], tag)) return false;
  reply.code(304).send();
  return true;
}
