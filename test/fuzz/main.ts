/**
 * `npm run fuzz -- [--runs N] [--seed N]`: damages packages, sheets and HTTP bodies, and says where a law did not hold.
 * Of the runs a tenth goes to packages, a tenth to HTTP bodies, the rest to files and bodies of sheets.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readPackage, writeTemplate } from '#definition';
import { buildElection } from '#domain';
import { fuzzSheets } from '#intake';
import { sheetOf, Town } from '../../apps/standalone/testing/town.ts';
import { fuzzPackages } from '../../libs/definition/fuzz.ts';
import { fuzzBodies } from './http-bodies.ts';

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const runs = Number(values.runs ?? 100_000);
const seed = Number(values.seed ?? 1);
if (!Number.isSafeInteger(runs) || runs < 10 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz -- [--runs N, at least 10] [--seed N]');
  process.exit(2);
}

function progress(what: string, of: number): (run: number) => void {
  return (run) => {
    if ((run + 1) % 5_000 === 0) console.error(`${what}: ${run + 1} of ${of}`);
  };
}

const tenth = Math.floor(runs / 10);
const failures: string[] = [];

const packages = await fuzzPackages({ seed, runs: tenth, onRun: progress('packages', tenth) });
console.log(`packages: ${packages.runs} runs, ${packages.accepted} accepted, ${packages.refused} refused`);
failures.push(...packages.failures.map((failure) => JSON.stringify(failure)));

const folder = await mkdtemp(join(tmpdir(), 'tally-fuzz-'));
await writeTemplate('vietnam-2021', folder);
const pack = await readPackage(folder);
await rm(folder, { recursive: true });
if (!pack.ok) throw new Error('the template is not sound');
const election = buildElection(pack.definition, pack.digest);
const left = runs - 2 * tenth;
try {
  const sheets = await fuzzSheets({ seed, runs: left, election });
  console.log(`sheets: ${sheets.runs} runs, ${sheets.sheets} lines read, ${sheets.refused} refused`);
} catch (error) {
  failures.push(String(error));
}

const town = await Town.open({ id: 'town' });
const before = (await town.get('results.csv')).text;
const report = await fuzzBodies({
  address: `${town.server.url}/api/v1/elections/town`,
  token: town.tokens.clerk,
  // A sheet that a rule holds: whatever arrives whole changes no standing total.
  sheet: sheetOf('s-1', { 1: 4, 2: 5 }, { fields: { V: 1, H: 9 } }),
  seed,
  runs: tenth,
  onRun: progress('HTTP bodies', tenth),
});
const figures = (csv: string): string[] => csv.split('\n').filter((row) => !row.includes(',,progress.'));
if (figures(before).join() !== figures((await town.get('results.csv')).text).join())
  failures.push('a total changed by what was held or refused');
await town.close();
console.log(`HTTP bodies: ${report.runs} runs, ${JSON.stringify(report.statuses)}`);
failures.push(...report.failures);

for (const failure of failures.slice(0, 20)) console.log(`FAILED ${failure}`);
console.log(`${failures.length} laws did not hold`);
process.exitCode = failures.length > 0 ? 1 : 0;
