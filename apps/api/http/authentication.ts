/**
 * Who asks: reads the bearer token or the session's cookie, and lets a request through to its route where the role may
 * do that at all. A wrong token is refused; a session that is over is the public again.
 */
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Account, roleMay } from '#access';
import { SERVICES, type Services } from '../services.ts';
import { Logins } from './logins.ts';
import { ProblemError } from './problems.ts';
import { routeOf } from './route.ts';
import { mustBeOwnPage, secretOf } from './session-cookie.ts';

const accounts = new WeakMap<FastifyRequest, Account>();

/** The account of a request; null for the public. */
export function accountOf(request: FastifyRequest): Account | null {
  return accounts.get(request) ?? null;
}

const BEARER = /^Bearer +(\S+)$/i;
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

@Injectable()
export class Authentication implements CanActivate {
  readonly #services: Services;
  readonly #logins: Logins;

  constructor(@Inject(SERVICES) services: Services, @Inject(Logins) logins: Logins) {
    this.#services = services;
    this.#logins = logins;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets are let in once, at their handshake (apps/gateway/sockets.ts).
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const account = await this.#authenticate(request);
    if (account) accounts.set(request, account);
    const access = routeOf(context.getHandler())?.access ?? 'public';
    if (access === 'public') return true;
    if (!account) throw unauthenticated();
    if (!roleMay(account.role, access))
      throw new ProblemError('not-permitted', `The role ${account.role} does not allow this (${access}).`);
    return true;
  }

  async #authenticate(request: FastifyRequest): Promise<Account | null> {
    const header = request.headers.authorization;
    if (header !== undefined) return this.#byToken(request, BEARER.exec(header)?.[1]);
    const secret = secretOf(request);
    if (secret === undefined) return null;
    if (!SAFE.has(request.method)) mustBeOwnPage(request.headers);
    return (await this.#services.accounts.findSession(secret))?.account ?? null;
  }

  async #byToken(request: FastifyRequest, token: string | undefined): Promise<Account> {
    const account = token === undefined ? undefined : await this.#services.accounts.find(token);
    if (account) return account;
    this.#logins.count(request.ip);
    throw new ProblemError('bad-token', {
      headers: { 'www-authenticate': 'Bearer realm="tally", error="invalid_token"' },
    });
  }
}

export function unauthenticated(): ProblemError {
  return new ProblemError('unauthenticated', { headers: { 'www-authenticate': 'Bearer realm="tally"' } });
}
