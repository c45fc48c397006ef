/** The client of a data folder, which this process owns meanwhile. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '../../standalone/embedded.ts';
import { unreachable } from '../errors.ts';
import type { Client } from './client.ts';
import { type DirectClientParts, openDirectClient } from './direct.ts';
import { FaultWatch } from './fault-watch.ts';

export interface EmbeddedClientOptions extends Pick<DirectClientParts, 'token' | 'onCatchUp'> {
  readonly folder: string;
  /** Make the folder where there is none. */
  readonly create: boolean;
  /** What runs, for others that ask who owns the folder. */
  readonly command: string;
}

export async function openEmbeddedClient(options: EmbeddedClientOptions): Promise<Client> {
  const { folder, create, command, token, onCatchUp } = options;
  if (!create && !existsSync(folder))
    throw unreachable(
      `There is no data folder ${folder}: open an election first, or name another with --data or --url.`,
    );
  const faults = new FaultWatch();
  const installation = await openEmbedded(folder, { command, projector: { onFault: faults.onFault } });
  return openDirectClient({ installation, faults, token, keys: join(folder, 'keys'), onCatchUp });
}
