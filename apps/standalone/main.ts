/** `npm start`: Tally in one process over one data folder. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import pino from 'pino';
import { claimFolder, FolderOwnedError } from '#event-log/embedded';
import { closeOnSignals } from '../server/process.ts';
import { type Config, type GivenOptions, readConfig } from './config.ts';
import { embeddedHost } from './demo/embedded-host.ts';
import { Demo } from './demo/index.ts';
import { type EmbeddedInstallation, openEmbedded } from './embedded.ts';
import { startServer } from './server.ts';

interface Options extends GivenOptions {
  readonly demo?: true;
  readonly fresh?: true;
}

const REFUSED = 1;
const WRONG_USAGE = 2;

async function main(): Promise<void> {
  const command = new Command('tally-server')
    .description('Election results: API, live feed and pages, in one process over one data folder.')
    .option('--data <DIR>', 'data folder (default ./data, or TALLY_DATA)')
    .option('--port <PORT>', 'port, 0 for any free one (default 4000, or PORT)')
    .option('--host <HOST>', 'address to listen on (default 127.0.0.1: this machine only, or HOST)')
    .option('--demo', 'open the demonstration elections and play a night into them')
    .option('--fresh', 'with --demo: start from an empty data folder');
  const options = command.parse().opts<Options>();
  const read = readConfig(options, process.env);
  if (!read.ok) {
    process.stderr.write(`The configuration is wrong:\n${read.problems.map((line) => `  ${line}\n`).join('')}`);
    process.exit(WRONG_USAGE);
  }
  if (options.fresh && !options.demo) {
    process.stderr.write('--fresh empties the data folder and goes with --demo only.\n');
    process.exit(WRONG_USAGE);
  }
  await serve(read.config, options);
}

async function serve(config: Config, options: Options): Promise<void> {
  const folder = resolve(config.data);
  if (options.fresh) await emptyFolder(folder);
  const log = pino({ level: config.logLevel }, pino.destination(2));
  const installation = await openEmbedded(folder, {
    command: 'tally-server',
    projector: {
      onFault: (where, error) =>
        error ? log.error({ ...where, err: error }, 'projection waits') : log.warn(where, 'projection goes on'),
      onTreeFault: (where, error) =>
        error ? log.error({ ...where, err: error }, 'tree waits') : log.warn(where, 'tree goes on'),
    },
  });
  const token = await firstToken(installation);
  const { port, host, limits, witnesses } = config;
  const server = await startServer({ ...installation, witnesses }, { port, host, limits, log });
  installation.ownership.announce(server.url);
  const demo = new Demo();
  const close = async (): Promise<void> => {
    await demo.stop();
    await server.close();
    await installation.close();
  };
  closeOnSignals({ close }, log);
  greet(server.url, folder, token);
  if (options.demo)
    await demo.start(embeddedHost(installation), {
      url: server.url,
      folder,
      say: (line) => process.stdout.write(`${line}\n`),
      again: '`npm start -- --fresh` plays it anew.',
    });
}

/** Makes the first manager where there is no account yet; the secret is printed once and kept nowhere. */
async function firstToken({ accounts }: EmbeddedInstallation): Promise<string | null> {
  return (await accounts.addFirst({ role: 'manager', unit: null, name: 'first manager' }))?.token ?? null;
}

/** Only what Tally keeps in a data folder, and only while nobody owns it. */
async function emptyFolder(folder: string): Promise<void> {
  const claim = await claimFolder(folder, { command: 'tally-server --fresh' });
  for (const part of ['log', 'model', 'tree', 'accounts', 'freezes', 'demo', 'keys'])
    await rm(`${folder}/${part}`, { recursive: true, force: true });
  await claim.release();
}

function greet(url: string, folder: string, token: string | null): void {
  const lines = [
    '',
    `  Tally runs at ${url}`,
    `  Results         ${url}/`,
    `  API             ${url}/api/docs`,
    `  Health          ${url}/health/ready`,
    `  Data            ${folder}`,
    ...(token ? ['', `  First manager's token, shown this once:`, `  ${token}`] : []),
    '',
    '  Stop with Ctrl-C.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof FolderOwnedError || isAddressError(error) ? (error as Error).message : error;
  process.stderr.write(`${message instanceof Error ? (message.stack ?? message.message) : String(message)}\n`);
  process.exit(REFUSED);
});

function isAddressError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes(String(error.code))
  );
}
