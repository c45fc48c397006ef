/** The cluster's composition root: the same services over Kafka and MongoDB, projected by processes elsewhere. */
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Accounts, Freezes } from '#access';
import { openMongoAccounts, openMongoFreezes } from '#access/mongo';
import type { Broadcast, EventLogs, Shares } from '#event-log';
import { kafkaEnvironment, openKafka } from '#event-log/kafka';
import { Intake } from '#intake';
import { type LogTrees, PublicLog } from '#log-tree';
import { openMongoTrees } from '#log-tree/mongo';
import { Elections, FollowedProjection } from '#projection';
import type { ReadModels } from '#read-model';
import { mongoEnvironment, mongoOptions, openMongoModels } from '#read-model/mongo';
import { processEnvironment } from './environment.ts';
import { Faults } from './faults.ts';
import type { Installation } from './installation.ts';
import { keyFolder } from './log-keys.ts';
import { openPresence, type Self } from './presence.ts';

export const storesEnvironment = z.intersection(
  kafkaEnvironment.transform((kafka) => ({ kafka })),
  z.intersection(
    mongoEnvironment.transform((found) => ({ mongo: mongoOptions(found) })),
    /** The folder of the keys that sign the log. */
    z.object({ TALLY_KEYS: z.string().optional() }),
  ),
);
export type StoresConfig = z.output<typeof storesEnvironment>;

export const clusterEnvironment = z.intersection(processEnvironment, storesEnvironment);
export type ClusterConfig = z.output<typeof clusterEnvironment>;

export interface Stores {
  readonly logs: EventLogs;
  readonly broadcast: Broadcast;
  readonly shares: Shares;
  readonly models: ReadModels;
  readonly accounts: Accounts;
  readonly freezes: Freezes;
  readonly trees: LogTrees;
  close(): Promise<void>;
}

/** Opens Kafka and MongoDB; resolves once both have been reached. */
export async function openStores(config: StoresConfig): Promise<Stores> {
  const kafka = openKafka(config.kafka);
  const models = await openMongoModels(config.mongo);
  const accounts = await openMongoAccounts(config.mongo);
  const freezes = new Freezes(await openMongoFreezes(config.mongo));
  const trees = await openMongoTrees(config.mongo);
  return {
    ...kafka,
    models,
    accounts,
    freezes,
    trees,
    async close() {
      await trees.close();
      await freezes.close();
      await accounts.close();
      await models.close();
      await kafka.close();
    },
  };
}

export interface ClusterInstallation extends Installation {
  readonly faults: Faults;
}

/** What an api, a gateway or the command line works with. */
/** `self`: what is told of this process; null for one that only looks. */
export async function openCluster(
  config: StoresConfig,
  log: Logger,
  self: Self | null = null,
): Promise<ClusterInstallation> {
  const { logs, broadcast, models, accounts, freezes, trees, close } = await openStores(config);
  const faults = new Faults(log);
  const elections = new Elections(logs);
  const projection = new FollowedProjection({
    elections,
    models,
    broadcast,
    onFault: ({ election }, error) => faults.set(election ?? 'projection', error),
  });
  if (log.isLevelEnabled('debug'))
    projection.subscribe(({ election, shard, attempts }) => {
      for (const { id, offset } of attempts) log.debug({ election, shard, offset, event: id }, 'heard');
    });
  const processes = await openPresence(config.mongo, self, (error) => faults.set('presence', error));
  await projection.start();
  return {
    logs,
    models,
    elections,
    projection,
    intake: new Intake(projection, { onAppended: ({ id, ...at }) => log.debug({ event: id, ...at }, 'appended') }),
    accounts,
    freezes,
    publicLog: new PublicLog(trees, keyFolder(config.TALLY_KEYS)),
    processes,
    faults,
    async close() {
      await processes.close();
      await projection.stop();
      await close();
    },
  };
}
