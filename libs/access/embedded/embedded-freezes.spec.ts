import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freezesContract } from '../freezes-contract.ts';
import { openEmbeddedFreezes } from './index.ts';

freezesContract('embedded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-freezes-'));
  return {
    open: async () => openEmbeddedFreezes(folder),
    drop: () => rm(folder, { recursive: true, force: true }),
  };
});
