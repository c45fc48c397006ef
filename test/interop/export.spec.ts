/** Go's packages for transparency logs verify an export as `tally export` writes it. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExportDescription, formatVerifier, parseVerifier, shardFolder, shardOrigin } from '#transparency';
import { ELECTION, makeRehearsal, type Rehearsal } from '../../apps/cli/testing/rehearsal.ts';
import { tally } from '../../apps/cli/testing/run-tally.ts';
import { buildGo, runProgram } from './go-program.ts';

let rehearsal: Rehearsal;
let program: string;
let folder: string;

beforeAll(async () => {
  rehearsal = await makeRehearsal();
  program = await buildGo('tiles', rehearsal.folder);
  folder = join(rehearsal.folder, 'export');
  const here = ['--data', rehearsal.data];
  for (const argv of [
    ['open', rehearsal.pack],
    ['import', ELECTION, rehearsal.sheets],
    ['export', ELECTION, folder],
  ])
    expect(await tally([...here, ...argv])).toMatchObject({ code: 0 });
}, 180_000);

afterAll(() => rm(rehearsal.folder, { recursive: true, force: true }));

describe('golang.org/x/mod/sumdb', () => {
  it('verifies every shard of an export with the key that it names', async () => {
    const { key, position } = JSON.parse(await readFile(join(folder, 'export.json'), 'utf8')) as ExportDescription;
    const { publicKey } = parseVerifier(key)!;
    const sizes = position.split(',').map((part) => Number(part.split(':')[1]));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(rehearsal.count);
    for (const [shard, size] of sizes.entries()) {
      const verifier = formatVerifier({ name: shardOrigin(ELECTION, shard), publicKey });
      const ran = await runProgram(program, [join(folder, shardFolder(shard)), verifier], rehearsal.folder);
      expect(ran).toMatchObject({ code: 0, err: '', out: expect.stringMatching(new RegExp(`^entries ${size} `)) });
    }
  });
});
