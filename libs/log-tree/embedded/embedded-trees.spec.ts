import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logTreeContract } from '../contract.ts';
import { openEmbeddedTrees } from './index.ts';

logTreeContract('embedded (lmdb)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-trees-'));
  return { open: () => openEmbeddedTrees(folder), dispose: () => rm(folder, { recursive: true }) };
});
