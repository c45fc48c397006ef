/** The store of read models dies, hangs, or comes back with less than it had acknowledged. */
import { copyFile } from 'node:fs/promises';
import type { Mend, Scenario } from '../round.ts';

const SHORT = [50, 1_500] as const;

export const store: readonly Scenario[] = [
  {
    // A kill loses the last second of what it had acknowledged.
    name: 'kill -9 of the store',
    lasts: SHORT,
    async damage({ arena, more }): Promise<Mend> {
      await more(30, 500);
      await arena.killStore();
      return () => arena.startStore();
    },
  },
  {
    name: 'the store is restored from an older copy',
    lasts: SHORT,
    async damage({ arena, more }): Promise<Mend> {
      const copy = `${arena.storeFile}.copy`;
      await arena.cluster.mongo.stop();
      await copyFile(arena.storeFile, copy);
      await arena.startStore();
      await more(60, 4_000);
      await arena.killStore();
      return async () => {
        await copyFile(copy, arena.storeFile);
        await arena.startStore();
      };
    },
  },
  {
    name: 'the store hangs',
    lasts: [50, 5_000],
    async damage({ arena }): Promise<Mend> {
      const { mongo } = arena.cluster;
      mongo.pause();
      return async () => mongo.resume();
    },
  },
];
