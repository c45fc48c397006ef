/** A server and its witnesses: what it gets from them, and that the faulty ones hold up nothing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import {
  COSIGNATURE,
  cosign,
  cosignedAt,
  formatAddCheckpoint,
  formatCheckpoint,
  formatVerifier,
  leafHash,
  makeSigningKey,
  openNote,
  parseAddCheckpoint,
  parseCheckpoint,
  parseVerifier,
  readSigningKey,
  shardOrigin,
  signNote,
  takeApart,
} from '#transparency';
import { until } from '../../../test/kit/models.ts';
import { answering, type Behind, WitnessDoor, witnessAt } from '../../../test/kit/witness-door.ts';
import { type Witness, witnessOf } from '../../cli/client/witness.ts';
import { tally } from '../../cli/testing/run-tally.ts';
import { type RunningWitness, startWitness } from '../../cli/testing/run-witness.ts';
import { startServer } from '../../standalone/server.ts';
import { sheetOf, Town } from '../../standalone/testing/town.ts';
import type { WitnessAddress } from '../services.ts';

const away = answering(503, 'not now');
const TIMING = { lookMs: 20, deadlineMs: 300, againMs: 20 };

let folder: string;
let town: Town;
let good: WitnessDoor;
let faulty: WitnessDoor;
let signers: Witness[];
let running: RunningWitness | null;
let told: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-witnesses-'));
  signers = [];
  for (const name of ['good.example.org', 'faulty.example.org'])
    signers.push((await witnessOf(join(folder, name), name))!);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(): Promise<void> {
  running = null;
  told = '';
  [good, faulty] = [await WitnessDoor.open(away), await WitnessDoor.open(away)];
  const witnesses = [good, faulty].map(({ url }, i): WitnessAddress => {
    const { verifier } = signers[i]!;
    return { url, key: verifier, verifier: parseVerifier(verifier, COSIGNATURE)! };
  });
  const out = new Writable({
    write(chunk, _encoding, done) {
      told += String(chunk);
      done();
    },
  });
  const services = { headTiming: { lookMs: 20, restMs: 50, everyMs: 300_000 }, witnesses, witnessTiming: TIMING };
  town = await Town.open({ id: 'town' }, { log: pino({ level: 'warn' }, out) }, services);
}

async function close(): Promise<void> {
  await town.close();
  await running?.stop();
  await good.close();
  await faulty.close();
}

/** The good witness, which knows the election and remembers what lies in a folder of that name. */
async function startGood(name: string): Promise<RunningWitness> {
  await running?.stop();
  const log = (await town.get('log/key')).text.trim();
  const argv = ['--cosign', join(folder, signers[0]!.name), '--as', signers[0]!.name, '--log', log];
  running = await startWitness([join(folder, name), ...argv]);
  return running;
}

const noteOf = async (path: string): Promise<string> => (await town.get(path)).text;
const sizeOf = (note: string): number => parseCheckpoint(takeApart(note)?.text ?? '')?.size ?? 0;
const key = (i: number) => parseVerifier(signers[i]!.verifier, COSIGNATURE)!;

interface Place {
  readonly shard: number;
  readonly size: number;
}

/** Waits until the good witness has cosigned so much of a shard; resolves to the note. */
async function cosigned({ shard, size }: Place): Promise<string> {
  let note = '';
  await until(async () => {
    note = await noteOf(`log/${shard}/cosigned`);
    return sizeOf(note) === size && cosignedAt(note, key(0)) !== null;
  });
  return note;
}

async function publicKeyOf(shard: number) {
  const { publicKey } = parseVerifier((await town.get('log/key')).text.trim())!;
  return { name: shardOrigin('town', shard), publicKey };
}

/** Adds a revision of a sheet; resolves to what its shard is to be cosigned at. */
async function addEvent(revision = 1): Promise<Place> {
  const more = revision === 1 ? {} : { expectedRevision: revision - 1, reason: 'recount' };
  const { json } = await town.submit(sheetOf('s-1', { 1: 10 + revision, 2: 20 }, more));
  const [shard, offset] = json.attempt.split(':').map(Number);
  return { shard, size: offset + 1 };
}

describe('a witness', () => {
  beforeEach(open);
  afterEach(close);

  test('cosigns every shard where a head was kept, and the newest checkpoint carries that', async () => {
    good.behind = witnessAt((await startGood('seen')).url);
    for (const shard of [0, 1]) {
      const note = await cosigned({ shard, size: 1 });
      expect(openNote(note, await publicKeyOf(shard)).ok).toBe(true);
      expect(await noteOf(`log/${shard}/checkpoint`)).toBe(note);
      expect((await town.get(`log/${shard}/checkpoint?size=1`)).text.match(/^— /gm)).toHaveLength(1);
    }
    await cosigned(await addEvent());
    const { asked } = faulty;
    await until(async () => faulty.asked > asked + 2);
    const metrics = (await town.call('GET', '/metrics')).text;
    expect(metrics).toMatch(/tally_witness_answers_total\{.*good.*outcome="cosigned"\} 3\n/);
    expect(metrics).toMatch(/tally_witness_answers_total\{.*faulty.*outcome="away"\} \d/);
  });

  test('is known to whoever verifies the server, a copy or an export', async () => {
    good.behind = witnessAt((await startGood('verified')).url);
    await cosigned(await addEvent());
    const { url } = town.server;
    const [copy, exported] = [join(folder, 'copy'), join(folder, 'export')];
    expect((await tally(['mirror', url, copy, '--newest'])).code).toBe(0);
    const env = { TALLY_TOKEN: town.tokens.manager };
    expect((await tally(['--url', url, 'export', 'town', exported], { env })).code).toBe(0);
    const witnesses = signers.flatMap(({ verifier }) => ['--witness', verifier]);
    for (const place of [url, copy, exported]) {
      const { code, out } = await tally(['verify', place, ...witnesses]);
      expect([place, code]).toEqual([place, 0]);
      expect(out).toMatch(/goes on from what good\.example\.org saw at .*: 1 events of shard 0\.\n/);
      expect(out).toMatch(/- That faulty\.example\.org saw this log: nothing here has its cosignature\./);
    }
  });

  test('of another make is given the keys of the shards', async () => {
    const { out } = await tally(['--url', town.server.url, 'key', 'show', 'town', '--shards']);
    const { publicKey } = await publicKeyOf(0);
    const keys = [0, 1].map((shard) => formatVerifier({ name: shardOrigin('town', shard), publicKey }));
    expect(out).toBe(`${keys.join('\n')}\n`);
  });

  test('that forgot what it had cosigned, or knows more than was kept, is met where it is', async () => {
    good.behind = witnessAt((await startGood('first')).url);
    await cosigned(await addEvent());
    // It has a new folder, where it knows nothing.
    good.behind = witnessAt((await startGood('second')).url);
    await cosigned(await addEvent(2));
    // It cosigns, and that is never heard.
    const { url } = running!;
    let unheard = 0;
    good.behind = async (response, body) => {
      await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
      unheard += 1;
      response.destroy();
    };
    const place = await addEvent(3);
    await until(async () => unheard > 0);
    good.behind = witnessAt(url);
    await cosigned(place);
  });

  test('is asked by several apis at once, to no harm', async () => {
    good.behind = witnessAt((await startGood('asked by two')).url);
    const log = pino({ level: 'silent' });
    const others = await Promise.all([0, 1].map(() => startServer(town.installation, { port: 0, pages: null, log })));
    try {
      for (let revision = 1; revision <= 8; revision += 1) {
        const place = await addEvent(revision);
        if (revision % 4 === 0) await cosigned(place);
      }
      expect(told).not.toContain('good.example.org');
    } finally {
      for (const other of others) await other.close();
    }
  });

  test('that was shown another history refuses this one, and is told', async () => {
    const { url } = await startGood('forked');
    const name = shardOrigin('town', 0);
    const text = formatCheckpoint({ origin: name, size: 1, root: leafHash(Buffer.from('other')) });
    const checkpoint = signNote(text, { name, key: await town.installation.publicLog.key('town') });
    const body = formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint });
    expect((await fetch(`${url}/add-checkpoint`, { method: 'POST', body })).status).toBe(200);
    good.behind = witnessAt(url);
    await cosigned({ shard: 1, size: 1 });
    await until(async () => /good\.example\.org, tally\/town\/0.*it answers 422/.test(told));
    expect((await town.get('log/0/cosigned')).status).toBe(404);
  });
});

const stranger = { name: 'faulty.example.org', key: readSigningKey(makeSigningKey())! };
const FAULTS: Record<string, [Behind, RegExp]> = {
  'never answers': [() => undefined, /it could not be reached: .*(timeout|aborted)/i],
  'hangs up': [(response) => void response.destroy(), /it could not be reached/],
  'sends something else elsewhere': [
    answering(307, '', { location: 'http://127.0.0.1:1/' }),
    /it could not be reached/,
  ],
  'answers nothing': [answering(200, ''), /no cosignature by its key/],
  'answers without an end': [
    (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('— a AAAA\n'.repeat(1_000)));
      };
      response.writeHead(200).on('drain', more);
      more();
    },
    /it answers without an end: more than 65536 bytes/,
  ],
  'signs with another key': [
    (response, body) => {
      const { checkpoint } = parseAddCheckpoint(body)!;
      response.end(cosign(checkpoint, stranger, new Date()).slice(checkpoint.length));
    },
    /no cosignature by its key/,
  ],
  'signs something else': [
    (response, body) => {
      const { checkpoint } = parseAddCheckpoint(body)!;
      const other = checkpoint.replace(/\n(\d+)\n/, '\n7$1\n');
      response.end(cosign(other, signers[1]!, new Date()).slice(checkpoint.length + 1));
    },
    /no cosignature by its key/,
  ],
  'knows more than there is': [
    answering(409, '1000000\n', { 'content-type': 'text/x.tlog.size' }),
    /more than this log has: 1000000 events, and here are \d/,
  ],
  'names no size': [answering(409, 'x\n', { 'content-type': 'text/x.tlog.size' }), /what is no size/],
  'never knows what it knows': [
    answering(409, '1\n', { 'content-type': 'text/x.tlog.size' }),
    /each time that it knows another size/,
  ],
  'does not know the log': [answering(404, 'unknown'), /it answers 404: .*unknown/],
};

describe('a witness that is faulty', () => {
  let revision = 0;
  beforeAll(async () => {
    await open();
    good.behind = witnessAt((await startGood('beside')).url);
  });
  afterAll(close);

  test.each(Object.keys(FAULTS))(
    'and %s is told once, holds up neither the log nor another one, and may recover',
    async (kind) => {
      const [behind, words] = FAULTS[kind]!;
      faulty.behind = behind;
      told = '';
      revision += 1;
      const place = await addEvent(revision);
      expect(cosignedAt(await cosigned(place), key(1))).toBeNull();
      const lines = (): string[] => told.split('\n').filter((line) => line.includes(`tally/town/${place.shard}`));
      const { asked } = faulty;
      await until(async () => lines().length > 0 && faulty.asked > asked + 1);
      expect(lines()).toEqual([expect.stringMatching(words)]);
      faulty.behind = (response, body) => {
        const { checkpoint } = parseAddCheckpoint(body)!;
        response.end(cosign(checkpoint, signers[1]!, new Date()).slice(checkpoint.length));
      };
      await until(async () => cosignedAt(await cosigned(place), key(1)) !== null);
    },
  );
});
