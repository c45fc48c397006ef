/**
 * Bearer tokens, and the secrets of sessions: 32 random bytes in base64url behind a prefix that secret scanners can find
 * and that tells one from the other. Only hashes are kept.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'tally_';
const SHAPE = /^tally_[A-Za-z0-9_-]{43}$/;
const SESSION_PREFIX = 'tallysession_';
const SESSION_SHAPE = /^tallysession_[A-Za-z0-9_-]{43}$/;

export function newToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** Whether a text can be a token at all; what can't is not looked up. */
export function looksLikeToken(text: string): boolean {
  return SHAPE.test(text);
}

/** What a browser keeps of a session: no token, and of no use as one. */
export function newSessionSecret(): string {
  return SESSION_PREFIX + randomBytes(32).toString('base64url');
}

export function looksLikeSession(text: string): boolean {
  return SESSION_SHAPE.test(text);
}

/** Lower-case hex SHA-256. A token has 256 random bits, so a plain hash is enough: there is nothing to guess. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function sameHash(a: string, b: string): boolean {
  const one = Buffer.from(a);
  const other = Buffer.from(b);
  return one.length === other.length && timingSafeEqual(one, other);
}
