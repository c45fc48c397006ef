/** Bearer tokens: 32 random bytes in base64url behind a prefix that secret scanners can find. Only hashes are kept. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'tally_';
const SHAPE = /^tally_[A-Za-z0-9_-]{43}$/;

export function newToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** Whether a text can be a token at all; what can't is not looked up. */
export function looksLikeToken(text: string): boolean {
  return SHAPE.test(text);
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
