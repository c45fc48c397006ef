import { describe, expect, it } from '@jest/globals';
import { Rounds } from './rounds.ts';

/** Rounds of one thing, each ended by hand. */
function byHand() {
  const rounds = new Rounds<number>();
  const ends: ((error?: Error) => void)[] = [];
  const ask = (): Promise<number> =>
    rounds.of('it', () => {
      const number = ends.length;
      return new Promise((resolve, reject) => {
        ends.push((error) => (error ? reject(error) : resolve(number)));
      });
    });
  const begun = async (count: number): Promise<void> => {
    while (ends.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { ask, ends, begun };
}

describe('rounds', () => {
  it('give nobody what was begun before they asked, and begin once for all who wait', async () => {
    const { ask, ends, begun } = byHand();
    const first = ask();
    const waiting = [ask(), ask(), ask()];
    expect(ends).toHaveLength(1);
    ends[0]!();
    expect(await first).toBe(0);
    await begun(2);
    const third = ask();
    ends[1]!();
    expect(await Promise.all(waiting)).toEqual([1, 1, 1]);
    await begun(3);
    ends[2]!();
    expect(await third).toBe(2);
  });

  it('go on after one that failed, which is told to those who asked for it', async () => {
    const { ask, ends, begun } = byHand();
    const first = ask();
    const second = ask();
    ends[0]!(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await begun(2);
    ends[1]!();
    expect(await second).toBe(1);
  });
});
