import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readPackage, writeTemplate } from '#definition';
import { buildElection } from '#domain';
import { fuzzSheets } from './fuzz.ts';

test('damage of any kind throws nothing, and costs no good line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tally-fuzz-'));
  await writeTemplate('vietnam-2021', folder);
  const pack = await readPackage(folder);
  if (!pack.ok) throw new Error('the template is not sound');
  const election = buildElection(pack.definition, pack.digest);
  const report = await fuzzSheets({ seed: 1, runs: 3_000, election });
  expect(report.runs).toBe(3_000);
  expect(report.sheets).toBeGreaterThan(3_000);
  expect(report.refused).toBeGreaterThan(1_000);
  // Runs that once found something: sniffing a damaged first line, CR in JSON, `[` for `{`.
  for (const seed of [2_437, 3_709, 71_299, 5_013_681, 5_003_199, 5_022_738, 5_027_232])
    await fuzzSheets({ seed, runs: 1, election });
  expect(await fuzzSheets({ seed: 7, runs: 50, election })).toEqual(await fuzzSheets({ seed: 7, runs: 50, election }));
});
