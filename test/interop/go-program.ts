/**
 * Builds and runs the programs in Go: `tiles` checks a log with golang.org/x/mod/sumdb, `verifier` a whole export, and
 * `witness` is a witness, and asks one. They need `go`, and their modules the first time.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../services/checkout.ts';
import type { Ran } from '../services/tally-command.ts';

/** Builds a program into a folder; rejects, saying what is wrong, where Go or the module is missing. */
export async function buildGo(name: 'tiles' | 'verifier' | 'witness', folder: string): Promise<string> {
  const program = join(folder, name);
  const source = join(root, 'test/interop', name);
  const built = await runProgram('go', ['build', '-o', program, '.'], source).catch((error) => {
    throw new Error('These tests need Go (https://go.dev/dl): `go` can not be run', { cause: error });
  });
  if (built.code !== 0) throw new Error(`go build failed: ${built.err}`);
  return program;
}

export function runProgram(program: string, argv: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}
