/** Brokers of three die, hand over, hang, or can not write to their disk any longer. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { KafkaBroker } from '../../services/kafka-broker.ts';
import type { Mend, Scenario } from '../round.ts';

const SHORT = [50, 2_000] as const;
/** Longer than a silent broker leads. */
const BEYOND_SESSION = [4_000, 6_000] as const;
const ENDS_WITHIN_MS = 20_000;

async function back(brokers: readonly KafkaBroker[]): Promise<void> {
  await Promise.all(brokers.filter(({ pid }) => pid === undefined).map((broker) => broker.start()));
}

export const brokers: readonly Scenario[] = [
  {
    name: 'kill -9 of a broker of three',
    lasts: BEYOND_SESSION,
    async damage({ arena, pick, more }): Promise<Mend> {
      const one = pick(arena.cluster.kafka.brokers);
      await one.kill();
      // The others go on meanwhile.
      await more(20, 5_000);
      return () => back([one]);
    },
  },
  {
    name: 'kill -9 of two brokers of three',
    lasts: SHORT,
    async damage({ arena, pick }): Promise<Mend> {
      const { brokers } = arena.cluster.kafka;
      const left = pick(brokers);
      const dead = brokers.filter((one) => one !== left);
      await Promise.all(dead.map((one) => one.kill()));
      return () => back(dead);
    },
  },
  {
    name: 'kill -9 of all brokers',
    lasts: SHORT,
    async damage({ arena }): Promise<Mend> {
      const { brokers } = arena.cluster.kafka;
      await Promise.all(brokers.map((one) => one.kill()));
      return () => back(brokers);
    },
  },
  {
    name: 'a broker hands its leaderships over',
    lasts: SHORT,
    async damage({ arena, pick }): Promise<Mend> {
      const one = pick(arena.cluster.kafka.brokers);
      await one.stop();
      return () => back([one]);
    },
  },
  {
    name: 'a broker hangs, is deposed and comes back',
    lasts: BEYOND_SESSION,
    async damage({ arena, pick }): Promise<Mend> {
      const one = pick(arena.cluster.kafka.brokers);
      one.pause();
      return async () => one.resume();
    },
  },
  {
    // As with a full disk, whatever it writes fails; then it ends itself.
    name: 'the disk of a broker takes nothing more',
    lasts: SHORT,
    async damage({ arena, pick }): Promise<Mend> {
      const one = pick(arena.cluster.kafka.brokers);
      await promisify(execFile)('prlimit', ['--pid', String(one.pid), '--fsize=1']);
      return async () => {
        const until = Date.now() + ENDS_WITHIN_MS;
        while (one.pid !== undefined && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
        if (one.pid !== undefined) await one.kill();
        await back([one]);
      };
    },
  },
];
