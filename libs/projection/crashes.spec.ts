/** Crashes on the embedded read model; and its folder, put back from a copy. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openEmbeddedModels } from '#read-model/embedded';
import { MemoryLog } from '../../test/kit/memory-log.ts';
import { documentsOf, modelFolder, project, servedOf } from '../../test/kit/models.ts';
import { author, crashes, election, trueAtCheckpoint } from './crashes.contract.ts';

crashes('on lmdb', { everyPoint: 1 }, modelFolder);

const { id, shards } = election.definition;

describe('a data folder', () => {
  it('whose read model is put back from a copy is caught up by the next process', async () => {
    const served = servedOf(election, new MemoryLog(id, shards, author.records));
    const straight = await modelFolder();
    const right = await straight.model(served);
    await project(served, right);
    const reference = await documentsOf(right);
    await straight.dispose();

    const own = await modelFolder();
    const aside = join(own.path, 'aside');
    const early = servedOf(election, new MemoryLog(id, shards, author.records.slice(0, 150)));
    await project(early, await own.model(early), { batch: 20 });
    await own.models.close();
    await cp(join(own.path, 'model'), aside, { recursive: true });
    own.models = await openEmbeddedModels(own.path);
    const later = (await own.models.open(id, 1))!;
    await project(served, later, { batch: 31 });
    expect(await documentsOf(later)).toBe(reference);
    await own.models.close();
    await rm(join(own.path, 'model'), { recursive: true });
    await cp(aside, join(own.path, 'model'), { recursive: true });
    own.models = await openEmbeddedModels(own.path);
    const restored = (await own.models.open(id, 1))!;
    expect((await restored.snapshot()).position.reduce((sum, offset) => sum + offset)).toBe(150);
    await trueAtCheckpoint(restored);
    await project(served, restored, { batch: 17 });
    expect(await documentsOf(restored)).toBe(reference);
    await own.dispose();
  });
});
