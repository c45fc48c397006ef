/** A process of the cluster that serves HTTP over the whole installation: api or gateway. */
import type { DynamicModule, Type } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { WitnessAddress } from '../api/index.ts';
import { clusterEnvironment, openCluster } from './cluster.ts';
import { limitsEnvironment, limitsOf } from './environment.ts';
import { startHttpServer } from './http-server.ts';
import type { Installation } from './installation.ts';
import type { Running } from './process.ts';

export const publicEnvironment = z.intersection(clusterEnvironment, limitsEnvironment);
export type PublicConfig = z.output<typeof publicEnvironment>;

export interface ClusterServerOptions {
  readonly role: 'api' | 'gateway';
  readonly modules: readonly (Type | DynamicModule)[];
  /** Whether the process serves the web pages too. */
  readonly hasPages: boolean;
  /** Who cosigns the log. */
  readonly witnesses?: readonly WitnessAddress[];
  /** What must be there before anyone is answered. */
  readonly beforehand?: (installation: Installation) => Promise<void>;
}

export async function startClusterServer(
  config: PublicConfig,
  log: Logger,
  { role, modules, hasPages, witnesses = [], beforehand }: ClusterServerOptions,
): Promise<Running> {
  const installation = await openCluster(config, log, { role });
  await beforehand?.(installation);
  const server = await startHttpServer(
    { ...installation, witnesses },
    {
      modules,
      port: config.PORT,
      host: config.HOST,
      limits: limitsOf(config),
      ...(!hasPages && { pages: null }),
      log,
    },
  );
  log.info({ url: server.url }, 'serving');
  return {
    async close() {
      await server.close();
      await installation.close();
    },
  };
}
