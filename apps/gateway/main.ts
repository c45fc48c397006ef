/** A gateway of the cluster: the live feed, and the snapshots that its clients ask for. */
import { publicEnvironment, startClusterServer } from '../server/cluster-server.ts';
import { runProcess } from '../server/process.ts';
import { GatewayModule } from './gateway.module.ts';
import { SnapshotModule } from './snapshot.module.ts';

await runProcess('gateway', publicEnvironment, (config, log) =>
  startClusterServer(config, log, { role: 'gateway', modules: [GatewayModule, SnapshotModule], hasPages: false }),
);
