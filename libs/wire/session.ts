/** Who a browser is signed in as. */
import type { Role } from '#domain';

export interface SignedIn {
  readonly id: string;
  readonly role: Role;
  /** Code of the unit the role is held for, and all below it; null: everywhere. */
  readonly unit: string | null;
  /** null: in every election that has the unit. */
  readonly election: string | null;
  readonly name: string | null;
}

export interface SessionAnswer {
  /** null: nobody, so the public. */
  readonly account: SignedIn | null;
  /** RFC 3339 */
  readonly expiresAt: string | null;
}
