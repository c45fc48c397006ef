/**
 * The keys that sign what is told of the logs: one for each election, in a file of its own that only its owner may
 * read. It is made when it is first needed.
 */
import { type KeyObject, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSigningKey, readSigningKey } from '#transparency';

/** A key that can't be used; the message says why and what to do. */
export class LogKeyError extends Error {
  override readonly name = 'LogKeyError';
}

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** The key of an election in a folder of keys. Throws `LogKeyError` where others may read it, or it is none. */
export async function logKey(folder: string, election: string): Promise<KeyObject> {
  const path = join(folder, `${election}.pem`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) await make(path);
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
    throw new LogKeyError(`${path} can be read by others: chmod 600 ${path}, or make a new key if somebody may have.`);
  const key = readSigningKey(await readFile(path, 'utf8'));
  if (!key) throw new LogKeyError(`${path} holds no Ed25519 key in PEM.`);
  return key;
}

/** Written whole under another name first; of several that make one at once, the first one's stays. */
async function make(path: string): Promise<void> {
  const part = `${path}.${randomUUID()}`;
  await writeFile(part, makeSigningKey(), { mode: OWNER_ONLY, flag: 'wx' });
  try {
    await link(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(part);
  }
}
