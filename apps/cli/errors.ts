/** How a command ends: 0 done, 1 refused or found wanting, 2 wrong usage, 3 cannot reach the store (contracts §4). */

export type ExitCode = 0 | 1 | 2 | 3;

/** An end with words for the user and an exit code; not a defect. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** Something named does not exist, or was refused. */
export function refused(message: string): CliError {
  return new CliError(1, message);
}

export function wrongUsage(message: string): CliError {
  return new CliError(2, message);
}

export function unreachable(message: string, cause?: unknown): CliError {
  return new CliError(3, message, { cause });
}

/** Codes of errors (our own and node's) that mean that the store or server can't be reached or used. */
const STORE_CODES: ReadonlySet<string> = new Set([
  'folder-owned',
  'import-unsettled',
  'log-full',
  'log-unavailable',
  'outcome-unknown',
  'model-full',
  'model-unavailable',
  'model-gone',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOTDIR',
  'EEXIST',
]);

/** The exit code of whatever a command threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && STORE_CODES.has(code) ? 3 : 1;
}

/** Whether an error is one whose message says all that a user needs. */
export function isExpected(error: unknown): boolean {
  const isOfTheSystem = error instanceof Error && 'code' in error && 'syscall' in error;
  return error instanceof CliError || isOfTheSystem || exitCodeOf(error) === 3;
}
