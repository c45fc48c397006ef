/**
 * The cookie of a session. No script reads it (HttpOnly) and no other site's request carries it (SameSite=Strict); what
 * writes with it must come from a page of this server all the same.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problems.ts';

const NAME = 'tally_session';

export { fastifyCookie };

export function secretOf(request: FastifyRequest): string | undefined {
  return request.cookies[NAME];
}

/** The same of a handshake, which Fastify does not see. */
export function secretIn({ cookie }: IncomingHttpHeaders): string | undefined {
  return cookie === undefined ? undefined : fastifyCookie.parse(cookie)[NAME];
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
  expiresAt: string,
): void {
  reply.setCookie(NAME, secret, { ...attributesFor(request), expires: new Date(expiresAt) });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(NAME, attributesFor(request));
}

/** `Secure` behind TLS, as a proxy of ours or the browser's own `Origin` says. */
function attributesFor({ protocol, headers }: FastifyRequest) {
  const isSecure = protocol === 'https' || headers.origin?.startsWith('https://') === true;
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure } as const;
}

/**
 * Whether a browser says that the request comes from a page of this server (`Sec-Fetch-Site`, or `Origin` where it
 * knows no better); undefined where it says nothing, as programs do.
 */
export function isOwnPage(headers: IncomingHttpHeaders): boolean | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined) return undefined;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Every browser says where a write comes from; what does not say is none, and has no business with its cookie. */
export function mustBeOwnPage(headers: IncomingHttpHeaders): void {
  if (isOwnPage(headers) !== true) throw new ProblemError('cross-origin');
}
