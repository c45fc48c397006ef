import { describe, expect, it } from '@jest/globals';
import { eventLogContract } from '../contract.ts';
import { openEmbeddedLogs } from './index.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

eventLogContract('embedded (lmdb)', async () => {
  const folder = await temporaryFolder();
  return { open: (clock) => openEmbeddedLogs(folder.path, { clock }), dispose: folder.remove };
});

describe('the map of the log', () => {
  it('grows beyond the size it begins with', async () => {
    const folder = await temporaryFolder();
    const logs = await openEmbeddedLogs(folder.path, { mapSize: 1024 * 1024 });
    const log = await logs.create('demo', 1);
    const value = Buffer.alloc(9_000);
    for (let i = 0; i < 8; i += 1) await log.append(Array.from({ length: 250 }, () => ({ shard: 0, key: 'K', value })));
    expect(await log.end(0)).toBe(2_000);
    expect(await log.read(0, 1_999)).toHaveLength(1);
    await logs.close();
    await folder.remove();
  });
});
