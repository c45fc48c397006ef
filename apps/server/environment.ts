/** What a process is told by its environment: checked whole, every problem told (an empty variable is one not set). */
import { z } from 'zod';
import { DEFAULT_LIMITS, type Limits } from '../api/index.ts';

const port = z.coerce.number('must be a number').int().min(0).max(65_535);
const atLeastOne = z.coerce.number('must be a number').int().min(1);

/** Of every process: where it listens, what it logs. */
export const processEnvironment = z.object({
  PORT: port.default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  TALLY_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
});

/** Of those that serve the public. */
export const limitsEnvironment = z.object({
  TALLY_PUBLIC_PER_SECOND: atLeastOne.default(DEFAULT_LIMITS.publicPerSecond),
  TALLY_ACCOUNT_PER_SECOND: atLeastOne.default(DEFAULT_LIMITS.accountPerSecond),
  TALLY_FAILED_LOGINS_PER_MINUTE: atLeastOne.default(DEFAULT_LIMITS.failedLoginsPerMinute),
  TALLY_CONNECTIONS: atLeastOne.default(DEFAULT_LIMITS.connections),
  TALLY_SOCKETS_PER_ADDRESS: atLeastOne.default(DEFAULT_LIMITS.socketsPerAddress),
  TALLY_PROXIES: z.coerce.number('must be a number').int().min(0).max(10).default(DEFAULT_LIMITS.proxies),
});

export function limitsOf(read: z.infer<typeof limitsEnvironment>): Limits {
  return {
    ...DEFAULT_LIMITS,
    publicPerSecond: read.TALLY_PUBLIC_PER_SECOND,
    accountPerSecond: read.TALLY_ACCOUNT_PER_SECOND,
    failedLoginsPerMinute: read.TALLY_FAILED_LOGINS_PER_MINUTE,
    connections: read.TALLY_CONNECTIONS,
    socketsPerAddress: read.TALLY_SOCKETS_PER_ADDRESS,
    proxies: read.TALLY_PROXIES,
  };
}

export type EnvironmentResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads variables by a schema; `names` says how else a variable can be given, for the messages. */
export function readEnvironment<Schema extends z.ZodType<object>>(
  schema: Schema,
  given: Readonly<Record<string, string | undefined>>,
  names: Readonly<Record<string, string>> = {},
): EnvironmentResult<z.output<Schema>> {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
  const read = schema.safeParse(set);
  if (read.success) return { ok: true, value: read.data };
  const problems = read.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    const found = set[name] === undefined ? 'it is not set' : `found "${isSecret(name) ? '…' : set[name]}"`;
    return `${names[name] ?? name}: ${message}; ${found}.`;
  });
  return { ok: false, problems };
}

function isSecret(name: string): boolean {
  return /PASSWORD|SECRET|TOKEN|URI/.test(name);
}
