/** Copies an election from an api and verifies the copy, as anybody may. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mirror } from '#mirror';
import { verifyExport } from '#verification';
import { HttpLog } from '../../apps/cli/client/http-log.ts';
import type { Acknowledged } from '../services/senders.ts';

/**
 * What is wrong with what the api at an address shows; empty where all of it follows from the log, and every sheet that
 * was acknowledged with a receipt lies there.
 */
export async function verified(
  server: string,
  election: string,
  token: string,
  acknowledged: readonly Acknowledged[] = [],
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-verified-'));
  try {
    const { description } = await mirror(new HttpLog(server, election, token), { folder, newest: true });
    const receipts = acknowledged.flatMap(({ id, receipt }) => (receipt ? [{ from: id, text: receipt }] : []));
    const { faults, counted, receipts: checked } = await verifyExport(folder, { receipts });
    const uncounted = counted ? [] : [`the results of ${election} at ${description.position} were not counted anew`];
    const unreached = checked.filter(({ isReached }) => !isReached).map(({ id }) => `the log has not come to ${id}`);
    return [...faults.map(({ code, message }) => `${message} [${code}]`), ...uncounted, ...unreached];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
