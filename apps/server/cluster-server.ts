/** A process of the cluster that serves HTTP over the whole installation: api or gateway. */
import type { DynamicModule, Type } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { clusterEnvironment, openCluster } from './cluster.ts';
import { limitsEnvironment, limitsOf } from './environment.ts';
import { type RunningServer, startHttpServer } from './http-server.ts';
import type { Installation } from './installation.ts';
import type { Running } from './process.ts';

export const publicEnvironment = z.intersection(clusterEnvironment, limitsEnvironment);
export type PublicConfig = z.output<typeof publicEnvironment>;

export interface ClusterServerOptions {
  readonly modules: readonly (Type | DynamicModule)[];
  /** Whether the process serves the web pages too. */
  readonly hasPages: boolean;
  readonly onStarted?: (installation: Installation, server: RunningServer) => Promise<void>;
}

export async function startClusterServer(
  config: PublicConfig,
  log: Logger,
  { modules, hasPages, onStarted }: ClusterServerOptions,
): Promise<Running> {
  const installation = await openCluster(config, log);
  const server = await startHttpServer(installation, {
    modules,
    port: config.PORT,
    host: config.HOST,
    limits: limitsOf(config),
    ...(!hasPages && { pages: null }),
    log,
  });
  await onStarted?.(installation, server);
  log.info({ url: server.url }, 'serving');
  return {
    async close() {
      await server.close();
      await installation.close();
    },
  };
}
