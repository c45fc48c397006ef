/**
 * `npm run soak -- --minutes N [--seed N] [--brokers 1|3]`: a cluster of real processes under a mixed load and random
 * faults for a given time. Exits with 1 where anything acknowledged was lost, the figures are not those of a plain count,
 * a watcher was left behind, or memory grows beyond the bound.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { randomFrom } from '../kit/random.ts';
import { ElectionClient } from '../services/election-client.ts';
import { GEORGIA, Georgia } from '../services/georgia.ts';
import { TallyCluster } from '../services/tally-cluster.ts';
import { Desk } from './desk.ts';
import { disturb } from './faults.ts';
import { Lag } from './lag.ts';
import { type ReadOutcome, runLoad } from './load.ts';
import { MemoryWatch } from './memory.ts';
import { printReport } from './report.ts';
import { judge } from './verdict.ts';
import { Watcher } from './watcher.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    brokers: { type: 'string', default: '3' },
    rate: { type: 'string', default: '20' },
    'memory-bound': { type: 'string', default: '600' },
  },
});
const MANY = '1000000';
const LOOK_MS = 1_000;
const OPEN_MS = 60_000;
const WATCHERS = 20;

process.exitCode = (await soak()) ? 0 : 1;

async function soak(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-soak-'));
  const georgia = new Georgia({ shards: 4 });
  const cluster = await TallyCluster.start({
    apis: 2,
    projectors: 2,
    gateways: 2,
    kafka: { brokers: Number(values.brokers) },
    mongo: { file: join(folder, 'store') },
    env: { TALLY_ACCOUNT_PER_SECOND: MANY, TALLY_PUBLIC_PER_SECOND: MANY, TALLY_SOCKETS_PER_ADDRESS: MANY },
  });
  try {
    return await soakCluster(cluster, georgia);
  } catch (error) {
    const said = cluster.processes.map((one) => `${one.kind}: ${one.complaints}`).join('\n');
    throw new Error(`the soak ended early; the processes said:\n${said}`, { cause: error });
  } finally {
    await cluster.stop();
    georgia.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

async function soakCluster(cluster: TallyCluster, georgia: Georgia): Promise<boolean> {
  const random = randomFrom(Number(values.seed));
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const { election, root, contest } = GEORGIA;
  const opened = { election, folder: georgia.pack, root };
  const { tokens } = await openSoon(cluster, opened);
  const sheets = georgia.sheets();
  const api = (): string => pick(cluster.apis).url;
  const desk = new Desk({ election, token: tokens.clerk!, sheets, random, api });
  const gateway = (): string => pick(cluster.gateways).url;
  const watchers = Array.from({ length: WATCHERS }, (_, i) => {
    const unit = i % 2 === 0 ? root : pick(sheets).station;
    return new Watcher({ election, unit, contest, gateway });
  });
  const over = AbortSignal.timeout(Number(values.minutes) * 60_000);
  const memory = new MemoryWatch(spared(cluster));
  const lag = new Lag(`${cluster.apis[0]!.url}/metrics`);
  const looking = (async () => {
    for (; !over.aborted; await delay(LOOK_MS)) {
      memory.look();
      await lag.look();
    }
  })();
  const read = (): Promise<ReadOutcome> =>
    timedRead(`${api()}/api/v1/elections/${election}/${pathAt(random, pick(sheets).station)}`, tokens.observer!);
  const load = { desk, random, over, writers: 4, correctors: 4, readers: 4, perSecond: Number(values.rate), read };
  const faults = disturb(cluster, randomFrom(Number(values.seed) + 1), over, (fault) =>
    process.stderr.write(`${new Date().toISOString()} ${fault}\n`),
  );
  const [reads, counts] = await Promise.all([runLoad(load), faults, looking]);
  const { acknowledged } = desk;
  const verdict = await judge({
    cluster,
    election,
    pack: georgia.pack,
    token: tokens.observer!,
    acknowledged,
    watchers,
  });
  await Promise.all(watchers.map((watcher) => watcher.stop()));
  return printReport({
    desk,
    reads,
    faults: counts,
    watchers,
    verdict,
    memory,
    lag,
    bound: Number(values['memory-bound']),
  });
}

/** Brokers that have just started may not take everything yet. */
async function openSoon(
  { apis, token }: TallyCluster,
  opened: Parameters<typeof ElectionClient.open>[2],
): Promise<ElectionClient> {
  const deadline = Date.now() + OPEN_MS;
  for (;;)
    try {
      return await ElectionClient.open(apis[0]!.url, token, opened, ['clerk', 'observer']);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      process.stderr.write(`${new Date().toISOString()} opening once more: ${(error as Error).message}\n`);
      await delay(LOOK_MS);
    }
}

/** The processes that no fault touches. */
function spared({ apis, projectors, gateways, kafka }: TallyCluster): Map<string, number> {
  const [api, projector, gateway] = [apis[0]!, projectors[0]!, gateways[0]!];
  return new Map([
    ['api', api.pid!],
    ['projector', projector.pid!],
    ['gateway', gateway.pid!],
    ...(kafka.brokers.length > 1 ? ([['broker', kafka.brokers[0]!.pid!]] as const) : []),
  ]);
}

function pathAt(random: () => number, station: string): string {
  const { root, contest } = GEORGIA;
  const paths = [
    `results/${root}?contest=${contest}`,
    `results/${station}?contest=${contest}`,
    `sheets/${station}/${contest}`,
    `findings?unit=${station}`,
  ];
  return paths[Math.floor(random() * paths.length)]!;
}

async function timedRead(url: string, token: string): Promise<ReadOutcome> {
  const began = performance.now();
  const headers = { authorization: `Bearer ${token}` };
  const status = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => null,
  );
  return { ms: performance.now() - began, status };
}
