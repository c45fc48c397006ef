/** One process that serves everything: API, live feed and pages over one installation. */
import { ApiModule } from '../api/index.ts';
import { GatewayModule } from '../gateway/index.ts';
import { type RunningServer, type ServerOptions, startHttpServer } from '../server/http-server.ts';
import type { Installation } from '../server/installation.ts';

export type { RunningServer } from '../server/http-server.ts';

export function startServer(
  installation: Installation,
  options: Omit<ServerOptions, 'modules'>,
): Promise<RunningServer> {
  return startHttpServer(installation, { ...options, modules: [ApiModule, GatewayModule] });
}
