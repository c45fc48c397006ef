/** What the one-process server is told from outside: the command line first, then the environment. */
import { z } from 'zod';
import type { Limits, WitnessAddress } from '../api/index.ts';
import { limitsEnvironment, limitsOf, processEnvironment, readEnvironment } from '../server/environment.ts';
import { witnessesEnvironment } from '../server/witnesses.ts';

export const standaloneEnvironment = z.object({
  ...processEnvironment.shape,
  ...limitsEnvironment.shape,
  ...witnessesEnvironment.shape,
  TALLY_DATA: z.string().min(1).default('./data'),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly logLevel: string;
  readonly limits: Limits;
  readonly witnesses: readonly WitnessAddress[];
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
    ...env,
    ...(options.port !== undefined && { PORT: options.port }),
    ...(options.host !== undefined && { HOST: options.host }),
    ...(options.data !== undefined && { TALLY_DATA: options.data }),
  };
  const read = readEnvironment(standaloneEnvironment, given, OPTION_NAMES);
  if (!read.ok) return read;
  const { value } = read;
  return {
    ok: true,
    config: {
      port: value.PORT,
      host: value.HOST,
      data: value.TALLY_DATA,
      logLevel: value.TALLY_LOG_LEVEL,
      limits: limitsOf(value),
      witnesses: value.TALLY_WITNESSES,
    },
  };
}
