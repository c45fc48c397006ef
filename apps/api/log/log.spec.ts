import { afterEach, describe, expect, it } from '@jest/globals';
import {
  checkInclusion,
  decodeEntries,
  hashesOf,
  leafHash,
  openNote,
  parseCheckpoint,
  parseHash,
  parseHead,
  parseReceipt,
  parseVerifier,
  receiptOrigin,
  rootOver,
  sameHash,
  shardOrigin,
} from '#transparency';
import { until } from '../../../test/kit/models.ts';
import type { PackageOptions } from '../../standalone/testing/package.ts';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
afterEach(() => town.close());

const LATER = new Date(Date.now() + 3_600_000).toISOString();

async function open(options: PackageOptions = {}): Promise<void> {
  town = await Town.open({ id: 'town', ...options });
}

async function publicKey(): Promise<Uint8Array> {
  return parseVerifier((await town.get('log/key')).text.trim())!.publicKey;
}

async function bytes(path: string, role: 'observer' | 'clerk' | null = null) {
  const response = await fetch(`${town.server.url}/api/v1/elections/town/log/${path}`, {
    headers: role ? { authorization: `Bearer ${town.tokens[role]}` } : {},
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** The answer to a receipt once the tree has its event. */
async function proven(id: string) {
  const deadline = Date.now() + 20_000;
  let answer = await town.get(`receipts/${id}`);
  await until(async () => {
    answer = await town.get(`receipts/${id}`);
    if (Date.now() > deadline) throw new Error(`${id} is not in the tree yet`);
    return answer.status !== 202;
  });
  return answer;
}

describe('the public log', () => {
  it('is signed: checkpoint and head are over the events in its tiles and bundles', async () => {
    await open();
    const { json } = await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
    await proven(json.receipt.id);
    const [shard] = json.attempt.split(':');
    const key = await publicKey();
    const checkpoint = await town.get(`log/${shard}/checkpoint`);
    expect(checkpoint.headers.get('cache-control')).toBe('public, max-age=1');
    const opened = openNote(checkpoint.text, { name: shardOrigin('town', Number(shard)), publicKey: key });
    const { size, root } = parseCheckpoint(opened.ok ? opened.text : '')!;
    const tile = await bytes(`${shard}/tile/0/000.p/${size}`);
    expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const hashes = hashesOf(tile.bytes)!;
    expect(sameHash(rootOver(hashes), root)).toBe(true);
    const bundle = await bytes(`${shard}/tile/entries/000.p/${size}`);
    expect(decodeEntries(bundle.bytes)!.map((entry) => leafHash(entry).toString())).toEqual(
      hashes.map((hash) => Buffer.from(hash)).map(String),
    );
    expect(bundle.bytes.toString()).toContain('"subject":"s-1/mayor"');
    const note = openNote((await town.get('log/head')).text, { name: 'tally/town/head', publicKey: key });
    const head = parseHead(note.ok ? note.text : '')!;
    expect(head.shards[Number(shard)]).toEqual({ size, root: Buffer.from(root) });
  });

  it('has no tile beyond its end, and only one address for each', async () => {
    await open();
    await proven((await town.submit(sheetOf('s-1', { 1: 1, 2: 2 }))).json.receipt.id);
    for (const path of ['0/tile/0/000', '0/tile/0/000.p/200', '0/tile/0/001', '0/tile/1/000.p/1', '9/tile/0/000.p/1'])
      expect([path, (await bytes(path)).status]).toEqual([path, 404]);
    for (const path of ['0/tile/0/0', '0/tile/0/000.p/01', '0/tile/0/x000/000.p/1', '0/tile/0/000.p/0', '9/checkpoint'])
      expect([path, (await bytes(path)).status]).toEqual([path, 404]);
  });

  it.each([
    ['before the close', { closes: LATER, publish: { results: 'closed', log: 'closed' } }],
    ['while it is never', { publish: { log: 'never' } }],
    ['before all is certified', { publish: { log: 'certified' } }],
    ['where stations are hidden', { publish: { log: 'never', lowestLevel: 'commune' } }],
  ])('keeps its events %s, and shows their hashes; observers read them', async (_when, options) => {
    await open(options);
    const { json } = await town.submit(sheetOf('s-1', { 1: 31_337, 2: 20 }));
    const { text } = await proven(json.receipt.id);
    expect(text).not.toMatch(/31337|s-1|mayor|accepted/);
    const [shard] = json.attempt.split(':');
    const entries = `${shard}/tile/entries/000.p/1`;
    const refused = await bytes(entries);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect((await bytes(`${shard}/tile/0/000.p/2`)).status).toBe(200);
    expect((await bytes(`${shard}/checkpoint`)).status).toBe(200);
    const seen = await bytes(entries, 'observer');
    expect(seen.status).toBe(200);
    expect(seen.headers.get('cache-control')).toMatch(/^private, /);
  });
});

describe('a receipt', () => {
  it('is signed at once, proven by its id, and the same for a repeat', async () => {
    await open();
    const sheet = sheetOf('s-1', { 1: 10, 2: 20 });
    const { json } = await town.submit(sheet);
    expect(json.receipt).toMatchObject({
      election: 'town',
      attempt: json.attempt,
      code: expect.stringMatching(/^.{4}-.{4}$/),
    });
    expect((await town.submit(sheet)).json.receipt).toEqual(json.receipt);
    const key = await publicKey();
    const opened = openNote(json.receipt.note, { name: receiptOrigin('town'), publicKey: key });
    const claim = parseReceipt(opened.ok ? opened.text : '')!;
    expect(`${claim.shard}:${claim.offset}`).toBe(json.attempt);
    const { json: proof, headers } = await proven(json.receipt.id);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(proof).toMatchObject(json.receipt);
    const checkpoint = openNote(proof.checkpoint, { name: shardOrigin('town', claim.shard), publicKey: key });
    const { size, root } = parseCheckpoint(checkpoint.ok ? checkpoint.text : '')!;
    const path = (proof.proof as string[]).map((hash) => parseHash(hash)!);
    expect(checkInclusion({ leaf: claim.leaf, index: claim.offset, size, root }, path)).toBe(true);
  });

  it('has one id; others are none', async () => {
    await open();
    const { id } = (await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }))).json.receipt;
    for (const wrong of [`${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`, '0-99-AAAA-AAAA', '9-0-AAAA-AAAA', 'x'])
      expect((await town.get(`receipts/${wrong}`)).json).toMatchObject({ status: 404, code: 'unknown-receipt' });
    expect((await town.get(`receipts/${id.toLowerCase()}`)).status).toBeLessThan(203);
  });
});
