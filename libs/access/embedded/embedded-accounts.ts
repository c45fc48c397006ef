/** Accounts in `<folder>/accounts`, an lmdb environment of their own: names can be erased without touching the log. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Account, Accounts, AddedAccount, NewAccount, Session, StartedSession } from '../port.ts';
import { looksLikeToken, newToken, sameHash, tokenHash } from '../token.ts';
import { EmbeddedSessions } from './embedded-sessions.ts';

interface Stored {
  readonly account: Account;
  /** Lower-case hex SHA-256 of the token. */
  readonly hash: string;
}

/** Opens the accounts of a data folder, making them where there are none. The caller owns the folder. */
export async function openEmbeddedAccounts(folder: string): Promise<Accounts> {
  const root = open<unknown, string>({
    path: join(folder, 'accounts'),
    noSubdir: false,
    overlappingSync: false,
    encoding: 'json',
  });
  return new EmbeddedAccounts(
    root,
    root.openDB<Stored, string>('byId', { encoding: 'json' }),
    root.openDB('idByHash', { encoding: 'json' }),
    new EmbeddedSessions(root),
  );
}

class EmbeddedAccounts implements Accounts {
  readonly #root: RootDatabase<unknown, string>;
  readonly #byId: Database<Stored, string>;
  readonly #idByHash: Database<string, string>;
  readonly #sessions: EmbeddedSessions;
  #closing: Promise<void> | null = null;

  constructor(
    root: RootDatabase<unknown, string>,
    byId: Database<Stored, string>,
    idByHash: Database<string, string>,
    sessions: EmbeddedSessions,
  ) {
    this.#sessions = sessions;
    this.#root = root;
    this.#byId = byId;
    this.#idByHash = idByHash;
  }

  async addFirst(account: NewAccount): Promise<AddedAccount | null> {
    return this.#root.transactionSync(() => (this.#byId.getKeysCount() > 0 ? null : this.add(account)));
  }

  async add({ role, unit, election = null, name = null, token = newToken() }: NewAccount): Promise<AddedAccount> {
    const hash = tokenHash(token);
    const createdAt = new Date().toISOString();
    const account: Account = { id: randomUUID(), role, unit, election, name, createdAt, revokedAt: null };
    await this.#root.transaction(() => {
      this.#byId.put(account.id, { account, hash });
      this.#idByHash.put(hash, account.id);
    });
    return { account, token };
  }

  async list(): Promise<Account[]> {
    const accounts = [...this.#byId.getRange().map(({ value }) => value.account)];
    return accounts.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
  }

  async revoke(id: string): Promise<boolean> {
    return this.#root.transaction(() => {
      const stored = id.length > 100 ? undefined : this.#byId.get(id);
      if (!stored) return false;
      if (stored.account.revokedAt !== null) return true;
      this.#byId.put(id, { ...stored, account: { ...stored.account, revokedAt: new Date().toISOString() } });
      return true;
    });
  }

  async find(token: string): Promise<Account | undefined> {
    if (!looksLikeToken(token)) return undefined;
    const hash = tokenHash(token);
    const id = this.#idByHash.get(hash);
    const stored = id === undefined ? undefined : this.#byId.get(id);
    if (!stored || !sameHash(stored.hash, hash) || stored.account.revokedAt !== null) return undefined;
    return stored.account;
  }

  async startSession(id: string, forMs: number): Promise<StartedSession | undefined> {
    const account = this.#present(id);
    return account && { account, ...(await this.#sessions.start(id, forMs)) };
  }

  async findSession(secret: string): Promise<Session | undefined> {
    const session = this.#sessions.find(secret);
    const account = session && this.#present(session.account);
    return session && account && { account, expiresAt: session.expiresAt };
  }

  endSession(secret: string): Promise<void> {
    return this.#sessions.end(secret);
  }

  #present(id: string): Account | undefined {
    const account = this.#byId.get(id)?.account;
    return account?.revokedAt === null ? account : undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#root.close();
    return this.#closing;
  }
}
