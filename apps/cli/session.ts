/** What every command has at hand: output, complaints, progress, and the client of the installation it is about. */
import type { Client } from './client/client.ts';
import { openEmbeddedClient } from './client/embedded.ts';
import { openHttpClient } from './client/http.ts';
import { type ExitCode, wrongUsage } from './errors.ts';
import { type Io, Output } from './io.ts';
import { type ProgressTask, startProgress } from './progress.ts';

/** Options that every command has. */
export interface GlobalOptions {
  readonly data?: string;
  readonly url?: string;
  readonly json?: boolean;
  /** false with --no-progress */
  readonly progress?: boolean;
}

export const DEFAULT_FOLDER = 'data';

export class Session {
  readonly io: Io;
  readonly out: Output;
  /** What the command ends with unless it throws. */
  exitCode: ExitCode | typeof INTERRUPTED = 0;
  /** What runs, for others that ask who owns the folder. */
  command = 'tally';
  /** Whether the command ends by itself, and in order, on Ctrl-C. */
  endsOnSignal = false;
  readonly #complaints: Output;
  readonly #options: () => GlobalOptions;
  #client: Client | undefined;

  constructor(io: Io, options: () => GlobalOptions) {
    this.io = io;
    this.out = new Output(io.stdout);
    this.#complaints = new Output(io.stderr);
    this.#options = options;
  }

  get json(): boolean {
    return this.#options().json === true;
  }

  /** Complaints and notices: stderr. */
  complain(text: string): Promise<void> {
    return this.#complaints.line(text);
  }

  progress(label: string, what: string): ProgressTask {
    return startProgress(this.io, this.#options().progress !== false, label, what);
  }

  /** The installation asked for: a data folder, or a running server. `create`: make the folder where there is none. */
  async client(options: { readonly create?: boolean } = {}): Promise<Client> {
    this.#client ??= await this.#open(options.create ?? false);
    return this.#client;
  }

  async #open(create: boolean): Promise<Client> {
    const { data, url } = this.#options();
    const { TALLY_TOKEN: token, KAFKA_BROKERS: brokers, MONGODB_URI: mongo } = this.io.env;
    if (data !== undefined && url !== undefined) throw wrongUsage('Give --data or --url, not both.');
    if (url !== undefined) return openHttpClient(url, token);
    const task = this.progress('reading the log', 'events');
    const onCatchUp = (done: number, total: number): void => {
      task.update(done, total);
      if (done >= total) task.end();
    };
    if (data === undefined && brokers && mongo) {
      // Loaded where it is needed only: a data folder needs neither Kafka nor MongoDB.
      const { openClusterClient } = await import('./client/cluster.ts');
      return openClusterClient({ env: this.io.env, token, onCatchUp });
    }
    const { command } = this;
    return openEmbeddedClient({ folder: data ?? DEFAULT_FOLDER, create, command, token, onCatchUp });
  }

  async close(): Promise<void> {
    await this.#client?.close();
    this.#client = undefined;
    await this.out.end();
    await this.#complaints.end();
  }
}

/** As shells say it of a command ended by Ctrl-C. */
export const INTERRUPTED = 130;
