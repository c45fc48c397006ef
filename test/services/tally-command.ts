/** The `tally` command as users run it: the real binary in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './checkout.ts';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunWith {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs `tally ARGV` to its end. */
export function runTally(argv: readonly string[], { stdin = '', env = {}, cwd = root }: RunWith = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'apps/cli/tally.mjs'), ...argv], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
    });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text;
    });
    // A command that ends without reading what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}
