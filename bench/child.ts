/**
 * Measurements in a process of their own, so that each starts fresh and its memory is its own. Memory is read from
 * /proc (Linux): the peak of all resident pages (VmHWM), and of those the anonymous ones (heap, buffers) apart from
 * pages of mapped files (lmdb's), which the system takes back whenever it likes.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Memory {
  /** Peak of anonymous pages, MiB: what the process can't give back. Looked at every 20 ms. */
  readonly anonymous: number;
  /** Peak of pages of mapped files, MiB. */
  readonly mapped: number;
  /** Peak of both together as the system saw it (VmHWM), MiB. */
  readonly resident: number;
}

export interface Measured<Answer> {
  readonly answer: Answer;
  readonly memory: Memory;
}

export interface ChildOptions {
  /** Where to leave a CPU profile; none where left out. */
  readonly profile?: string | undefined;
}

const LOOK_EVERY_MS = 20;

/** A task of this folder, e.g. `import-task`, in a process of its own. */
export class Child {
  readonly #task: string;
  readonly #process: ChildProcess;
  readonly #timer: NodeJS.Timeout;
  #memory: Memory = { anonymous: 0, mapped: 0, resident: 0 };

  constructor(task: string, { profile }: ChildOptions = {}) {
    this.#task = task;
    const script = new URL(`./${task}.js`, import.meta.url);
    const execArgv = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${task}.cpuprofile`] : [];
    this.#process = fork(script, { execArgv, serialization: 'advanced' });
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** Peaks so far. */
  get memory(): Memory {
    this.#look();
    return this.#memory;
  }

  /** One question at a time; rejects where the process ends before it answers. */
  async ask<Request extends object, Answer>(request: Request): Promise<Answer> {
    const child = this.#process;
    const [answer] = await new Promise<[Answer]>((resolve, reject) => {
      const settle = (act: () => void): void => {
        child.off('message', answered).off('error', failed).off('exit', ended);
        act();
      };
      const answered = (message: Answer): void => settle(() => resolve([message]));
      const failed = (error: Error): void => settle(() => reject(error));
      const ended = (code: number | null, signal: string | null): void =>
        settle(() => reject(new Error(`${this.#task} ended early (${signal ?? code})`)));
      child.on('message', answered).on('error', failed).on('exit', ended);
      child.send(request);
    });
    return answer;
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    if (child.connected) child.disconnect();
    await exit;
  }

  #look(): void {
    this.#memory = largest(this.#memory, memoryOf(this.#process.pid!));
  }
}

/** Runs a task for one question. */
export async function inChild<Request extends object, Answer>(
  task: string,
  request: Request,
  options: ChildOptions = {},
): Promise<Measured<Answer>> {
  const child = new Child(task, options);
  try {
    const answer = await child.ask<Request, Answer>(request);
    return { answer, memory: child.memory };
  } finally {
    await child.end();
  }
}

/** For the tasks: answers each request; the process ends when the parent lets go. */
export function answering<Request, Answer>(task: (request: Request) => Promise<Answer>): void {
  process.once('disconnect', () => process.exit());
  process.on('message', (request: Request) => {
    task(request).then(
      (answer) => process.send!(answer),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

export function memoryOf(pid: number): Memory {
  let status = '';
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // Ended already, or no /proc here: nothing to see.
  }
  const mebibytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return {
    anonymous: mebibytes('RssAnon'),
    mapped: mebibytes('RssFile') + mebibytes('RssShmem'),
    resident: mebibytes('VmHWM'),
  };
}

function largest(a: Memory, b: Memory): Memory {
  return {
    anonymous: Math.max(a.anonymous, b.anonymous),
    mapped: Math.max(a.mapped, b.mapped),
    resident: Math.max(a.resident, b.resident),
  };
}

export interface Times {
  readonly seconds: number;
  /** Processor time of all threads: less noisy than `seconds` where others use the machine. */
  readonly cpuSeconds: number;
  /** Processor time of the main thread, which bounds what one process can do. */
  readonly mainSeconds: number;
}

export interface Timed<T> extends Times {
  readonly value: T;
}

/** Without the value, which may be too large to send. */
export function timesOf({ seconds, cpuSeconds, mainSeconds }: Times): Times {
  return { seconds, cpuSeconds, mainSeconds };
}

export async function timed<T>(action: () => Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const before = process.cpuUsage();
  const mainBefore = mainThreadSeconds();
  const value = await action();
  const { user, system } = process.cpuUsage(before);
  return {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    mainSeconds: mainThreadSeconds() - mainBefore,
    value,
  };
}

/** Nanoseconds on a processor are the first figure of schedstat (Linux); 0 elsewhere. */
function mainThreadSeconds(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
  } catch {
    return 0;
  }
}
