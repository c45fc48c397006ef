/** The transparency.dev project's witness cosigns what Tally sends it, and its client is served by `tally witness`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { COSIGNATURE, cosignedAt, parseCheckpoint, parseVerifier, takeApart } from '#transparency';
import { tally } from '../../apps/cli/testing/run-tally.ts';
import { startWitness } from '../../apps/cli/testing/run-witness.ts';
import { sheetOf, Town } from '../../apps/standalone/testing/town.ts';
import { until } from '../kit/models.ts';
import { buildGo, runProgram } from './go-program.ts';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-interop-'));
  program = await buildGo('witness', folder);
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the foreign witness; resolves to its key and address. */
async function serve(keys: string): Promise<{ child: ChildProcess; key: string; url: string }> {
  const child = spawn(program, ['serve', keys], { stdio: ['ignore', 'pipe', 'inherit'] });
  for (let said = ''; ; ) {
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    said += chunk.toString();
    const told = /^witness (\S+)\nlistens at (\S+)\n/.exec(said);
    if (told) return { child, key: told[1]!, url: told[2]! };
  }
}

test('a foreign witness cosigns every shard as it grows', async () => {
  const keys = join(folder, 'keys');
  await writeFile(keys, '');
  const { child, key, url } = await serve(keys);
  const verifier = parseVerifier(key, COSIGNATURE)!;
  const town = await Town.open(
    { id: 'town' },
    {},
    {
      headTiming: { lookMs: 20, restMs: 50, everyMs: 300_000 },
      witnesses: [{ url, key, verifier }],
      witnessTiming: { lookMs: 20, againMs: 20 },
    },
  );
  try {
    const shown = await tally(['--url', town.server.url, 'key', 'show', 'town', '--shards']);
    await writeFile(keys, shown.out);
    const cosigned = async (shard: number, size: number): Promise<void> =>
      until(async () => {
        const note = (await town.get(`log/${shard}/cosigned`)).text;
        return cosignedAt(note, verifier) !== null && parseCheckpoint(takeApart(note)!.text)!.size === size;
      });
    for (const shard of [0, 1]) await cosigned(shard, 1);
    for (let revision = 1; revision <= 3; revision += 1) {
      const more = revision === 1 ? {} : { expectedRevision: revision - 1, reason: 'recount' };
      const { json } = await town.submit(sheetOf('s-1', { 1: revision, 2: 5 }, more));
      const [shard, offset] = json.attempt.split(':').map(Number);
      await cosigned(shard, offset + 1);
    }
    const verified = await tally(['verify', town.server.url, '--witness', key]);
    expect(verified.out).toMatch(/goes on from what go\.example\.org\/w saw at .*: 4 events of shard \d\./);
  } finally {
    await town.close();
    child.kill();
  }
});

test('a foreign log is cosigned, and told what it does wrong', async () => {
  const [secret, log] = (await runProgram(program, ['keys', 'example.com/foreign'], folder)).out.split('\n');
  const argv = ['--cosign', join(folder, 'key.pem'), '--as', 'witness.example.org/w1', '--log', log!];
  const witness = await startWitness([join(folder, 'seen'), ...argv]);
  const ran = await runProgram(program, ['feed', witness.url, secret!, witness.verifier], folder);
  await witness.stop();
  expect(ran).toEqual({
    code: 0,
    err: '',
    out: [
      'cosigned 1',
      'cosigned 300',
      'cosigned 300',
      'stale, it knows 300',
      'not consistent',
      'not consistent',
      'cosigned 1000',
      '',
    ].join('\n'),
  });
});
