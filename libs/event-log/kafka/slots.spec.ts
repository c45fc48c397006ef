import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assignSlots, readSlots, type SlotHolder, writeSlots } from './slots.ts';

describe('slots', () => {
  const anyHolders = fc
    .array(fc.uniqueArray(fc.nat(40), { maxLength: 40 }), { minLength: 1, maxLength: 9 })
    .map((holders) => holders.map((held, i) => ({ member: `m${i}`, held: new Set(held) })));

  it('go to one member each, evenly, whoever held what', () => {
    fc.assert(
      fc.property(fc.nat(32), anyHolders, (slots, holders) => {
        const assigned = [...assignSlots(slots, holders).values()];
        const all = assigned.flatMap((own) => [...own]).sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: slots }, (_, slot) => slot));
        const sizes = assigned.map(({ size }) => size);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('stay where they are when nothing changes, and in any order of the members', () => {
    fc.assert(
      fc.property(fc.nat(32), anyHolders, (slots, holders) => {
        const first = assignSlots(slots, holders);
        const settled: SlotHolder[] = [...first].map(([member, held]) => ({ member, held }));
        expect(new Map(assignSlots(slots, settled.reverse()))).toEqual(first);
      }),
    );
  });

  it('move no more than a member that comes or goes makes necessary', () => {
    const two = assignSlots(16, [
      { member: 'a', held: new Set() },
      { member: 'b', held: new Set() },
    ]);
    const holders = [...two].map(([member, held]) => ({ member, held }));
    const three = assignSlots(16, [...holders, { member: 'c', held: new Set<number>() }]);
    const moved = holders.flatMap(({ member, held }) => [...held].filter((slot) => !three.get(member)!.has(slot)));
    expect(moved).toHaveLength(three.get('c')!.size);
  });

  it('are read as they were written', () => {
    expect(readSlots(writeSlots(new Set([3, 0, 2])))).toEqual(new Set([0, 2, 3]));
    expect(readSlots(Buffer.alloc(0))).toEqual(new Set());
  });
});
