/** What a server is told from outside: the command line first, then the environment; checked whole, every problem told. */
import { z } from 'zod';
import { DEFAULT_LIMITS } from '../api/index.ts';

const port = z.coerce.number('must be a number').int().min(0).max(65_535);
const atLeastOne = z.coerce.number('must be a number').int().min(1);

const environment = z.object({
  PORT: port.default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  TALLY_DATA: z.string().min(1).default('./data'),
  TALLY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  TALLY_PUBLIC_PER_SECOND: atLeastOne.default(DEFAULT_LIMITS.publicPerSecond),
  TALLY_ACCOUNT_PER_SECOND: atLeastOne.default(DEFAULT_LIMITS.accountPerSecond),
  TALLY_FAILED_LOGINS_PER_MINUTE: atLeastOne.default(DEFAULT_LIMITS.failedLoginsPerMinute),
  TALLY_CONNECTIONS: atLeastOne.default(DEFAULT_LIMITS.connections),
  TALLY_SOCKETS_PER_ADDRESS: atLeastOne.default(DEFAULT_LIMITS.socketsPerAddress),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly logLevel: string;
  readonly limits: typeof DEFAULT_LIMITS;
}

export interface GivenOptions {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

const OPTION_NAMES: Readonly<Record<string, string>> = {
  PORT: '--port or PORT',
  HOST: '--host or HOST',
  TALLY_DATA: '--data or TALLY_DATA',
};

export function readConfig(options: GivenOptions, env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const given = {
    ...withoutEmpty(env),
    ...(options.port !== undefined && { PORT: options.port }),
    ...(options.host !== undefined && { HOST: options.host }),
    ...(options.data !== undefined && { TALLY_DATA: options.data }),
  };
  const read = environment.safeParse(given);
  if (!read.success)
    return {
      ok: false,
      problems: read.error.issues.map(({ path, message }) => {
        const name = String(path[0]);
        return `${OPTION_NAMES[name] ?? name}: ${message}; found "${String(given[name as keyof typeof given])}".`;
      }),
    };
  const { data: found } = read;
  return {
    ok: true,
    config: {
      port: found.PORT,
      host: found.HOST,
      data: found.TALLY_DATA,
      logLevel: found.TALLY_LOG_LEVEL,
      limits: {
        publicPerSecond: found.TALLY_PUBLIC_PER_SECOND,
        accountPerSecond: found.TALLY_ACCOUNT_PER_SECOND,
        failedLoginsPerMinute: found.TALLY_FAILED_LOGINS_PER_MINUTE,
        connections: found.TALLY_CONNECTIONS,
        socketsPerAddress: found.TALLY_SOCKETS_PER_ADDRESS,
      },
    },
  };
}

/** An empty variable is one that is not set. */
function withoutEmpty(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}
