import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startChild } from './testing/child-process.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const isLinux = process.platform === 'linux';

(isLinux ? describe : describe.skip)('a log on a full disk', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('refuses appends as a whole, keeps what it has, and goes on without a gap once there is room', async () => {
    const child = startChild(new URL('./testing/fill-log.ts', import.meta.url).href, [folder.path], {
      fileSizeLimit: 8_000,
    });
    expect(await child.next()).toEqual({ outcome: 'log-full', again: 'log-full', unchanged: true, gapless: true });
    expect(await child.next()).toEqual({ large: ['log-full', 'log-full'], gapless: true });
    expect(await child.next()).toEqual({ afterwards: 'stored', grown: true, kept: true, gapless: true });
    expect(await child.ended).toEqual({ code: 0, signal: null });
  });
});
