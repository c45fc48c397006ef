/**
 * The embedded composition root: everything Tally needs, over one data folder, in one process.
 */
import { mkdir } from 'node:fs/promises';
import type { Accounts } from '#access';
import { openEmbeddedAccounts } from '#access/embedded';
import type { EventLogs } from '#event-log';
import { claimFolder, type Ownership, openEmbeddedLogs } from '#event-log/embedded';
import { Intake } from '#intake';
import { Elections, Projector, type ProjectorOptions } from '#projection';
import type { ReadModels } from '#read-model';
import { openEmbeddedModels } from '#read-model/embedded';

/** What an API, a gateway or the command line works with, whatever the adapters. */
export interface Installation {
  readonly logs: EventLogs;
  readonly models: ReadModels;
  readonly elections: Elections;
  readonly projector: Projector;
  readonly intake: Intake;
  readonly accounts: Accounts;
  readonly ownership: Ownership;
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  /** What the owner of the folder is called when another process asks. */
  readonly command: string;
  readonly projector?: ProjectorOptions;
}

/** Opens a data folder, made where it is missing. Throws `FolderOwnedError` where another process owns it. */
export async function openEmbedded(folder: string, options: EmbeddedOptions): Promise<Installation> {
  await mkdir(folder, { recursive: true });
  const ownership = await claimFolder(folder, { command: options.command });
  const logs = await openEmbeddedLogs(folder);
  const models = await openEmbeddedModels(folder);
  const accounts = await openEmbeddedAccounts(folder);
  const elections = new Elections(logs);
  const projector = new Projector(elections, models, options.projector);
  await projector.start();
  return {
    logs,
    models,
    elections,
    projector,
    intake: new Intake(projector),
    accounts,
    ownership,
    async close() {
      await projector.stop();
      await models.close();
      await logs.close();
      await accounts.close();
      await ownership.release();
    },
  };
}
