/** Copies an election from an api and verifies the copy, as anybody may. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mirror } from '#mirror';
import { verifyExport } from '#verification';
import { HttpLog } from '../../apps/cli/client/http-log.ts';

/** What is wrong with what the api at an address shows; empty where all of it follows from the log. */
export async function verified(server: string, election: string, token: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tally-verified-'));
  try {
    const { description } = await mirror(new HttpLog(server, election, token), { folder, newest: true });
    const { faults, counted } = await verifyExport(folder);
    const uncounted = counted ? [] : [`the results of ${election} at ${description.position} were not counted anew`];
    return [...faults.map(({ code, message }) => `${message} [${code}]`), ...uncounted];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
