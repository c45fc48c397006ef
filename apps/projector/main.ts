/** A projector: folds the shards that it holds into the read model, and tells the changes feed. */
import type { Logger } from 'pino';
import { Elections, Teller, Workers } from '#projection';
import { type ClusterConfig, clusterEnvironment, openStores } from '../server/cluster.ts';
import { Faults } from '../server/faults.ts';
import { startHttpServer } from '../server/http-server.ts';
import { openPresence } from '../server/presence.ts';
import { type Running, runProcess } from '../server/process.ts';
import { ProjectorModule } from './projector.module.ts';
import { ProjectorMetrics, type ProjectorParts } from './projector-metrics.ts';

await runProcess('projector', clusterEnvironment, startProjector);

async function startProjector(config: ClusterConfig, log: Logger): Promise<Running> {
  const stores = await openStores(config);
  const faults = new Faults(log);
  const elections = new Elections(stores.logs);
  const teller = new Teller(stores.broadcast, {
    onFault: (election, error) => faults.set(`${election} feed`, error),
  });
  const counting: { metrics: ProjectorMetrics | null } = { metrics: null };
  const workers = new Workers({
    elections,
    models: stores.models,
    shares: stores.shares,
    teller,
    trees: stores.trees,
    onFault: ({ election, shard }, error) => faults.set(shard === undefined ? 'shards' : `${election}/${shard}`, error),
    onTreeFault: ({ election, shard }, error) => faults.set(`${election}/${shard} tree`, error),
    onBatch: (changes, isCurrent) => {
      if (isCurrent) counting.metrics?.count(changes);
    },
  });
  const parts: ProjectorParts = { elections, workers, faults: faults.all, dropped: () => teller.dropped, log };
  const server = await startHttpServer(null, {
    modules: [ProjectorModule.with(parts)],
    port: config.PORT,
    host: config.HOST,
    pages: null,
    log,
  });
  counting.metrics = server.app.get(ProjectorMetrics);
  await workers.start();
  const shards = (): string[] => [
    ...new Set(
      workers.states.filter(({ isCurrent }) => isCurrent).map(({ election, shard }) => `${election}/${shard}`),
    ),
  ];
  const presence = await openPresence(config.mongo, { role: 'projector', shards }, (error) =>
    faults.set('presence', error),
  );
  log.info({ url: server.url }, 'projecting');
  return {
    async close() {
      await presence.close();
      await workers.stop();
      await server.close();
      await stores.close();
    },
  };
}
