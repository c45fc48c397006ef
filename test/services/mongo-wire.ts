/**
 * A server with MongoDB's wire protocol for tests: mongo-java-server from Maven Central, in a process of its own on a
 * free port. Where `TEST_MONGODB_URI` names a real MongoDB, `testMongo` uses that one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { root } from './checkout.ts';
import { classPath } from './maven.ts';

const ARTIFACTS = ['de.bwaldvogel:mongo-java-server:1.47.0', 'de.bwaldvogel:mongo-java-server-h2-backend:1.47.0'];
const PROGRAM = join(root, 'test/services/MongoWire.java');
const START_MS = 30_000;
const STOP_MS = 10_000;

export interface WireSettings {
  /** Where data is kept; in memory where left out. A kill loses the last second of what was acknowledged. */
  readonly file?: string;
  /** 0, the default: any free one. Another one is for a server that comes back. */
  readonly port?: number;
}

export class MongoWire {
  readonly port: number;
  readonly uri: string;
  readonly #settings: WireSettings;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, port: number, settings: WireSettings) {
    this.#process = child;
    this.#settings = settings;
    this.port = port;
    this.uri = `mongodb://127.0.0.1:${port}`;
  }

  /** Resolves once it takes connections; rejects with what it said where it ends before or is not up in time. */
  static async start(settings: WireSettings = {}): Promise<MongoWire> {
    const libraries = await classPath('mongo-wire', ARTIFACTS);
    const argv = ['-Xmx1g', '-cp', libraries, PROGRAM, String(settings.port ?? 0), settings.file ?? 'memory'];
    const child = spawn('java', argv, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
    // It ends with its input, so that it never outlives a test run that is killed.
    child.stdin.on('error', () => undefined);
    try {
      return new MongoWire(child, await portOf(child), settings);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Starts it again on the same port and file. Whoever calls has stopped or killed this one. */
  restart(): Promise<MongoWire> {
    return MongoWire.start({ ...this.#settings, port: this.port });
  }

  /** As `kill -9`: at once, nothing is put in order. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  /** Holds it still: connections stay, and nothing is answered until `resume`. */
  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  /** In the ordinary way: what was acknowledged is in the file. Killed where it does not end in time. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#process, 'exit');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    this.#process.stdin!.end();
    await ended;
    clearTimeout(timer);
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}

function portOf(child: ChildProcess): Promise<number> {
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => reject(new Error(`the MongoDB wire server ${what}: ${said}`));
    const timer = setTimeout(() => fail(`was not up after ${START_MS} ms`), START_MS);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const port = /^port (\d+)$/m.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${code ?? signal}`);
    });
  });
}

/** A server for a spec, and names for data bases that nobody else uses. */
export interface TestMongo {
  readonly uri: string;
  database(): string;
  drop(database: string): Promise<void>;
  stop(): Promise<void>;
}

/** The server that `TEST_MONGODB_URI` names, or one of the spec's own. */
export async function testMongo(): Promise<TestMongo> {
  const database = (): string => `tally-test-${randomUUID()}`;
  const uri = process.env.TEST_MONGODB_URI;
  if (uri) return { uri, database, drop: (name) => dropDatabase(uri, name), stop: async () => undefined };
  const wire = await MongoWire.start();
  return { uri: wire.uri, database, drop: (name) => dropDatabase(wire.uri, name), stop: () => wire.stop() };
}

async function dropDatabase(uri: string, dbName: string): Promise<void> {
  const connection = await mongoose.createConnection(uri, { dbName }).asPromise();
  await connection.dropDatabase();
  await connection.destroy();
}
