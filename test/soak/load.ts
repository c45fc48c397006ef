/** The mixed load: writers, correctors and readers, each going on until it is over. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Desk } from './desk.ts';

export interface LoadParts {
  readonly desk: Desk;
  readonly random: () => number;
  readonly over: AbortSignal;
  /** So many of each. */
  readonly writers: number;
  readonly correctors: number;
  readonly readers: number;
  /** So many acts a second by all writers and correctors together, when nothing is wrong. */
  readonly perSecond: number;
  /** Reads one thing at random. */
  readonly read: () => Promise<ReadOutcome>;
}

export interface ReadOutcome {
  readonly ms: number;
  /** null: no answer came. */
  readonly status: number | null;
}

const MOST_A_BATCH = 20;
const READ_PAUSE_MS = 200;

export async function runLoad(parts: LoadParts): Promise<ReadOutcome[]> {
  const { desk, random, writers, correctors, readers } = parts;
  const reads: ReadOutcome[] = [];
  const write = async (): Promise<boolean> =>
    (await (random() < 0.1 ? desk.writeBatch(MOST_A_BATCH) : desk.write())) || desk.correct();
  const pause = (1_000 * (writers + correctors)) / parts.perSecond;
  const going = async (act: () => Promise<unknown>, ms: number): Promise<void> => {
    while (!parts.over.aborted) {
      const began = Date.now();
      await act();
      await delay(Math.max(1, 2 * random() * ms - (Date.now() - began)));
    }
  };
  const read = async (): Promise<void> => {
    reads.push(await parts.read());
  };
  await Promise.all([
    ...Array.from({ length: writers }, () => going(write, pause)),
    ...Array.from({ length: correctors }, () => going(() => desk.correct(), pause)),
    ...Array.from({ length: readers }, () => going(read, READ_PAUSE_MS)),
  ]);
  return reads;
}
