/**
 * What went wrong in lmdb, in our words. The native part reports errno numbers and its own negative codes as `code`.
 */

import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MDB_MAP_FULL = -30792;
const ENOSPC = 28;
const EFBIG = 27;
const EDQUOT = 122;
const EIO = 5;
const FULL: ReadonlySet<unknown> = new Set([MDB_MAP_FULL, ENOSPC, EFBIG, EDQUOT]);

export interface Failure {
  /**
   * `full`: disk, quota, file size or map are used up: nothing of the transaction is there, and more room mends it.
   * `broken`: anything else that lmdb reports; what is stored is sound, but the environment has to be opened anew.
   * `other`: not from lmdb, but from what ran inside the transaction, which was undone.
   */
  readonly kind: 'full' | 'broken' | 'other';
  readonly cause: unknown;
}

/**
 * What made a transaction fail, from what lmdb-js threw or rejected with.
 *
 * An asynchronous commit rejects with a wrapper whose `commitError` is a promise that rejects with the reason; unless
 * somebody waits for it, it ends the process as an unhandled rejection. And a write that a full disk cut short comes
 * as EIO, like a failing disk: then it is tried whether there is room. `dataFile`: the environment's `data.mdb`.
 */
export async function failureOf(error: unknown, dataFile: string): Promise<Failure> {
  const cause = await reasonOf(error);
  return failureNow(cause, dataFile);
}

/** The same for a synchronous transaction. */
export function failureNow(cause: unknown, dataFile: string): Failure {
  const code = codeOf(cause);
  if (FULL.has(code) || (code === EIO && !hasRoom(dataFile))) return { kind: 'full', cause };
  return { kind: typeof code === 'number' ? 'broken' : 'other', cause };
}

async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    return await error.commitError;
  } catch (reason) {
    return reason;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const PROBE_BYTES = 1024 * 1024;

/** Whether a file beside the data file takes a megabyte, and bytes at places beyond the data file's end. */
function hasRoom(dataFile: string): boolean {
  const path = join(dirname(dataFile), `probe-${process.pid}`);
  const beyond = (statSync(dataFile, { throwIfNoEntry: false })?.size ?? 0) + PROBE_BYTES;
  try {
    const probe = openSync(path, 'w');
    try {
      const written = writeSync(probe, randomFillSync(Buffer.alloc(PROBE_BYTES)), 0, PROBE_BYTES, 0);
      fsyncSync(probe);
      return written === PROBE_BYTES && writeSync(probe, Buffer.alloc(1), 0, 1, beyond) === 1;
    } finally {
      closeSync(probe);
    }
  } catch {
    // No room, or a disk that can't even be tried: more room has to come first.
    return false;
  } finally {
    rmSync(path, { force: true });
  }
}
