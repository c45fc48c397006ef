/** Who asks: reads the bearer token, and lets a request through to its route where the role may do that at all. */
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Account, roleMay } from '#access';
import { LIMITS, type Limits, SERVICES, type Services } from '../services.ts';
import { ProblemError } from './problems.ts';
import { routeOf } from './route.ts';

const accounts = new WeakMap<FastifyRequest, Account>();

/** The account of a request; null for the public. */
export function accountOf(request: FastifyRequest): Account | null {
  return accounts.get(request) ?? null;
}

const BEARER = /^Bearer +(\S+)$/i;

@Injectable()
export class Authentication implements CanActivate {
  readonly #services: Services;
  readonly #failures: FailedLogins;

  constructor(@Inject(SERVICES) services: Services, @Inject(LIMITS) limits: Limits) {
    this.#services = services;
    this.#failures = new FailedLogins(limits.failedLoginsPerMinute);
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
    if (header === undefined) return null;
    const token = BEARER.exec(header)?.[1];
    const account = token === undefined ? undefined : await this.#services.accounts.find(token);
    if (account) return account;
    const waitSeconds = this.#failures.add(request.ip, Date.now());
    if (waitSeconds > 0)
      throw new ProblemError('too-many-requests', { headers: { 'retry-after': String(waitSeconds) } });
    throw new ProblemError('bad-token', {
      headers: { 'www-authenticate': 'Bearer realm="tally", error="invalid_token"' },
    });
  }
}

export function unauthenticated(): ProblemError {
  return new ProblemError('unauthenticated', { headers: { 'www-authenticate': 'Bearer realm="tally"' } });
}

const WINDOW_MS = 60_000;

/** Wrong tokens by address, a window of a minute each; the whole table is dropped each minute, so it stays small. */
class FailedLogins {
  readonly #most: number;
  #since = 0;
  #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a failure; seconds to wait where there were too many, else 0. */
  add(address: string, now: number): number {
    if (now - this.#since >= WINDOW_MS) {
      this.#since = now;
      this.#counts = new Map();
    }
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    return count > this.#most ? Math.ceil((this.#since + WINDOW_MS - now) / 1_000) : 0;
  }
}
