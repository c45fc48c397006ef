import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startChild } from '../../event-log/embedded/testing/child-process.ts';

const SCRIPT = new URL('./testing/fill-model.ts', import.meta.url).href;

(process.platform === 'linux' ? describe : describe.skip)('a read model on a full disk', () => {
  it('refuses batches as a whole, stays what it was, and goes on once there is room', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-'));
    const child = startChild(SCRIPT, [folder], { fileSizeLimit: 6_000 });
    expect(await child.next()).toEqual({ outcome: 'model-full', again: 'model-full', unchanged: true, faults: [] });
    expect(await child.next()).toEqual({ afterwards: 'moved', grown: 1_000, faults: [] });
    expect(await child.ended).toEqual({ code: 0, signal: null });
    await rm(folder, { recursive: true });
  });
});
