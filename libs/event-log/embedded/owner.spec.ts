import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { open } from 'lmdb';
import { claimFolder, FolderOwnedError } from './owner.ts';
import { thisProcess } from './process-identity.ts';
import { type Child, startChild } from './testing/child-process.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const SCRIPT = new URL('./testing/claim-folder.ts', import.meta.url).href;

interface Outcome {
  readonly outcome: 'claimed' | 'folder-owned';
  readonly pid: number;
  readonly command?: string;
  readonly url?: string;
  readonly message?: string;
}

describe('the owner of a data folder', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let children: Child[];
  beforeEach(async () => {
    folder = await temporaryFolder();
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
    await folder.remove();
  });

  async function readyChild(command: string): Promise<Child> {
    const child = startChild(SCRIPT, [folder.path, command]);
    children.push(child);
    expect(await child.next()).toBe('ready');
    return child;
  }

  async function claimIn(child: Child): Promise<Outcome> {
    child.tell('claim');
    return child.next<Outcome>();
  }

  it('is told to others, with the way to work through it', async () => {
    const first = await readyChild('tally start');
    expect(await claimIn(first)).toEqual({ outcome: 'claimed', pid: first.pid });
    const early = await claimIn(await readyChild('tally import'));
    expect(early).toMatchObject({ outcome: 'folder-owned', pid: first.pid, command: 'tally start' });
    expect(early.url).toBeUndefined();
    expect(early.message).toContain('has not announced its address yet');

    first.tell('http://127.0.0.1:4000');
    expect(await first.next()).toBe('announced');
    const second = await claimIn(await readyChild('tally import'));
    expect(second).toMatchObject({ outcome: 'folder-owned', pid: first.pid, url: 'http://127.0.0.1:4000' });
    expect(second.message).toMatch(
      new RegExp(`in use by process ${first.pid} \\(tally start\\) since 20.* --url http://127.0.0.1:4000 `),
    );
  });

  it('leaves when it releases the folder', async () => {
    const first = await readyChild('first');
    await claimIn(first);
    first.tell('release');
    await first.ended;
    expect(await claimIn(await readyChild('second'))).toMatchObject({ outcome: 'claimed' });
  });

  it('leaves when it is killed', async () => {
    const first = await readyChild('first');
    await claimIn(first);
    first.process.kill('SIGKILL');
    await first.ended;
    expect(await claimIn(await readyChild('second'))).toMatchObject({ outcome: 'claimed' });
  });

  it('is exactly one of ten processes that claim at once, also after a killed owner', async () => {
    const killed = await readyChild('killed');
    await claimIn(killed);
    killed.process.kill('SIGKILL');
    await killed.ended;
    const racers = await Promise.all(Array.from({ length: 10 }, (_, i) => readyChild(`racer ${i}`)));
    const outcomes = await Promise.all(racers.map(claimIn));
    const winners = outcomes.filter(({ outcome }) => outcome === 'claimed');
    expect(winners).toHaveLength(1);
    for (const { outcome, pid } of outcomes) if (outcome === 'folder-owned') expect(pid).toBe(winners[0]!.pid);
  });

  it('is one claim, also within one process', async () => {
    const first = await claimFolder(folder.path, { command: 'first', url: 'http://localhost:1' });
    const refused = claimFolder(folder.path);
    await expect(refused).rejects.toBeInstanceOf(FolderOwnedError);
    await expect(refused).rejects.toMatchObject({ code: 'folder-owned', pid: process.pid, url: 'http://localhost:1' });
    await first.release();
    await first.release();
    const second = await claimFolder(folder.path);
    await second.release();
  });

  describe('that can not be seen as a process', () => {
    /** As a container on the same folder would have left it. */
    async function ownedElsewhere(since: Date): Promise<void> {
      const owner = { ...thisProcess(), namespace: 'pid:[1]' };
      const root = open({
        path: join(folder.path, 'owner'),
        noSubdir: false,
        overlappingSync: false,
        encoding: 'json',
      });
      root.putSync('owner', { claim: 'elsewhere', process: owner, command: 'elsewhere', since: since.toISOString() });
      await root.close();
    }

    it('is gone when it was silent for ten seconds', async () => {
      await ownedElsewhere(new Date(Date.now() - 11_000));
      const ownership = await claimFolder(folder.path);
      await ownership.release();
    });

    it('is there as long as it touches its file', async () => {
      await ownedElsewhere(new Date());
      const touching = setInterval(() => writeFileSync(join(folder.path, 'owner', 'beat'), ''), 50);
      try {
        await expect(claimFolder(folder.path)).rejects.toMatchObject({ code: 'folder-owned', command: 'elsewhere' });
      } finally {
        clearInterval(touching);
      }
    });
  });
});
