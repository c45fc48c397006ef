/** The `tally` program: its commands, and how a run of it ends. */
import { Command, CommanderError } from 'commander';
import { certifyCommand } from './commands/certify.ts';
import { checkCommand } from './commands/check.ts';
import { deviceCommand } from './commands/device.ts';
import { exportCommand } from './commands/export.ts';
import { findingsCommand } from './commands/findings.ts';
import { fingerprintCommand } from './commands/fingerprint.ts';
import { freezeCommands } from './commands/freeze.ts';
import { historyCommand } from './commands/history.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { keyCommand } from './commands/key.ts';
import { lineageCommand } from './commands/lineage.ts';
import { mirrorCommand } from './commands/mirror.ts';
import { openCommand } from './commands/open.ts';
import { reopenCommand } from './commands/reopen.ts';
import { replayCommand } from './commands/replay.ts';
import { resultsCommand } from './commands/results.ts';
import { tokenCommand } from './commands/token.ts';
import { verifyCommand } from './commands/verify.ts';
import { witnessCommand } from './commands/witness.ts';
import { exitCodeOf, isExpected } from './errors.ts';
import { type Io, OutputClosedError } from './io.ts';
import { DEFAULT_FOLDER, type GlobalOptions, INTERRUPTED, Session } from './session.ts';

const ABOUT = `
Where:
  --data DIR  an embedded installation in a folder; one process owns it at a time
  --url URL   a running server, with the token in TALLY_TOKEN
  KAFKA_BROKERS and MONGODB_URI in the environment: a cluster's stores, directly
Exit codes: 0 done, 1 refused or found wanting, 2 wrong usage, 3 cannot reach the store.

Examples:
  $ tally init my-election --template generic
  $ tally check my-election
  $ tally open my-election
  $ tally import my-election-rehearsal sheets.csv
  $ tally results my-election-rehearsal --depth 1`;

const COMMANDS = [
  initCommand,
  checkCommand,
  openCommand,
  importCommand,
  resultsCommand,
  historyCommand,
  lineageCommand,
  findingsCommand,
  fingerprintCommand,
  replayCommand,
  certifyCommand,
  reopenCommand,
  freezeCommands,
  tokenCommand,
  deviceCommand,
  keyCommand,
  exportCommand,
  verifyCommand,
  mirrorCommand,
  witnessCommand,
];

/** Runs one command line (without node and script); resolves to the exit code. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command('tally');
  const session = new Session(io, () => program.opts<GlobalOptions>());
  program
    .description('Election results, counted in the open.')
    .version(io.version)
    .option('--data <dir>', `data folder of an embedded installation (default: ${DEFAULT_FOLDER})`)
    .option('--url <url>', 'address of a running server')
    .option('--json', 'answer as JSON')
    .option('--no-progress', 'no progress bar')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', ABOUT)
    .hook('preAction', (_, command) => {
      session.command = `tally ${command.name()}`;
    });
  for (const add of COMMANDS) add(program, session);
  let code = await attempt(session, () => parse(program, session, argv));
  const closed = await attempt(session, () => session.close());
  if (closed !== 0) code = closed;
  return code === 0 ? session.exitCode : code;
}

async function parse(program: Command, session: Session, argv: readonly string[]): Promise<void> {
  const { signal } = session.io;
  const work = program.parseAsync([...argv], { from: 'user' });
  if (!signal) {
    await work;
    return;
  }
  const interrupted = new Promise<'interrupted'>((resolve) => {
    signal.addEventListener('abort', () => session.endsOnSignal || resolve('interrupted'));
  });
  const ended = await Promise.race([work, interrupted]);
  if (ended !== 'interrupted') return;
  session.exitCode = INTERRUPTED;
  // What was begun ends when the installation is closed under it; nobody asks for its result any more.
  work.catch(() => undefined);
}

/** Runs a step and tells what it throws; resolves to an exit code. */
async function attempt(session: Session, step: () => Promise<void>): Promise<number> {
  try {
    await step();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof OutputClosedError) return 0;
    await tell(session, error);
    return exitCodeOf(error);
  }
}

async function tell(session: Session, error: unknown): Promise<void> {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const text = isExpected(error)
    ? `tally: ${message}`
    : `tally: this is a defect, please report it: ${stack ?? message}`;
  try {
    await session.complain(text);
  } catch (lost) {
    if (!(lost instanceof OutputClosedError)) throw lost;
  }
}
