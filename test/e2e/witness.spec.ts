/** `tally witness` as it is run, killed while logs send to it: what it had cosigned it knows, and no other history is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeSigningKey, parseCheckpoint, takeApart } from '#transparency';
import { below, randomFrom } from '../kit/random.ts';
import { SignedLog } from '../kit/signed-log.ts';
import { root } from '../services/checkout.ts';

const ORIGIN = 'example.com/log';
const KEY = makeSigningKey();
const ROUNDS = 4;
/** Sizes that a round asks for, one after another. */
const ASKED = 100;
const END = 1 + ROUNDS * ASKED + 1;
const KILLED_WITHIN_MS = 60;

let folder: string;
let running: ChildProcess | null = null;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-witness-'));
});
afterAll(async () => {
  running?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Resolves to its address. */
async function start(log: SignedLog): Promise<string> {
  const argv = [join(folder, 'seen'), '--cosign', join(folder, 'key.pem'), '--as', 'w', '--log', log.verifier];
  running = spawn(process.execPath, [join(root, 'apps/cli/tally.mjs'), 'witness', ...argv, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for (let said = ''; ; ) {
    const [chunk] = (await once(running.stdout!, 'data')) as [Buffer];
    said += chunk.toString();
    const told = /^listens at (\S+)\n/m.exec(said);
    if (told) return told[1]!;
  }
}

async function kill(): Promise<void> {
  const ended = once(running!, 'exit');
  running!.kill('SIGKILL');
  await ended;
}

/** The status; 0 where it was killed before it answered. */
async function send(url: string, body: string): Promise<number> {
  return fetch(`${url}/add-checkpoint`, { method: 'POST', body }).then(
    ({ status }) => status,
    () => 0,
  );
}

async function sizeAt(url: string): Promise<number> {
  const hash = createHash('sha256').update(ORIGIN).digest('hex');
  const note = await (await fetch(`${url}/${hash}/checkpoint`)).text();
  return parseCheckpoint(takeApart(note)!.text)!.size;
}

test('a witness that is killed knows what it cosigned, and cosigns no other history', async () => {
  const random = randomFrom(7);
  const log = new SignedLog(ORIGIN, KEY).grow(END);
  const fork = new SignedLog(ORIGIN, KEY).grow(END, 'other');
  let url = await start(log);
  expect(await send(url, await log.request(0, 1))).toBe(200);
  for (let round = 0, known = 1; round < ROUNDS; round += 1) {
    const bodies = await Promise.all(Array.from({ length: ASKED }, (_, i) => log.request(known + i, known + i + 1)));
    const killed = delay(1 + below(KILLED_WITHIN_MS, random)).then(kill);
    let cosigned = known;
    for (const body of bodies) {
      const status = await send(url, body);
      if (status === 0) break;
      expect(status).toBe(200);
      cosigned += 1;
    }
    await killed;
    url = await start(log);
    known = await sizeAt(url);
    expect([cosigned, cosigned + 1]).toContain(known);
    expect(await send(url, await fork.request(known, known))).toBe(422);
    expect(await send(url, await fork.request(known, known + 1))).toBe(422);
  }
  await kill();
});
