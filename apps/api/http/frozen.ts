/** The freeze of publication that stands, and where the public's figures stand with it. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Freeze, type FreezeOrder, type Freezes, hasBegun } from '#access';
import { formatPosition, type Position, parsePosition } from '#domain';
import { type Projection, positionAtTime, type ServedElection } from '#projection';
import type { FreezeAnswer, FreezeRecord } from '#wire';

export interface FreezeParts {
  readonly freezes: Freezes;
  readonly projection: Pick<Projection, 'model'>;
}

export interface Frozen {
  readonly at: Position;
  readonly answer: FreezeAnswer;
}

/** null where none stands. What nobody said yet, the position, is settled by who asks first. */
export async function frozenNow({ freezes, projection }: FreezeParts, served: ServedElection): Promise<Frozen | null> {
  const { id } = served.election.definition;
  const standing = await freezes.standing(id);
  if (!standing) return null;
  const { from, position, reason } = standing.position === null ? await settled(standing) : standing;
  const at = parsePosition(position!, served.log.shards);
  if (!at) throw new Error(`the freeze of ${id} has no position of it: ${position}`);
  return { at, answer: { since: from, position: position!, reason } };

  async function settled(freeze: Freeze): Promise<Freeze> {
    const model = await projection.model(id);
    if (!model) throw new Error(`the read model of ${id} is not projected`);
    const snapshot = await model.snapshot();
    try {
      const then = await positionAtTime(snapshot, Date.parse(freeze.from));
      return await freezes.settle(id, freeze, formatPosition(then));
    } finally {
      snapshot.close();
    }
  }
}

/** Freezes, and waits until it has begun; null where another freeze stands. */
export async function freezePublication(
  services: FreezeParts,
  served: ServedElection,
  order: FreezeOrder,
): Promise<Freeze | null> {
  const { id } = served.election.definition;
  const made = await services.freezes.freeze(id, order);
  if (!made || made.lifted) return made;
  // A timer may be a millisecond early.
  while (!hasBegun(made)) await delay(Date.parse(made.from) - Date.now() + 1);
  await frozenNow(services, served);
  return (await services.freezes.list(id)).find((one) => one.id === made.id) ?? made;
}

/** As anybody may read it: with roles, without accounts. */
export function freezeRecord({ from, position, reason, by, lifted }: Freeze): FreezeRecord {
  const who = ({ role, unit }: Freeze['by']): FreezeRecord['by'] => ({ role, unit });
  const told = lifted && { at: lifted.at, reason: lifted.reason, by: who(lifted.by) };
  return { from, position, reason, by: who(by), lifted: told };
}
