/**
 * Faults at random moments, one after another: a process, a broker or the store is killed, or a projector hangs; what
 * was killed comes back. The first process of each kind is spared, so that its memory can be followed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { TallyCluster } from '../services/tally-cluster.ts';
import type { TallyProcess } from '../services/tally-process.ts';

const PAUSE_MS = { least: 4_000, most: 14_000 };
const DOWN_MS = { least: 200, most: 4_000 };
const HANG_MS = { least: 1_000, most: 8_000 };

type Fault = (cluster: TallyCluster, pause: (span: { least: number; most: number }) => Promise<void>) => Promise<void>;

const FAULTS: Readonly<Record<string, Fault>> = {
  'api killed': ({ apis }, pause) => killAndStart(apis.at(-1)!, () => pause(DOWN_MS)),
  'gateway killed': ({ gateways }, pause) => killAndStart(gateways.at(-1)!, () => pause(DOWN_MS)),
  'projector killed': ({ projectors }, pause) => killAndStart(projectors.at(-1)!, () => pause(DOWN_MS)),
  async 'projector hangs'({ projectors }, pause) {
    const projector = projectors.at(-1)!;
    projector.freeze();
    await pause(HANG_MS);
    projector.thaw();
  },
  async 'broker killed'({ kafka }, pause) {
    const broker = kafka.brokers.at(-1)!;
    await broker.kill();
    await pause(DOWN_MS);
    await broker.start();
  },
  async 'store killed'(cluster, pause) {
    await cluster.mongo.kill();
    await pause(DOWN_MS);
    cluster.mongo = await cluster.mongo.restart();
  },
};

/** It is not waited for: what it needs may be down too. */
async function killAndStart(victim: TallyProcess, pause: () => Promise<void>): Promise<void> {
  await victim.kill();
  await pause();
  victim.spawn();
}

/** Until the signal; resolves with how often each fault was, once everything runs again. */
export async function disturb(
  cluster: TallyCluster,
  random: () => number,
  over: AbortSignal,
  tell: (fault: string) => void,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const span = ({ least, most }: { least: number; most: number }): number => least + random() * (most - least);
  const pause = (wanted: { least: number; most: number }): Promise<void> => delay(span(wanted));
  const names = Object.keys(FAULTS);
  while (!over.aborted) {
    await delay(span(PAUSE_MS), undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    const name = names[Math.floor(random() * names.length)]!;
    tell(name);
    counts[name] = (counts[name] ?? 0) + 1;
    await FAULTS[name]!(cluster, pause);
  }
  await Promise.all(cluster.processes.map((one) => one.ready()));
  return counts;
}
