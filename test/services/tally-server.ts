/** The server as users start it, `node dist/apps/standalone/main.js`: a process of its own that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './checkout.ts';

const PROGRAM = join(root, 'dist/apps/standalone/main.js');
/** What a server says once it takes requests. */
const GREETING = /Tally runs at (\S+)[\s\S]*Stop with Ctrl-C/;

export interface ServerSettings {
  /** The data folder; made where it is missing. */
  readonly data: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export class TallyServer {
  readonly url: string;
  /** Of the first manager; null where the folder had accounts already. */
  readonly token: string | null;
  readonly pid: number;
  readonly #process: ChildProcess;
  readonly #said: { out: string; err: string };

  private constructor(child: ChildProcess, said: { out: string; err: string }) {
    this.#process = child;
    this.#said = said;
    this.pid = child.pid!;
    this.url = GREETING.exec(said.out)![1]!;
    this.token = /\b(tally_\S+)/.exec(said.out)?.[1] ?? null;
  }

  /** Resolves once it takes requests; rejects with what it said if it ends before. */
  static async start({ data, port = 0, args = [], env = {} }: ServerSettings): Promise<TallyServer> {
    const child = spawn(process.execPath, [PROGRAM, '--data', data, '--port', String(port), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, TALLY_LOG_LEVEL: 'warn', ...env },
    });
    const said = { out: '', err: '' };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text;
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said.out += text;
        if (GREETING.test(said.out)) resolve();
      });
      child.once('error', reject);
      child.once('close', (code, signal) =>
        reject(new Error(`the server ended with ${code ?? signal}: ${said.out}${said.err}`)),
      );
    });
    return new TallyServer(child, said);
  }

  /** Starts it and kills it so many milliseconds later, ready or not. */
  static async startAndKill({ data, port = 0 }: ServerSettings, ms: number): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, '--data', data, '--port', String(port)], {
      cwd: root,
      stdio: 'ignore',
      env: { PATH: process.env.PATH },
    });
    const ended = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    await ended;
    clearTimeout(timer);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** What it wrote to stderr. */
  get complaints(): string {
    return this.#said.err;
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** As `kill -9`: at once, nothing is put in order. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** As Ctrl-C. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill(signal);
    await ended;
  }
}
