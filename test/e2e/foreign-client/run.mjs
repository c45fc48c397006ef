#!/usr/bin/env node
/**
 * Has a foreign client follow Georgia's count: python-socketio from PyPI, which shares no code with Tally.
 *
 *   npm run build && node test/e2e/foreign-client/run.mjs [--updates 200]
 *
 * Starts a server, opens Georgia 2013, sends its protocols one after the other through HTTP (with corrections now and
 * then), and lets `follow.py` watch the country and its regions meanwhile. Needs python3; the packages of
 * requirements.txt go into `.cache/foreign-client` once. Exit 0 if the client holds exactly what GET /results says.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../../..');
const built = join(root, 'dist/test');
if (!existsSync(built)) {
  console.error('not built yet; run "npm run build" first');
  process.exit(1);
}
const { ElectionClient } = await import(join(built, 'services/election-client.js'));
const { GEORGIA, Georgia } = await import(join(built, 'services/georgia.js'));
const { TallyServer } = await import(join(built, 'services/tally-server.js'));
const { randomFrom, shuffled } = await import(join(built, 'e2e/storm.js'));

const { values } = parseArgs({ options: { updates: { type: 'string', default: '200' } } });
const python = preparePython();
const georgia = new Georgia();
const server = await TallyServer.start({ data: join(georgia.folder, 'data') });
try {
  const opened = { election: GEORGIA.election, folder: georgia.pack, root: GEORGIA.root };
  const client = await ElectionClient.open(server.url, server.token, opened, ['clerk']);
  const follower = spawn(
    python,
    [
      join(here, 'follow.py'),
      ...[server.url, GEORGIA.election, GEORGIA.root, GEORGIA.contest],
      ...['--updates', values.updates, '--children', '--drop', '0.1', '--hang-up-after', '80'],
    ],
    { stdio: ['ignore', 'inherit', 'pipe'] },
  );
  const ended = once(follower, 'exit');
  const said = (word) =>
    new Promise((resolve) => follower.stderr.on('data', (text) => String(text).includes(word) && resolve()));
  const enough = Promise.race([said('enough'), ended]);
  follower.stderr.on('data', (text) => process.stderr.write(text));
  await Promise.race([said('following'), ended]);
  const sent = await sendUntil(client, enough);
  const [code] = await ended;
  console.log(
    `${sent} sheets sent meanwhile; the client ${code === 0 ? 'holds' : 'DOES NOT HOLD'} what GET /results says`,
  );
  process.exitCode = code ?? 1;
} finally {
  await server.stop();
  georgia.remove();
}

function preparePython() {
  const folder = join(root, '.cache/foreign-client');
  const program = join(folder, 'bin/python');
  if (!existsSync(program)) execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  execFileSync(program, ['-m', 'pip', 'install', '--quiet', '-r', join(here, 'requirements.txt')], {
    stdio: 'inherit',
  });
  return program;
}

/** Sends sheets in random order at some 40 a second, every tenth corrected; returns how many. */
async function sendUntil(client, enough) {
  let isOver = false;
  enough.then(() => {
    isOver = true;
  });
  let sent = 0;
  for (const sheet of shuffled(georgia.sheets(), randomFrom(1))) {
    if (isOver) break;
    await client.submit({ ...sheet, id: randomUUID() });
    sent += 1;
    if (sent % 10 === 0) {
      const [number] = Object.keys(sheet.votes);
      const votes = { ...sheet.votes, [number]: sheet.votes[number] + 1 };
      await client.submit({
        ...sheet,
        votes,
        id: randomUUID(),
        expectedRevision: 1,
        reason: 'a digit',
        cause: 'entry',
      });
      sent += 1;
    }
    await Promise.race([sleep(25), enough]);
  }
  return sent;
}
