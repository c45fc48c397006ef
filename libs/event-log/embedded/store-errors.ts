/**
 * Errors of lmdb in our words. The native part reports errno numbers and its own negative codes as `code`.
 */

const MDB_MAP_FULL = -30792;
const ENOSPC = 28;
const EFBIG = 27;
const EDQUOT = 122;
const EIO = 5;
const FULL: ReadonlySet<unknown> = new Set([MDB_MAP_FULL, ENOSPC, EFBIG, EDQUOT]);

/** Whether the error says that disk, quota, file size or map are used up: nothing of the transaction is there. */
export function isFull(error: unknown): boolean {
  return FULL.has(codeOf(error));
}

/**
 * Whether lmdb met a write of fewer bytes than asked for, which it reports as EIO: the sign of a disk that is just
 * about full, or of one that fails. The transaction is undone; trying again tells which.
 */
export function isShortWrite(error: unknown): boolean {
  return codeOf(error) === EIO;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/**
 * What made an asynchronous commit fail. lmdb-js rejects with a wrapper whose `commitError` is a promise that rejects
 * with the reason; unless somebody waits for it, it would end the process as an unhandled rejection.
 */
export async function commitError(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    return await error.commitError;
  } catch (reason) {
    return reason;
  }
}
