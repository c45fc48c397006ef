/** Plays the demonstration into an installation that runs elsewhere, through its public HTTP API. */
import { Command } from 'commander';
import { readEnvironment } from '../../server/environment.ts';
import { readSecret } from '../../server/secret.ts';
import { demoEnvironment } from './config.ts';
import { httpHost } from './http-host.ts';
import { Demo } from './index.ts';

const FAILED = 1;
const WRONG_USAGE = 2;

const NAMES: Readonly<Record<string, string>> = { TALLY_URL: '--url or TALLY_URL', TALLY_DATA: '--data or TALLY_DATA' };

async function main(): Promise<void> {
  const command = new Command('tally-demo')
    .description("The demonstration night, with a manager's token in TALLY_TOKEN or the file TALLY_TOKEN_FILE.")
    .option('--url <URL>', 'the running installation (or TALLY_URL)')
    .option('--data <DIR>', 'where to keep how far it is (default ./data, or TALLY_DATA)');
  const { url, data } = command.parse().opts<{ url?: string; data?: string }>();
  const given = { ...process.env, ...(url && { TALLY_URL: url }), ...(data && { TALLY_DATA: data }) };
  const read = readEnvironment(demoEnvironment, given, NAMES);
  if (!read.ok) return refuse(`The configuration is wrong:\n${read.problems.map((line) => `  ${line}\n`).join('')}`);
  const { TALLY_URL, TALLY_PAGES, TALLY_DATA, TALLY_DEMO_SECONDS } = read.value;
  const token = await readSecret('TALLY_TOKEN', read.value);
  if (token === null) return refuse("A manager's token is needed in TALLY_TOKEN or TALLY_TOKEN_FILE.\n");

  const stop = new AbortController();
  const demo = new Demo();
  const end = (): void => {
    stop.abort();
    void demo.stop();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  const folder = TALLY_DATA;
  await demo.start(httpHost(withoutSlash(TALLY_URL), token, stop.signal), {
    url: withoutSlash(TALLY_URL),
    pages: withoutSlash(TALLY_PAGES ?? TALLY_URL),
    folder,
    say: (line) => process.stdout.write(`${line}\n`),
    again: 'It is played once in an installation; a new one, with empty stores, plays it anew.',
    seconds: TALLY_DEMO_SECONDS,
  });
  await demo.ended();
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function refuse(message: string): void {
  process.stderr.write(message);
  process.exitCode = WRONG_USAGE;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = FAILED;
});
