/** Runs the command line in this process, with its output captured; for specs. */
import { Writable } from 'node:stream';
import { run } from '../program.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

class Capture extends Writable {
  readonly chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

export interface With {
  readonly stdin?: string | AsyncIterable<Uint8Array>;
  readonly env?: Record<string, string>;
  readonly stdout?: Writable;
  readonly signal?: AbortSignal;
}

export async function tally(
  argv: readonly string[],
  { stdin = '', env = {}, stdout, signal }: With = {},
): Promise<Ran> {
  const out = new Capture();
  const err = new Capture();
  async function* input(): AsyncGenerator<Uint8Array> {
    if (typeof stdin === 'string') yield Buffer.from(stdin);
    else yield* stdin;
  }
  const code = await run(argv, {
    version: '1.2.3',
    stdin: input(),
    stdout: stdout ?? out,
    stderr: err,
    env,
    isTerminal: false,
    ...(signal && { signal }),
  });
  return { code, out: out.text, err: err.text };
}
