/**
 * `npm run bench [names…] [--sheets N,N] [--quick]`: what Tally costs, beside limits measured in the same run.
 * docs/explanation/performance.md says what the figures mean.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { benchAudit } from './audit.ts';
import { CLUSTER_BENCHES } from './cluster.ts';
import { growthRows, type SizedRows } from './growth.ts';
import { benchImport } from './import.ts';
import { benchLatency } from './latency.ts';
import { benchLive } from './live.ts';
import { benchReplay } from './replay.ts';
import { benchResults } from './results.ts';
import { printTable, type Row } from './table.ts';
import { Workshop } from './workshop.ts';

interface Options {
  readonly sheets?: string;
  readonly seed: string;
  readonly shards: string;
  readonly work?: string;
  readonly profile?: string;
  readonly quick?: true;
  readonly watchers: string;
  readonly stalled?: string;
  readonly perSecond: string;
  readonly seconds: string;
}

/** What can be measured, in the order of measuring. */
const BENCHES: Readonly<Record<string, (shop: Workshop, options: Options) => Promise<Row[]>>> = {
  import: (shop) => benchImport(shop, 'csv'),
  replay: benchReplay,
  results: benchResults,
  audit: benchAudit,
  latency: benchLatency,
  live: (shop, { watchers, stalled, perSecond, seconds }) =>
    benchLive(shop, {
      watchers: Number(watchers),
      stalled: stalled === undefined ? Math.floor(Number(watchers) / 10) : Number(stalled),
      perSecond: Number(perSecond),
      seconds: Number(seconds),
    }),
  ...CLUSTER_BENCHES,
};
const NAMES = Object.keys(BENCHES);
const CLUSTER = Object.keys(CLUSTER_BENCHES);
/** A cluster needs Java, and is asked for by name. */
const USUAL = NAMES.filter((name) => name !== 'live' && !CLUSTER.includes(name));

async function main(): Promise<void> {
  const command = new Command('bench')
    .description('What Tally costs, beside limits measured in the same run.')
    .argument(
      '[names...]',
      `what to measure: ${USUAL.join(', ')}; live; cluster, or a part of it: ${CLUSTER.join(', ')} (default: ${USUAL.join(', ')})`,
    )
    .option('--sheets <N,N>', 'sizes of the election (default 34000,340000)')
    .option('--seed <N>', 'the same seed makes the same election', '1')
    .option('--shards <N>', 'shards of the log', '4')
    .option('--work <DIR>', 'work there and leave everything behind (default: a temporary folder)')
    .option('--profile <DIR>', 'leave CPU profiles of the processes measured there')
    .option('--watchers <N>', 'live: clients of one gateway', '5000')
    .option('--stalled <N>', 'live: of them, those that stop reading (default a tenth)')
    .option('--per-second <N>', 'live: sheets that come in a second', '100')
    .option('--seconds <N>', 'live: how long each part is measured', '10')
    .option('--quick', 'a version of about a minute: the small size only')
    .parse();
  const options = command.opts<Options>();
  const asked = command.args.length > 0 ? command.args : USUAL;
  const names = asked.flatMap((name) => (name === 'cluster' ? CLUSTER : [name]));
  const unknown = names.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) command.error(`There is no ${unknown.join(', ')}: name some of ${NAMES.join(', ')}.`);
  const sizes = (options.sheets ?? (options.quick ? '34000' : '34000,340000')).split(',').map(Number);
  const work = options.work ?? (await mkdtemp(join(tmpdir(), 'tally-bench-')));
  console.log(`Tally bench on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  try {
    const measured: SizedRows[] = [];
    for (const sheets of sizes) {
      const shop = Workshop.of(work, sheets, Number(options.seed), Number(options.shards), {
        profile: options.profile,
      });
      const title = `${shop.sheets.toLocaleString('en-US')} sheets`;
      const rows: Row[] = [];
      for (const name of names) {
        const made = await BENCHES[name]!(shop, options);
        printTable(`${name}, ${title} (load average ${loadavg()[0]!.toFixed(1)})`, made);
        rows.push(...made);
      }
      measured.push({ sheets: shop.sheets, rows });
    }
    const [small, large] = [measured[0]!, measured.at(-1)!];
    if (measured.length > 1) printTable(`growth, ${small.sheets} to ${large.sheets} sheets`, growthRows(small, large));
  } finally {
    if (!options.work) await rm(work, { recursive: true, force: true });
  }
}

await main();
