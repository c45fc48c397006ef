/** An election package as one zip, to send. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** What of a folder belongs to a package. */
const PACKAGE_FILES = /\.(json|csv)$/i;

/** The bytes of a package that was read and found sound: a zip as it is, a folder zipped. */
export async function zippedPackage(path: string): Promise<Uint8Array> {
  if ((await stat(path)).isFile()) return readFile(path);
  const files: Record<string, Uint8Array> = {};
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isFile() && PACKAGE_FILES.test(entry.name)) files[entry.name] = await readFile(join(path, entry.name));
  return zipSync(files);
}
