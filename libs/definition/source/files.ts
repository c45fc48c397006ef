/**
 * The files of a package, from a folder or a zip: names inside the package and their bytes.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problems } from '../problems.ts';
import { MAX_ENTRIES, MAX_FILE_BYTES, MAX_TOTAL_BYTES } from './limits.ts';

export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** Only these are read from a folder; anything else may lie beside them. */
const READ_TYPES = /\.(json|csv)$/i;

/** The `.json` and `.csv` files that lie in a folder itself; links are not followed out of it. */
export async function filesOfFolder(folder: string, problems: Problems): Promise<PackageFiles> {
  const files = new Map<string, Uint8Array>();
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => READ_TYPES.test(name));
  if (entries.length > MAX_ENTRIES) {
    problems.add('.', undefined, 'too-large', `the folder has ${entries.length} files, ${MAX_ENTRIES} are allowed`);
    return files;
  }
  let total = 0;
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile()) {
      problems.add(
        entry.name,
        undefined,
        'not-a-file',
        `${entry.name} must be a file of its own, not a folder or a link`,
      );
      continue;
    }
    const path = join(folder, entry.name);
    const { size } = await stat(path);
    total += size;
    if (size > MAX_FILE_BYTES || total > MAX_TOTAL_BYTES) {
      problems.add(entry.name, undefined, 'too-large', tooLarge(size));
      continue;
    }
    files.set(entry.name, await readFile(path));
  }
  return files;
}

export function tooLarge(size: number): string {
  return `${size} bytes are too much: a file may have ${MAX_FILE_BYTES}, a package ${MAX_TOTAL_BYTES}`;
}
