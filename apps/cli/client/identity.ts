/** Who acts in an embedded installation: the local operator, or the account of TALLY_TOKEN. */
import { type Account, type Accounts, type Action, actorOf, may, mayManage, PERMISSIONS, roleMay } from '#access';
import type { Actor, Election, Unit } from '#domain';
import { refused } from '../errors.ts';

/** Whoever owns the data folder and names no account. */
const LOCAL_OPERATOR = 'local';

export class Identity {
  /** undefined: the local operator, who may do everything. */
  readonly #account: Account | undefined;

  constructor(account: Account | undefined) {
    this.#account = account;
  }

  /** As events name who does something at a unit; undefined where the account may not. */
  tryActor(action: Action, unit: Unit, election: Election): Actor | undefined {
    const account = this.#account;
    if (!account) return { id: LOCAL_OPERATOR, role: PERMISSIONS[action][0], unit: election.root.code };
    return may(account, action, unit, election) ? actorOf(account, election.root.code) : undefined;
  }

  actor(action: Action, unit: Unit, election: Election): Actor {
    const actor = this.tryActor(action, unit, election);
    if (!actor) throw refused(this.refusal(action, unit.code));
    return actor;
  }

  /** The unit of the account; everything for the local operator. */
  area(election: Election): Unit {
    const own = this.#account?.unit;
    return (own && election.unit(own)) || election.root;
  }

  /** Who opens an election whose root unit is `root`: there is no tree yet to look an area up in. */
  opener(root: string): Actor {
    const account = this.#account;
    if (!account) return { id: LOCAL_OPERATOR, role: 'manager', unit: root };
    const covers = account.election === null && (account.unit === null || account.unit === root);
    if (!covers || !roleMay(account.role, 'open-election')) throw refused(this.refusal('open-election', root));
    return actorOf(account, root);
  }

  mustManage(
    area: { readonly unit: string | null; readonly election: string | null },
    elections: readonly Election[],
  ): void {
    if (!this.#account || mayManage(this.#account, area, elections)) return;
    throw refused(this.refusal('manage-accounts', area.unit ?? 'everywhere'));
  }

  manages(
    area: { readonly unit: string | null; readonly election: string | null },
    elections: readonly Election[],
  ): boolean {
    return !this.#account || mayManage(this.#account, area, elections);
  }

  refusal(action: Action, where: string): string {
    const { role, unit } = this.#account ?? { role: 'manager', unit: null };
    const needed = PERMISSIONS[action].join(' or ');
    return `The account of TALLY_TOKEN (${role} for ${unit ?? 'all units'}) may not ${action} for ${where}; that needs a ${needed}.`;
  }
}

/** Throws where the token is given and unknown. */
export async function identityOf(accounts: Accounts, token: string | undefined): Promise<Identity> {
  if (token === undefined || token === '') return new Identity(undefined);
  const account = await accounts.find(token);
  if (!account) throw refused('TALLY_TOKEN is no token of this installation, or its account was revoked.');
  return new Identity(account);
}
