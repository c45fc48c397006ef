import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountsContract } from '../contract.ts';
import { openEmbeddedAccounts } from './index.ts';

accountsContract('embedded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-accounts-'));
  return {
    open: () => openEmbeddedAccounts(folder),
    drop: () => rm(folder, { recursive: true, force: true }),
    raw: () => readFile(join(folder, 'accounts', 'data.mdb'), 'latin1'),
  };
});
