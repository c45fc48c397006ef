/** Those who wait for the fold's word, and those who ask when it was given already. */
import { describe, expect, it } from '@jest/globals';
import type { AttemptDoc } from '#read-model';
import type { Changes } from './shard-worker.ts';
import { OutcomeWaiters } from './waiters.ts';

const ID = 'demo';
const WAIT_MS = 10_000;

/** A projection of one shard whose store can't be read. */
class Told {
  readonly waiters: OutcomeWaiters;
  at = 0;
  reads = 0;

  constructor() {
    this.waiters = new OutcomeWaiters({
      position: () => [this.at],
      model: async () => {
        this.reads += 1;
        return undefined;
      },
    });
  }

  /** A batch of so many attempts. */
  batch(length: number): void {
    const from = this.at;
    const attempts = Array.from({ length }, (_, i) => ({ shard: 0, offset: from + i }) as AttemptDoc);
    this.at += length;
    const rest = { version: 1, asOf: 0, notes: [], totals: [] };
    this.waiters.deliver({ election: ID, shard: 0, from, to: this.at, attempts, ...rest } satisfies Changes);
  }

  async ask(...offsets: number[]): Promise<(number | undefined)[]> {
    const places = offsets.map((offset) => ({ shard: 0, offset }));
    return (await this.waiters.outcomes(ID, places, WAIT_MS)).map((attempt) => attempt?.offset);
  }
}

describe('the word of the fold', () => {
  it('is told to who waits for it', async () => {
    const told = new Told();
    told.batch(3);
    const asked = told.ask(3, 4);
    told.batch(1);
    told.batch(1);
    expect(await asked).toEqual([3, 4]);
    expect(told.reads).toBe(0);
  });

  it('is told without a read of the store to who asks a moment late', async () => {
    const told = new Told();
    for (let batches = 0; batches < 30; batches += 1) told.batch(50);
    expect(await told.ask(1_499, 700, 1_000)).toEqual([1_499, 700, 1_000]);
    expect(told.reads).toBe(0);
  });

  it('is read from the store where it was given long ago', async () => {
    const told = new Told();
    for (let batches = 0; batches < 30; batches += 1) told.batch(50);
    expect(await told.ask(100, 1_450)).toEqual([undefined, 1_450]);
    expect(told.reads).toBeGreaterThan(0);
  });

  it('is kept of the last batch, however large', async () => {
    const told = new Told();
    told.batch(5_000);
    expect(await told.ask(0, 4_999)).toEqual([0, 4_999]);
    expect(told.reads).toBe(0);
  });
});
