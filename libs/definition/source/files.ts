/**
 * The files of a package, from a folder or a zip: names inside the package and their bytes.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problems } from '../problems.ts';
import { LIMITS, tooLarge } from './limits.ts';

export type PackageFiles = ReadonlyMap<string, Uint8Array>;

/** Only these are read from a folder; anything else may lie beside them. */
const READ_TYPES = /\.(json|csv)$/i;

/** The `.json` and `.csv` files that lie in a folder itself; links are not followed out of it. */
export async function filesOfFolder(folder: string, problems: Problems): Promise<PackageFiles> {
  const files = new Map<string, Uint8Array>();
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => READ_TYPES.test(name));
  if (entries.length > LIMITS.entries) {
    problems.add('.', undefined, 'too-large', `the folder has ${entries.length} files, ${LIMITS.entries} are allowed`);
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
    if (size > LIMITS.fileBytes || total > LIMITS.totalBytes) {
      problems.add(entry.name, undefined, 'too-large', tooLarge(LIMITS));
      continue;
    }
    files.set(entry.name, await readFile(path));
  }
  return files;
}
