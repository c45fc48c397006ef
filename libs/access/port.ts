/**
 * Accounts: an opaque id with a role for a unit, found by a bearer token of which only a hash is kept (contracts §4, §5);
 * and their sessions: a browser that signed in with the token, for a while.
 */
import type { Actor, ElectionId, Role, UnitCode } from '#domain';

export interface Account {
  /** Opaque: what events name. */
  readonly id: string;
  readonly role: Role;
  /** Code of the unit the role is held for, and all below it; null: everywhere. */
  readonly unit: UnitCode | null;
  /** null: in every election that has the unit. */
  readonly election: ElectionId | null;
  /** For people who manage accounts; never in the log. */
  readonly name: string | null;
  /** RFC 3339 */
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface NewAccount {
  readonly role: Role;
  readonly unit: UnitCode | null;
  readonly election?: ElectionId | null;
  readonly name?: string | null;
  /** One that its holder has already (`newToken`); default: a new one. */
  readonly token?: string;
}

export interface AddedAccount {
  readonly account: Account;
  readonly token: string;
}

/** A browser that is signed in. */
export interface Session {
  readonly account: Account;
  /** RFC 3339 */
  readonly expiresAt: string;
}

export interface StartedSession extends Session {
  readonly secret: string;
}

export interface Accounts {
  /** Makes an account and its token; the token is not kept and can't be shown again. */
  add(account: NewAccount): Promise<AddedAccount>;
  /** The same, but only where there is no account yet, else null; of all that ask at once one is served. */
  addFirst(account: NewAccount): Promise<AddedAccount | null>;
  list(): Promise<Account[]>;
  /** false where there is no such account; revoking twice is a no-op. */
  revoke(id: string): Promise<boolean>;
  /** The account of a token, unless revoked. */
  find(token: string): Promise<Account | undefined>;
  /** Signs a browser in as the account, for so long; undefined where it is revoked. The secret is not kept. */
  startSession(account: Account['id'], forMs: number): Promise<StartedSession | undefined>;
  /** The session of a secret, unless it ended, ran out, or its account was revoked. */
  findSession(secret: string): Promise<Session | undefined>;
  /** Signs out; what is no session is a no-op. */
  endSession(secret: string): Promise<void>;
  close(): Promise<void>;
}

/** Who acts: the account as events name it, in an election whose root unit is `root`. */
export function actorOf(account: Account, root: UnitCode): Actor {
  return { id: account.id, role: account.role, unit: account.unit ?? root };
}
