/**
 * Whether what lies in a model's folder can be trusted.
 *
 * A model is written without syncing, since the log can rebuild it. If the process is killed, the system still has
 * all that was written, in order. If the machine goes down, the pages may be any mix of old and new. So the file
 * `unsynced` says under which start of the machine the model was last open; it goes once everything is synced.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How documents are stored; to be changed whenever they are written otherwise. */
const FORMAT = '2';

/**
 * Empties the folder where the machine went down on an unsynced model, or documents are stored in another format: the
 * projection then makes them anew. Marks the model as open. The folder is made where it is missing.
 */
export function prepareFolder(path: string): void {
  const marker = join(path, 'unsynced');
  const format = join(path, 'format');
  const boot = thisBoot();
  const isTorn = existsSync(marker) && readFileSync(marker, 'utf8') !== boot;
  const isForeign = existsSync(format) && readFileSync(format, 'utf8') !== FORMAT;
  if (isTorn || isForeign) rmSync(path, { recursive: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(format, FORMAT, { flush: true });
  writeFileSync(marker, boot, { flush: true });
  // Windows can't open directories, nor needs it.
  if (process.platform !== 'win32') sync(path);
}

/** To be called when the environment is closed: brings the pages to the disk, then takes the mark away. */
export function markSynced(path: string): void {
  sync(join(path, 'data.mdb'));
  rmSync(join(path, 'unsynced'), { force: true });
}

/** Names this start of the machine. Where the system does not, a mark left behind is never trusted. */
function thisBoot(): string {
  const file = '/proc/sys/kernel/random/boot_id';
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : `${process.pid} ${Date.now()}`;
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
