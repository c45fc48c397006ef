/** One process of a cluster as it is run: `node dist/apps/KIND/main.js`, which can be killed, frozen and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './checkout.ts';

export type ProcessKind = 'api' | 'gateway' | 'projector';

const READY_MS = 60_000;
const KEPT_LINES = 200;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class TallyProcess {
  readonly kind: ProcessKind;
  readonly port: number;
  readonly #env: Readonly<Record<string, string>>;
  readonly #nodeOptions: readonly string[];
  #process: ChildProcess | null = null;
  /** The last of what it wrote to stderr. */
  #complaints: string[] = [];

  constructor(
    kind: ProcessKind,
    port: number,
    env: Readonly<Record<string, string>>,
    nodeOptions: readonly string[] = [],
  ) {
    this.kind = kind;
    this.port = port;
    this.#env = env;
    this.#nodeOptions = nodeOptions;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get complaints(): string {
    return this.#complaints.join('');
  }

  /** Starts it, again after a kill or a stop; resolves once it is ready. */
  async start(): Promise<void> {
    this.spawn();
    await this.ready();
  }

  /** Starts it without waiting. */
  spawn(): void {
    if (this.#process) throw new Error(`${this.kind} runs already`);
    const child = spawn(process.execPath, [...this.#nodeOptions, join(root, `dist/apps/${this.kind}/main.js`)], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, TALLY_LOG_LEVEL: 'warn', PORT: String(this.port), ...this.#env },
    });
    running.add(child);
    this.#process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints.push(text);
      if (this.#complaints.length > KEPT_LINES) this.#complaints.shift();
    });
    child.once('exit', () => {
      running.delete(child);
      if (this.#process === child) this.#process = null;
    });
  }

  /** Resolves once it says that it is ready; rejects where it ends before, or is not in time. */
  async ready(ms = READY_MS): Promise<void> {
    const child = this.#process;
    const deadline = Date.now() + ms;
    for (;;) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null);
      if (answer?.status === 200) return;
      if (!child || this.#process !== child) throw new Error(`${this.kind} ended: ${this.complaints}`);
      if (Date.now() > deadline)
        throw new Error(`${this.kind} is not ready (${(await answer?.text()) ?? 'no answer'}): ${this.complaints}`);
      await delay(50);
    }
  }

  /** As `kill -9`. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** As a system that shuts down asks it to. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** It hangs: its connections stay open, nothing is answered. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
