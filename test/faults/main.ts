/**
 * `npm run test:faults`: every scenario with every seed, a line of JSON for each round and a summary at the end; exit 1
 * where a round found something.
 */
import { parseArgs } from 'node:util';
import { type Game, playAll } from './campaign.ts';
import type { RoundReport } from './round.ts';
import { scenarios } from './scenarios/index.ts';

const { values } = parseArgs({
  options: {
    /** As in 1-5. */
    seeds: { type: 'string', default: '1-5' },
    /** Only scenarios whose name contains this. */
    only: { type: 'string', default: '' },
  },
});
const [first, last = first] = values.seeds.split('-').map(Number);
const chosen = scenarios.filter(({ name }) => name.includes(values.only));
if (!(first! <= last!) || chosen.length === 0) {
  process.stderr.write('--seeds FROM-TO, whole numbers, and --only TEXT of a scenario are expected; scenarios:\n');
  for (const { name } of scenarios) process.stderr.write(`  ${name}\n`);
  process.exit(2);
}

const games: Game[] = [];
for (let seed = first!; seed <= last!; seed += 1) for (const scenario of chosen) games.push({ scenario, seed });

// Ended from outside, it takes the processes it started with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const reports: RoundReport[] = [];
await playAll(games, (report) => {
  reports.push(report);
  process.stdout.write(`${JSON.stringify(report)}\n`);
});
const found = reports.filter(({ findings }) => findings.length > 0);
const summary = { rounds: reports.length, scenarios: chosen.length, seeds: values.seeds, found: found.length };
process.stdout.write(`${JSON.stringify({ summary })}\n`);
process.exit(found.length > 0 ? 1 : 0);
