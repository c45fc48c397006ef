/** The life of a process: its configuration, its start, and an orderly end on a signal. */
import pino, { type Logger } from 'pino';
import type { z } from 'zod';
import { type processEnvironment, readEnvironment } from './environment.ts';

const FAILED = 1;
const WRONG_USAGE = 2;

/** What runs, until it is closed. */
export interface Running {
  close(): Promise<void>;
}

/** Reads the environment by a schema, starts, and ends in order on SIGTERM or SIGINT; a second signal does not wait. */
export async function runProcess<Schema extends z.ZodType<z.output<typeof processEnvironment>>>(
  name: string,
  schema: Schema,
  start: (config: z.output<Schema>, log: Logger) => Promise<Running>,
): Promise<void> {
  const read = readEnvironment(schema, process.env);
  if (!read.ok) {
    process.stderr.write(`The configuration is wrong:\n${read.problems.map((line) => `  ${line}\n`).join('')}`);
    process.exit(WRONG_USAGE);
  }
  const log = pino({ name, level: read.value.TALLY_LOG_LEVEL }, pino.destination(2));
  try {
    closeOnSignals(await start(read.value, log), log);
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    process.exit(FAILED);
  }
}

export function closeOnSignals(running: Running, log: Logger): void {
  let isClosing = false;
  const close = (signal: NodeJS.Signals): void => {
    if (isClosing) process.exit(FAILED);
    isClosing = true;
    log.info({ signal }, 'stopping');
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(FAILED);
      },
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
}
