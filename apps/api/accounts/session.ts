/** `GET/POST/DELETE /session`: who a browser is signed in as, signing in with a token, signing out. */
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account, Session } from '#access';
import type { SessionAnswer } from '#wire';
import { Logins } from '../http/logins.ts';
import { ProblemError } from '../http/problems.ts';
import { API, Handles, type RouteSpec, readJson } from '../http/route.ts';
import { clearSessionCookie, isOwnPage, secretOf, setSessionCookie } from '../http/session-cookie.ts';
import * as wire from '../schemas.ts';
import { SERVICES, type Services } from '../services.ts';

const HOUR_MS = 3_600_000;
const SHIFT_MS = 12 * HOUR_MS;
/** Who changes nothing can stay on a wall screen. */
const STAY_MS = 30 * 24 * HOUR_MS;

const path = `${API}/session`;

const read = {
  method: 'GET',
  path,
  tag: 'accounts',
  summary: 'Who this browser is signed in as',
  access: 'public',
  answers: { 200: { description: 'The account, or null', schema: wire.sessionAnswer } },
  problems: [],
} as const satisfies RouteSpec;

const start = {
  method: 'POST',
  path,
  tag: 'accounts',
  summary: "Sign a browser in with an account's token",
  description:
    'Sets the cookie `tally_session` (HttpOnly, SameSite=Strict, Secure behind TLS), which stands for the token in every ' +
    'request and on the live feed for 12 hours, or with `stay` 30 days for an observer. It ends when it is signed out or ' +
    'the account is revoked. Writes with it must come from a page of this server.',
  access: 'public',
  body: 'json',
  json: wire.signIn,
  answers: {
    201: { description: 'Signed in', schema: wire.sessionAnswer, headers: { 'Set-Cookie': 'The session' } },
  },
  problems: ['malformed-json', 'invalid', 'bad-token', 'cross-origin'],
} as const satisfies RouteSpec;

const end = {
  method: 'DELETE',
  path,
  tag: 'accounts',
  summary: 'Sign this browser out',
  access: 'public',
  answers: { 204: { description: 'Signed out; again is a no-op' } },
  problems: ['cross-origin'],
} as const satisfies RouteSpec;

@Controller()
export class Sessions {
  readonly #services: Services;
  readonly #logins: Logins;

  constructor(@Inject(SERVICES) services: Services, @Inject(Logins) logins: Logins) {
    this.#services = services;
    this.#logins = logins;
  }

  @Handles(read)
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionAnswer> {
    reply.header('cache-control', 'no-store');
    const secret = secretOf(request);
    const session = secret === undefined ? undefined : await this.#services.accounts.findSession(secret);
    if (session) return answerOf(session);
    if (secret !== undefined) clearSessionCookie(request, reply);
    return { account: null, expiresAt: null };
  }

  @Handles(start)
  async start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (isOwnPage(request.headers) === false) throw new ProblemError('cross-origin');
    const { token, stay = false } = readJson(wire.signIn, request);
    this.#logins.count(request.ip);
    const session = await this.#startFor(await this.#services.accounts.find(token.trim()), stay);
    const before = secretOf(request);
    if (before !== undefined) await this.#services.accounts.endSession(before);
    setSessionCookie(request, reply, session.secret, session.expiresAt);
    reply.code(201).header('cache-control', 'no-store').send(answerOf(session));
  }

  async #startFor(account: Account | undefined, stay: boolean) {
    const forMs = stay && account?.role === 'observer' ? STAY_MS : SHIFT_MS;
    const session = account && (await this.#services.accounts.startSession(account.id, forMs));
    if (!session) throw new ProblemError('bad-token');
    return session;
  }

  @Handles(end)
  async end(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const secret = secretOf(request);
    if (secret !== undefined) await this.#services.accounts.endSession(secret);
    clearSessionCookie(request, reply);
    reply.code(204).header('cache-control', 'no-store').send();
  }
}

function answerOf({ account: { id, role, unit, election, name }, expiresAt }: Session): SessionAnswer {
  return { account: { id, role, unit, election, name }, expiresAt };
}
