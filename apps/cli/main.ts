/** The process of the command line: standard streams, Ctrl-C, exit code. Started by `tally.mjs`. */
import type { Io } from './io.ts';
import { run } from './program.ts';
import { INTERRUPTED } from './session.ts';

export async function main(version: string): Promise<void> {
  const interrupt = new AbortController();
  process.on('SIGINT', () => onSignal(interrupt));
  process.on('SIGTERM', () => onSignal(interrupt));
  const io: Io = {
    version,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    isTerminal: process.stderr.isTTY === true,
    signal: interrupt.signal,
  };
  process.exitCode = await run(process.argv.slice(2), io);
  // A stream or a request that was cut short may keep the process alive; all that matters is closed.
  if (interrupt.signal.aborted) process.exit(process.exitCode);
}

function onSignal(interrupt: AbortController): void {
  if (interrupt.signal.aborted) process.exit(INTERRUPTED);
  process.stderr.write('\ntally: stopping in order; once more stops at once\n');
  interrupt.abort();
}
