/** Sessions beside the accounts: whose each is and until when, by the hash of its secret. */
import type { Database, RootDatabase } from 'lmdb';
import { looksLikeSession, newSessionSecret, tokenHash } from '../token.ts';

export interface StoredSession {
  /** Id of the account. */
  readonly account: string;
  /** RFC 3339 */
  readonly expiresAt: string;
}

export class EmbeddedSessions {
  readonly #byHash: Database<StoredSession, string>;

  constructor(root: RootDatabase<unknown, string>) {
    this.#byHash = root.openDB<StoredSession, string>('sessions', { encoding: 'json' });
  }

  /** Starting one lets those go that have run out. */
  async start(account: string, forMs: number): Promise<{ secret: string; expiresAt: string }> {
    const secret = newSessionSecret();
    const now = Date.now();
    const expiresAt = new Date(now + forMs).toISOString();
    await this.#byHash.transaction(() => {
      for (const { key, value } of [...this.#byHash.getRange()]) if (hasRunOut(value, now)) this.#byHash.remove(key);
      this.#byHash.put(tokenHash(secret), { account, expiresAt });
    });
    return { secret, expiresAt };
  }

  find(secret: string): StoredSession | undefined {
    const stored = looksLikeSession(secret) ? this.#byHash.get(tokenHash(secret)) : undefined;
    return stored && !hasRunOut(stored, Date.now()) ? stored : undefined;
  }

  async end(secret: string): Promise<void> {
    if (looksLikeSession(secret)) await this.#byHash.remove(tokenHash(secret));
  }
}

function hasRunOut({ expiresAt }: StoredSession, now: number): boolean {
  return Date.parse(expiresAt) <= now;
}
