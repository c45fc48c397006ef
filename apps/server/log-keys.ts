/**
 * The keys that sign what is told of the logs: one for each election, in a file of its own that only its owner may
 * read. It is made when it is first needed: `<election>.pem`.
 *
 * Rotation `n` is the file `<election>.<n>.rotation`, and what it leads to `<election>.<n>.pem`. The key is written first and
 * counts once the rotation is there, and neither is ever written over: so a rotation that is interrupted, or made by two at
 * once, comes to the same. A key that was followed by another is forgotten.
 */
import { type KeyObject, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type KeySource, type OwnKeys, TreeError } from '#log-tree';
import {
  formatVerifier,
  headOrigin,
  makeSigningKey,
  openChain,
  publicKeyOf,
  readSigningKey,
  signRotation,
} from '#transparency';

/** A key that can't be used; the message says why and what to do. */
export class LogKeyError extends Error {
  override readonly name = 'LogKeyError';
}

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const FORGOTTEN = 'This key was followed by another, and signs nothing more.\n';

/** The keys of a folder; undefined: of none. */
export function keyFolder(folder: string | undefined): KeySource {
  return {
    read: async (election) => (folder === undefined ? null : logKeys(folder, election)),
    rotate: async (election, present) => (folder === undefined ? null : rotateLogKey(folder, election, present)),
  };
}

/** The key of an election in a folder of keys. Throws `LogKeyError` where others may read it, or it is none. */
export async function logKeys(folder: string, election: string): Promise<OwnKeys> {
  const { key, rotations } = await presentKey(folder, election);
  return { key, rotations: rotations.join('') };
}

/** The key, and the notes of exactly those rotations that led to it. */
async function presentKey(folder: string, election: string): Promise<{ key: KeyObject; rotations: string[] }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (;;) {
    const rotations = await rotationsIn(folder, election);
    const path = keyPath(folder, election, rotations.length);
    if (rotations.length === 0 && !existsSync(path)) await keep(path, makeSigningKey());
    const pem = await readOwn(path);
    // Another process has rotated it since the rotations were read.
    if (pem === FORGOTTEN && existsSync(rotationPath(folder, election, rotations.length + 1))) continue;
    const key = readSigningKey(pem);
    if (!key) throw new LogKeyError(`${path} holds no Ed25519 key in PEM.`);
    const chain = openChain({ name: headOrigin(election), publicKey: publicKeyOf(key) }, rotations.join(''));
    if (!chain.ok) throw new LogKeyError(`${path} does not go on from the keys before it: ${chain.problem}.`);
    return { key, rotations };
  }
}

/** Makes a new key that the present one names; `present` is that, so that nobody rotates twice where once was meant. */
export async function rotateLogKey(folder: string, election: string, present: string): Promise<OwnKeys> {
  const { key, rotations } = await presentKey(folder, election);
  const told = formatVerifier({ name: headOrigin(election), publicKey: publicKeyOf(key) });
  if (told !== present) throw new TreeError('other-key', `the key is ${told} now, not ${present}`);
  const number = rotations.length + 1;
  const path = keyPath(folder, election, number);
  await keep(path, makeSigningKey());
  const pem = await readOwn(path);
  // Others have rotated it more than once by now.
  if (pem === FORGOTTEN && existsSync(rotationPath(folder, election, number)))
    return rotateLogKey(folder, election, present);
  const next = readSigningKey(pem);
  if (!next) throw new LogKeyError(`${path} holds no Ed25519 key in PEM.`);
  await keep(rotationPath(folder, election, number), signRotation(election, key, next));
  const forgotten = keyPath(folder, election, rotations.length);
  const part = `${forgotten}.${randomUUID()}`;
  await write(part, FORGOTTEN);
  await rename(part, forgotten);
  return logKeys(folder, election);
}

function keyPath(folder: string, election: string, rotations: number): string {
  return join(folder, rotations === 0 ? `${election}.pem` : `${election}.${rotations}.pem`);
}

function rotationPath(folder: string, election: string, number: number): string {
  return join(folder, `${election}.${number}.rotation`);
}

async function rotationsIn(folder: string, election: string): Promise<string[]> {
  const notes: string[] = [];
  for (let path = rotationPath(folder, election, 1); existsSync(path); ) {
    notes.push(await readFile(path, 'utf8'));
    path = rotationPath(folder, election, notes.length + 1);
  }
  return notes;
}

async function readOwn(path: string): Promise<string> {
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
    throw new LogKeyError(`${path} can be read by others: chmod 600 ${path}, or make a new key if somebody may have.`);
  return readFile(path, 'utf8');
}

/** Written whole under another name first; of several that make one at once, the first one's stays. */
async function keep(path: string, content: string): Promise<void> {
  const part = `${path}.${randomUUID()}`;
  await write(part, content);
  try {
    await link(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(part);
  }
}

/** On the disk once this returns: a key that is told of must not be lost. */
async function write(path: string, content: string): Promise<void> {
  const file = await open(path, 'w', OWNER_ONLY);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
