/** Who holds which slots: evenly, and with as few moves as that allows, since a slot that moves must be caught up anew. */

export interface SlotHolder {
  readonly member: string;
  /** What it holds now. */
  readonly held: ReadonlySet<number>;
}

/** Every slot from 0 on to one member, each member getting as many as another or one more. Depends on nothing but its input. */
export function assignSlots(slots: number, holders: readonly SlotHolder[]): Map<string, ReadonlySet<number>> {
  const members = [...holders].sort((a, b) => b.held.size - a.held.size || (a.member < b.member ? -1 : 1));
  const least = Math.floor(slots / members.length);
  const withOneMore = slots % members.length;
  const room = new Map(members.map(({ member }, i) => [member, least + (i < withOneMore ? 1 : 0)]));
  const assigned = new Map<string, Set<number>>(members.map(({ member }) => [member, new Set()]));
  const free = new Set(Array.from({ length: slots }, (_, slot) => slot));
  for (const { member, held } of members)
    for (const slot of held)
      if (free.has(slot) && assigned.get(member)!.size < room.get(member)!) {
        free.delete(slot);
        assigned.get(member)!.add(slot);
      }
  for (const slot of free) {
    const taker = members.find(({ member }) => assigned.get(member)!.size < room.get(member)!)!;
    assigned.get(taker.member)!.add(slot);
  }
  return assigned;
}

/** As the members tell each other. */
export function writeSlots(slots: ReadonlySet<number>): Buffer {
  return Buffer.from(JSON.stringify([...slots].sort((a, b) => a - b)));
}

export function readSlots(bytes: Buffer): Set<number> {
  return new Set(bytes.length > 0 ? (JSON.parse(bytes.toString('utf8')) as number[]) : []);
}
