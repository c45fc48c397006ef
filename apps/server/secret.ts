/** A secret given as itself, or as a file of which it is the only line (as Docker and Kubernetes hand secrets out). */
import { readFile } from 'node:fs/promises';

/** null where neither is set. Throws where both are, or the file can't be read or is empty. */
export async function readSecret(name: string, set: Readonly<Record<string, unknown>>): Promise<string | null> {
  const secret = set[name];
  const file = set[`${name}_FILE`];
  if (secret !== undefined && file !== undefined)
    throw new Error(`${name} and ${name}_FILE are both set: keep the one that holds`);
  if (typeof secret === 'string') return secret;
  if (typeof file !== 'string') return null;
  const read = (await readFile(file, 'utf8')).trim();
  if (read === '') throw new Error(`${name}_FILE: ${file} is empty`);
  return read;
}
