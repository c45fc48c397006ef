/** The client of a cluster, straight to its Kafka and MongoDB; projectors elsewhere do the folding. */
import pino from 'pino';
import { openCluster, storesEnvironment } from '../../server/cluster.ts';
import { readEnvironment } from '../../server/environment.ts';
import { unreachable, wrongUsage } from '../errors.ts';
import type { Client } from './client.ts';
import { type DirectClientParts, openDirectClient } from './direct.ts';
import { FaultWatch } from './fault-watch.ts';

/** No projector has moved for so long: none is running. */
const STANDSTILL_MS = 30_000;

export interface ClusterClientOptions extends Pick<DirectClientParts, 'token' | 'onCatchUp'> {
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function openClusterClient({ env, token, onCatchUp }: ClusterClientOptions): Promise<Client> {
  const read = readEnvironment(storesEnvironment, env);
  if (!read.ok) throw wrongUsage(`The environment is wrong:\n${read.problems.map((line) => `  ${line}`).join('\n')}`);
  const log = pino({ name: 'tally', level: env.TALLY_LOG_LEVEL ?? 'silent' }, pino.destination(2));
  const faults = new FaultWatch({
    standstillMs: STANDSTILL_MS,
    standstill: 'Nothing was folded for 30 seconds: is a projector running?',
  });
  try {
    const installation = await openCluster(read.value, log);
    return await openDirectClient({ installation, faults, token, keys: env.TALLY_KEYS, onCatchUp });
  } catch (error) {
    if (isUnreachable(error)) throw unreachable(`The cluster can't be reached: ${error.message}`, error);
    throw error;
  }
}

function isUnreachable(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /-unavailable$/.test(String(error.code));
}
