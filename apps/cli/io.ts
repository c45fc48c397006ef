/** What a command reads and writes; a test gives its own. */
import type { Writable } from 'node:stream';

export interface Io {
  /** Of the program. */
  readonly version: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody watches stderr: a progress bar makes sense. */
  readonly isTerminal: boolean;
  /** Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** Who read our output went away (`tally results … | head`): the rest is not asked for. */
export class OutputClosedError extends Error {
  readonly code = 'output-closed';
}

/** A stream written with back-pressure. */
export class Output {
  readonly #stream: Writable;
  #broken: Error | undefined;
  readonly #onError = (error: Error): void => {
    this.#broken = error;
  };

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', this.#onError);
  }

  /** Throws `OutputClosedError` once nobody reads any more, and what else made writing fail. */
  async write(chunk: string | Uint8Array): Promise<void> {
    this.#mustBeOpen();
    await new Promise<void>((resolve) => {
      const left = (error?: Error | null): void => {
        if (error) this.#broken ??= error;
        resolve();
      };
      if (this.#stream.write(chunk, left)) resolve();
    });
    this.#mustBeOpen();
  }

  async line(text = ''): Promise<void> {
    await this.write(`${text}\n`);
  }

  async json(value: unknown): Promise<void> {
    await this.line(JSON.stringify(value, null, 2));
  }

  /** Resolves when all that was written has left. */
  async end(): Promise<void> {
    if (!this.#broken && !this.#stream.destroyed)
      await new Promise<void>((resolve) => this.#stream.write('', () => resolve()));
    // The listener stays on until a late EPIPE can't come any more.
    setImmediate(() => this.#stream.off('error', this.#onError));
  }

  #mustBeOpen(): void {
    if (!this.#broken) return;
    if ('code' in this.#broken && (this.#broken.code === 'EPIPE' || this.#broken.code === 'ERR_STREAM_DESTROYED'))
      throw new OutputClosedError('the output was closed');
    throw this.#broken;
  }
}
