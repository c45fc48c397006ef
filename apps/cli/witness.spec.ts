/** `tally witness` over HTTP: what it cosigns, what it refuses, and that it goes on from what it remembers. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  COSIGNATURE,
  cosignatureIn,
  cosignedAt,
  formatVerifier,
  makeSigningKey,
  openNote,
  parseVerifier,
  shardOrigin,
} from '#transparency';
import { SignedLog } from '../../test/kit/signed-log.ts';
import { tally } from './testing/run-tally.ts';
import { type RunningWitness, startWitness } from './testing/run-witness.ts';

const KEY = makeSigningKey();
/** The election's key is known; so its shards are. */
const HEAD = new SignedLog('tally/town/head', KEY).verifier;
const FOREIGN = new SignedLog('example.com/behind-the-sofa').grow(20);

let folder: string;
let witness: RunningWitness;
let log: SignedLog;
let shard = 0;

const start = (): Promise<RunningWitness> =>
  startWitness([
    join(folder, 'seen'),
    ...['--cosign', join(folder, 'witness.pem'), '--as', 'witness.example.org/w1'],
    ...['--log', HEAD, '--log', FOREIGN.verifier],
  ]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-witness-'));
  witness = await start();
});
afterAll(async () => {
  await witness.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  log = new SignedLog(shardOrigin('town', shard), KEY).grow(300);
  shard += 1;
});

async function send(body: string, path = '/add-checkpoint') {
  const response = await fetch(witness.url + path, { method: 'POST', body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

const known = () => parseVerifier(witness.verifier, COSIGNATURE)!;

/** The checkpoint of a size, sent with the proof from an older one, is cosigned. */
async function expectCosigned(from: SignedLog, oldSize: number, size: number): Promise<void> {
  const { status, text } = await send(await from.request(oldSize, size));
  expect([status, text]).toEqual([200, expect.stringMatching(/^— witness\.example\.org\/w1 \S+\n$/)]);
  expect(cosignatureIn(text, await from.checkpoint(size), known())).toBe(text);
}

async function checkpointOf({ origin }: SignedLog) {
  const hash = createHash('sha256').update(origin).digest('hex');
  const response = await fetch(`${witness.url}/${hash}/checkpoint`);
  return { status: response.status, note: await response.text() };
}

describe('a witness cosigns', () => {
  test('a log that grows, its repeat, and one that it had never seen', async () => {
    await expectCosigned(log, 0, 1);
    await expectCosigned(log, 1, 257);
    await expectCosigned(log, 257, 257);
    await expectCosigned(log, 257, 300);
    await expectCosigned(FOREIGN, 0, 20);
  });

  test('an empty log, and goes on from it', async () => {
    await expectCosigned(log, 0, 0);
    await expectCosigned(log, 0, 9);
  });

  test('again after it was told which size it knows', async () => {
    await expectCosigned(log, 0, 100);
    for (const oldSize of [0, 50, 200])
      expect(await send(await log.request(oldSize, 300))).toEqual({
        status: 409,
        type: 'text/x.tlog.size',
        text: '100\n',
      });
    await expectCosigned(log, 100, 300);
    expect(await send(await log.request(100, 200))).toMatchObject({ status: 409, text: '300\n' });
  });

  test('and shows monitors what it cosigned last, signed by the log and itself alone', async () => {
    expect((await checkpointOf(log)).status).toBe(404);
    const pretended = `— witness.example.org/w1 ${'A'.repeat(100)}\n`;
    expect((await send((await log.request(0, 7)) + pretended)).status).toBe(200);
    const { note } = await checkpointOf(log);
    expect(cosignedAt(note, known())).not.toBeNull();
    expect(openNote(note, parseVerifier(log.verifier)!).ok).toBe(true);
    expect(note.match(/^— /gm)).toHaveLength(2);
  });
});

describe('a witness refuses', () => {
  test('a log that was rewritten, says so, and keeps both histories', async () => {
    await expectCosigned(log, 0, 100);
    const fork = new SignedLog(log.origin, KEY).grow(40).grow(300, 'other');
    const before = await checkpointOf(log);
    expect((await send(await fork.request(100, 300))).status).toBe(422);
    expect((await send(await fork.request(100, 100))).status).toBe(422);
    expect(await checkpointOf(log)).toEqual(before);
    const [kept] = (await readdir(join(folder, 'seen'))).filter((name) => name.startsWith('forked-'));
    expect((await witness.stop()).err).toMatch(/has signed two roots of 100 entries: .*\[log-forked\]\n$/);
    witness = await start();
    const evidence = await readFile(join(folder, 'seen', kept!), 'utf8');
    expect(evidence).toContain(await fork.checkpoint(100));
    expect(evidence).toContain(await log.checkpoint(100));
    await expectCosigned(log, 100, 300);
  });

  test('a proof that is missing, too long, or not needed', async () => {
    const first = await log.request(0, 100);
    const hash = `${'A'.repeat(43)}=\n`;
    expect((await send(first.replace('\n', `\n${hash}`))).status).toBe(422);
    await expectCosigned(log, 0, 100);
    const good = await log.request(100, 300);
    expect((await send(good.replace('\n', `\n${hash}`))).status).toBe(422);
    expect((await send(good.replace(/\n[^\n]+/, ''))).status).toBe(422);
    const empty = (await log.checkpoint(300)).replace('\n300\n', '\n0\n');
    expect((await send(`old 0\n\n${empty}`)).status).toBe(403);
    await expectCosigned(log, 100, 300);
  });

  test('logs that it does not know, and what their key did not sign', async () => {
    for (const origin of ['tally/city/0', 'tally/town/00', 'tally/town/x', 'example.com/elsewhere'])
      expect((await send(await new SignedLog(origin, KEY).grow(1).request(0, 1))).status).toBe(404);
    const stranger = new SignedLog(log.origin).grow(300);
    expect((await send(await stranger.request(0, 7))).status).toBe(403);
    const request = await log.request(0, 7);
    expect((await send(request.replace('\n7\n', '\n8\n'))).status).toBe(403);
    // One more line names the right key, and does not hold.
    const line = request.split('\n').at(-2)!;
    const other = (await log.request(0, 8)).split('\n').at(-2)!;
    expect((await send(`${request}${other}\n`)).status).toBe(403);
    expect((await send(`${request}${line}\n`)).status).toBe(200);
  });

  test('what is no request', async () => {
    const request = await log.request(0, 7);
    const wrong = [
      '',
      'old 0\n',
      request.replace('old 0', 'old 00'),
      request.replace('old 0', 'old 8'),
      request.trimEnd(),
      request.replace('\n7\n', '\nseven\n'),
      request.replaceAll('\n', '\r\n'),
    ];
    for (const body of wrong) expect([body, (await send(body)).status]).toEqual([body, 400]);
    expect((await send(request + '— a AAAA\n'.repeat(10_000))).status).toBe(413);
    expect((await send(request, '/add-checkpoints')).status).toBe(404);
    expect((await fetch(`${witness.url}/add-checkpoint`)).status).toBe(405);
    await expectCosigned(log, 0, 7);
  });
});

describe('the command', () => {
  test('goes on from what it remembers, with the same key', async () => {
    await expectCosigned(log, 0, 100);
    const { verifier } = witness;
    const ended = await witness.stop();
    expect(ended.code).toBe(130);
    witness = await start();
    expect(witness.verifier).toBe(verifier);
    expect(await send(await log.request(0, 300))).toMatchObject({ status: 409, text: '100\n' });
    await expectCosigned(log, 100, 300);
  });

  test('needs a key, a name and a log', async () => {
    const argv = ['witness', join(folder, 'none'), '--cosign', join(folder, 'k'), '--as', 'w'];
    const cosigner = formatVerifier(known(), COSIGNATURE);
    for (const more of [[], ['--log', 'x'], ['--log', cosigner], ['--log', HEAD, '--port', '70000']])
      expect((await tally([...argv, ...more])).code).toBe(2);
  });
});
