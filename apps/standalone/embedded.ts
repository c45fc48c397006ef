/**
 * The embedded composition root: everything Tally needs, over one data folder, in one process.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Freezes } from '#access';
import { openEmbeddedAccounts, openEmbeddedFreezes } from '#access/embedded';
import { claimFolder, type Ownership, openEmbeddedLogs } from '#event-log/embedded';
import { Intake } from '#intake';
import { PublicLog } from '#log-tree';
import { openEmbeddedTrees } from '#log-tree/embedded';
import { Elections, Projector, type ProjectorOptions } from '#projection';
import { openEmbeddedModels } from '#read-model/embedded';
import type { Installation } from '../server/installation.ts';
import { keyFolder } from '../server/log-keys.ts';
import { ownPresence } from './own-presence.ts';

/** An installation that owns a data folder. */
export interface EmbeddedInstallation extends Installation {
  readonly ownership: Ownership;
}

export interface EmbeddedOptions {
  /** What the owner of the folder is called when another process asks. */
  readonly command: string;
  readonly projector?: ProjectorOptions;
}

/** Opens a data folder, made where it is missing. Throws `FolderOwnedError` where another process owns it. */
export async function openEmbedded(folder: string, options: EmbeddedOptions): Promise<EmbeddedInstallation> {
  await mkdir(folder, { recursive: true });
  const ownership = await claimFolder(folder, { command: options.command });
  const logs = await openEmbeddedLogs(folder);
  const models = await openEmbeddedModels(folder);
  const accounts = await openEmbeddedAccounts(folder);
  const freezes = new Freezes(openEmbeddedFreezes(folder));
  const trees = await openEmbeddedTrees(folder);
  const elections = new Elections(logs);
  const projection = new Projector(elections, models, { ...options.projector, trees });
  await projection.start();
  return {
    logs,
    models,
    elections,
    projection,
    intake: new Intake(projection),
    accounts,
    freezes,
    publicLog: new PublicLog(trees, keyFolder(join(folder, 'keys'))),
    processes: ownPresence(),
    ownership,
    async close() {
      await projection.stop();
      await trees.close();
      await models.close();
      await logs.close();
      await accounts.close();
      await freezes.close();
      await ownership.release();
    },
  };
}
