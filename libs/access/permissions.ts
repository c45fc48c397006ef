/**
 * The one table of role × action × area (domain.md, "Who may do what"). Every route and room asks it, nothing else does.
 */
import type { Election, ElectionId, Role, Unit, UnitCode } from '#domain';
import type { Account } from './port.ts';

const EVERY_ROLE: readonly Role[] = ['clerk', 'reviewer', 'verifier', 'certifier', 'manager', 'observer'];

/** Which roles an action is open to, for units at or below the account's own. */
export const PERMISSIONS = {
  /** What is not public yet: held figures, history, findings, the track `all`, the feed. */
  read: EVERY_ROLE,
  /** Every attempt of an area, by whom and why: not for clerks, whose second entries are blind. */
  search: EVERY_ROLE.filter((role) => role !== 'clerk'),
  'submit-sheet': ['clerk'],
  seal: ['clerk'],
  release: ['reviewer'],
  return: ['reviewer'],
  resolve: ['reviewer'],
  unseal: ['reviewer'],
  'record-minutes': ['reviewer'],
  verify: ['verifier'],
  annul: ['certifier'],
  certify: ['certifier'],
  reopen: ['certifier'],
  'open-election': ['manager'],
  'manage-accounts': ['manager'],
  'manage-devices': ['manager'],
  'rotate-key': ['manager'],
  'freeze-publication': ['manager'],
  'close-station': ['manager'],
  'withdraw-candidate': ['manager'],
  replay: ['manager'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof PERMISSIONS;
export const ACTIONS = Object.keys(PERMISSIONS) as readonly Action[];
export const ROLES = EVERY_ROLE;

/** Whether the role may do it anywhere at all. */
export function roleMay(role: Role, action: Action): boolean {
  return (PERMISSIONS[action] as readonly Role[]).includes(role);
}

/** Whether an account may do something that concerns a unit of an election. */
export function may(account: Account, action: Action, unit: Unit, election: Election): boolean {
  return roleMay(account.role, action) && covers(account, unit, election);
}

/** Whether a unit lies in the account's area: its own unit and all below it; null is everywhere. */
export function covers(account: Pick<Account, 'unit' | 'election'>, unit: Unit, election: Election): boolean {
  if (account.election !== null && account.election !== election.definition.id) return false;
  if (account.unit === null) return true;
  for (let at: Unit | null = unit; at; at = at.parent) if (at.code === account.unit) return true;
  return false;
}

/** What an account is to be made for. */
export interface Area {
  readonly unit: UnitCode | null;
  readonly election: ElectionId | null;
}

/**
 * Whether a manager may make, see or revoke accounts for an area: it must lie at or below its own, in every election
 * that it reaches into.
 */
export function mayManage(manager: Account, area: Area, elections: readonly Election[]): boolean {
  if (!roleMay(manager.role, 'manage-accounts')) return false;
  if (manager.election !== null && manager.election !== area.election) return false;
  if (manager.unit === null) return true;
  const reached = elections.filter(({ definition }) => area.election === null || area.election === definition.id);
  const units = reached.flatMap((election) => {
    const unit = area.unit === null ? election.root : election.unit(area.unit);
    return unit ? [{ unit, election }] : [];
  });
  return units.length > 0 && units.every(({ unit, election }) => covers(manager, unit, election));
}
