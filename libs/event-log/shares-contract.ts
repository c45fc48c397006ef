/** What every adapter of the shares promises, as a suite: `sharesContract('Kafka', makeHarness)`. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Shares } from './port.ts';

export interface SharesHarness {
  /** A process's own access; several are open at a time. */
  open(): Promise<Shares>;
  dispose(): Promise<void>;
}

const PATIENCE_MS = 30_000;

export function sharesContract(name: string, makeHarness: () => Promise<SharesHarness>): void {
  describe(`shares: ${name}`, () => {
    let harness: SharesHarness;
    let members: ShareMember[];
    beforeEach(async () => {
      harness = await makeHarness();
      members = [];
    });
    afterEach(async () => {
      await Promise.all(members.map((member) => member.leave()));
      await harness.dispose();
    });

    const join = async (slots: number): Promise<ShareMember> => {
      const member = await ShareMember.join(await harness.open(), slots);
      members.push(member);
      return member;
    };

    it('gives all slots to one who is alone', async () => {
      const alone = await join(5);
      await shared([alone], 5);
      expect([...alone.held].sort()).toEqual([0, 1, 2, 3, 4]);
    });

    it('are even, each slot with one, and few move when another one comes', async () => {
      const [a, b] = await Promise.all([join(16), join(16)]);
      await shared([a, b], 16);
      const before = [new Set(a.held), new Set(b.held)];
      const c = await join(16);
      await shared([a, b, c], 16);
      expect([a, b, c].map(({ held }) => held.size).sort()).toEqual([5, 5, 6]);
      for (const [i, member] of [a, b].entries())
        for (const slot of member.held) expect(before[i]!.has(slot)).toBe(true);
    });

    it('go to the others when one leaves, who then holds none', async () => {
      const [a, b] = await Promise.all([join(4), join(4)]);
      await shared([a, b], 4);
      await b.leave();
      expect(b.held.size).toBe(0);
      await shared([a], 4);
      await b.leave();
    });

    it('leave some without work where there are more members than slots', async () => {
      const three = await Promise.all([join(2), join(2), join(2)]);
      await shared(three, 2);
      expect(three.map(({ held }) => held.size).sort()).toEqual([0, 1, 1]);
    });
  });
}

/** One who shares, with the slots it was last told of. */
export class ShareMember {
  held: ReadonlySet<number> = new Set();
  leave: () => Promise<void> = async () => undefined;

  static async join(shares: Shares, slots: number): Promise<ShareMember> {
    const member = new ShareMember();
    member.leave = await shares.join(slots, (held) => {
      member.held = held;
      for (const wake of waiting) wake();
    });
    return member;
  }
}

const waiting = new Set<() => void>();

/** Resolves once a condition on what is held comes true. */
export async function until(condition: () => boolean, what: () => string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    const left = deadline - Date.now();
    if (left <= 0) throw new Error(`not in time: ${what()}`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      const wake = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
    });
  }
}

/** Resolves once these hold all slots, each one of them, as evenly as can be. */
export async function shared(members: readonly ShareMember[], slots: number): Promise<void> {
  const all = () => members.flatMap(({ held }) => [...held]);
  const sizes = () => members.map(({ held }) => held.size);
  await until(
    () => all().length === slots && new Set(all()).size === slots && Math.max(...sizes()) - Math.min(...sizes()) <= 1,
    () => JSON.stringify(members.map(({ held }) => [...held])),
  );
}
