/** Moves what was checked into the copy, so that an interruption at any instant leaves one that can be carried on. */
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ExportFolder } from '#documents';
import { EXPORT_FILES } from '#transparency';

/** A partial tile or bundle lies in a folder of its own: only the newest one stays. */
const PARTIAL = /\.p\/\d+$/;

/** The description goes last: until then the copy counts as the one before, and the move is made again. */
export async function settle(incoming: ExportFolder, copy: ExportFolder): Promise<void> {
  const files = (await readdir(incoming.path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
    .map((entry) => relative(incoming.path, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const last = [EXPORT_FILES.results, EXPORT_FILES.head, EXPORT_FILES.description] as readonly string[];
  const order = [...files.filter((file) => !last.includes(file)), ...last.filter((file) => files.includes(file))];
  for (const file of order) {
    const folder = PARTIAL.test(file) ? dirname(file) : `${file}.p`;
    await copy.remove(folder);
    await copy.take(incoming, file);
  }
  await incoming.remove('');
}
