/** `tally witness` in this process, as specs send checkpoints to it. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type Ran, tally } from './run-tally.ts';

export interface RunningWitness {
  readonly url: string;
  /** Its key, as others know it. */
  readonly verifier: string;
  /** As Ctrl-C. */
  stop(): Promise<Ran>;
}

/** `argv`: without the command and the port. Rejects where it ends before it listens. */
export async function startWitness(argv: readonly string[]): Promise<RunningWitness> {
  const stop = new AbortController();
  const stdout = new PassThrough();
  const running = tally(['witness', ...argv, '--port', '0'], { stdout, signal: stop.signal });
  const told = await Promise.race([
    firstLines(stdout),
    running.then(({ err }): never => {
      throw new Error(`the witness ended: ${err}`);
    }),
  ]);
  stdout.resume();
  const [, verifier, url] = /^witness (\S+)\nlistens at (\S+)\n/.exec(told) as unknown as [string, string, string];
  return {
    verifier,
    url,
    stop() {
      stop.abort();
      return running;
    },
  };
}

async function firstLines(stdout: PassThrough): Promise<string> {
  let said = '';
  while (said.split('\n').length < 3) {
    const [chunk] = (await once(stdout, 'data')) as [Buffer];
    said += chunk.toString();
  }
  return said;
}
