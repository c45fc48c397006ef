/** Where the demonstration plays: an installation that opens its election and makes its accounts. */
import type { Role, UnitCode } from '#domain';

export interface DemoAccount {
  readonly role: Role;
  readonly unit: UnitCode;
  readonly name: string;
}

export interface DemoHost {
  /** Opens the demonstration's election; a no-op where it is open. Throws where another package is open as it. */
  open(): Promise<void>;
  /** Makes an account of that election; resolves to its token. */
  addAccount(account: DemoAccount): Promise<string>;
}

export class OtherPackageError extends Error {}
