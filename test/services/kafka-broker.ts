/** One broker: a Java process that is formatted once and started as often as a test likes. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const START_DEADLINE_MS = 90_000;
const STOP_DEADLINE_MS = 30_000;
const LOG_LINES = 60;

export interface BrokerPorts {
  /** For clients; what is advertised may be another one. */
  readonly client: number;
  /** For the other brokers, and for whoever must get past a proxy. */
  readonly internal: number;
  readonly controller: number;
  /** Of further listeners, by name. */
  readonly doors: ReadonlyMap<string, number>;
}

export interface BrokerSettings {
  readonly id: number;
  readonly home: string;
  readonly ports: BrokerPorts;
  readonly properties: Readonly<Record<string, string>>;
  readonly classPath: string;
  readonly clusterId: string;
  readonly heapMb?: number;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class KafkaBroker {
  readonly id: number;
  readonly ports: BrokerPorts;
  /** What it wrote, over all its starts. */
  readonly logFile: string;
  readonly #settings: BrokerSettings;
  #process: ChildProcess | null = null;

  constructor(settings: BrokerSettings) {
    this.#settings = settings;
    this.id = settings.id;
    this.ports = settings.ports;
    this.logFile = join(settings.home, 'broker.log');
  }

  get address(): string {
    return `127.0.0.1:${this.ports.client}`;
  }

  get internal(): string {
    return `127.0.0.1:${this.ports.internal}`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Writes its settings and makes its data folder; once, before the first start. */
  async format(): Promise<void> {
    const { home, properties, clusterId } = this.#settings;
    await mkdir(home, { recursive: true });
    await writeFile(
      this.#propertiesFile,
      Object.entries(properties)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    const argv = [...this.#java(), 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', this.#propertiesFile];
    await promisify(execFile)('java', argv);
  }

  /** Starts it, again after a kill or a stop; resolves once it takes connections, rejects with what it wrote. */
  async start(): Promise<void> {
    if (this.#process) throw new Error(`broker ${this.id} runs already`);
    const log = openSync(this.logFile, 'a');
    const child = spawn('java', [...this.#java(), 'kafka.Kafka', this.#propertiesFile], {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.add(child);
    this.#process = child;
    child.once('exit', () => {
      running.delete(child);
      if (this.#process === child) this.#process = null;
    });
    const deadline = Date.now() + START_DEADLINE_MS;
    while (!(await listens(this.ports.client))) {
      if (this.#process !== child) throw new Error(`broker ${this.id} ended:\n${await this.lastLines()}`);
      if (Date.now() > deadline) throw new Error(`broker ${this.id} does not start:\n${await this.lastLines()}`);
      await delay(50);
    }
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** In the ordinary way: hands its leaderships over, closes its files. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Freezes it: its connections stay open, nothing is answered. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async lastLines(): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '(it wrote nothing)');
    return `broker ${this.id}: …\n${text.split('\n').slice(-LOG_LINES).join('\n')}`;
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await ended;
    clearTimeout(insist);
  }

  #java(): string[] {
    const { classPath, heapMb = 256 } = this.#settings;
    return [
      `-Xmx${heapMb}m`,
      '-Xshare:auto',
      '-XX:+UseSerialGC',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-cp',
      classPath,
    ];
  }

  get #propertiesFile(): string {
    return join(this.#settings.home, 'server.properties');
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
