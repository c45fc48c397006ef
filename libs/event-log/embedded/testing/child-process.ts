/** Child processes of specs: they run a script of the sources and say what they find as lines of JSON. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HOOKS = new URL('./typescript-hooks.mjs', import.meta.url).href;

export interface ChildOptions {
  /** No file of the child gets larger than so many KiB (soft limit; Linux). Writing more fails as on a full disk. */
  readonly fileSizeLimit?: number;
}

export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** The next line it writes, parsed; rejects where it ends before. */
  next<T>(): Promise<T>;
  /** Tells it a line, see `hear`. */
  tell(line: string): void;
  /** What it wrote that `next` did not take yet, parsed, up to its end. */
  rest<T>(): Promise<T[]>;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts `script`, a `file:` URL of a TypeScript module. */
export function startChild(script: string, args: readonly string[] = [], options: ChildOptions = {}): Child {
  const node = ['--conditions=source', '--import', HOOKS, fileURLToPath(script), ...args];
  const limited = options.fileSizeLimit !== undefined;
  const child = limited
    ? spawn('bash', ['-c', `ulimit -S -f ${options.fileSizeLimit} && exec "$0" "$@"`, process.execPath, ...node])
    : spawn(process.execPath, node);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    pid: child.pid!,
    ended,
    async next<T>() {
      const { done, value } = await lines.next();
      if (done) throw new Error(`the child ended: ${JSON.stringify(await ended)}\n${errors}`);
      return JSON.parse(value) as T;
    },
    async rest<T>() {
      const rest: T[] = [];
      for (let line = await lines.next(); !line.done; line = await lines.next()) rest.push(JSON.parse(line.value) as T);
      return rest;
    },
    tell(line) {
      child.stdin.write(`${line}\n`);
    },
  };
}

/** To be called in a child: writes a line for `next`. */
export function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** To be called in a child: the lines its parent tells it. */
export function hear(): AsyncIterator<string> {
  return createInterface({ input: process.stdin })[Symbol.asyncIterator]();
}
