/** What witnesses cosigned and a server shows: copied where it is sound, held against the log, and told of who saw it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  checkpointPath,
  cosign,
  cosignedPath,
  formatCheckpoint,
  headOrigin,
  leafHash,
  makeSigningKey,
  parseCheckpoint,
  publicKeyOf,
  readSigningKey,
  shardOrigin,
  signNote,
  takeApart,
} from '#transparency';
import { type VerifyOptions, verifyExport } from '#verification';
import { Author } from '../../test/kit/author.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { tale, write } from '../../test/kit/story.ts';
import { Copy, exported, KEY, temporaryFolder } from '../verification/testing/exported.ts';
import { mirror } from './index.ts';
import { FolderSource } from './testing/folder-source.ts';

const SHARD = 1;
const election = electionOf(province({ shards: 2 }));
const { id } = election.definition;
const key = { name: headOrigin(id), publicKey: publicKeyOf(KEY) };
const [witness, other] = ['w1', 'w2'].map((name) => ({ name, key: readSigningKey(makeSigningKey())! })) as [
  Signer,
  Signer,
];
type Signer = Parameters<typeof cosign>[1];
const verifierOf = ({ name, key: own }: Signer) => ({ name, publicKey: publicKeyOf(own) });
const SEEN = new Date('2026-05-23T21:10:00Z');

let folder: string;
/** What a server shows, and showed earlier. */
let server: Copy;
let earlier: string;
let copy: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const author = new Author(election);
  write(author, tale(100, 3));
  const path = join(folder, 'server');
  await exported(author, path);
  earlier = (await Copy.of(path, author.ends.slice())).text(checkpointPath(SHARD));
  write(author, tale(100, 4));
  await exported(author, path);
  server = await Copy.of(path, author.ends.slice());
  copy = join(folder, 'copy');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await server.remove(cosignedPath(SHARD));
  await rm(copy, { recursive: true, force: true });
});

const show = (note: string) => server.write(cosignedPath(SHARD), note);
const taken = () => mirror(new FolderSource(server.folder), { folder: copy, key });
const checked = (more: VerifyOptions = {}, path = copy) => verifyExport(path, { key, ...more });
const sizeOf = (note: string): number => parseCheckpoint(takeApart(note)!.text)!.size;
const signed = (size: number): string => {
  const name = shardOrigin(id, SHARD);
  return signNote(formatCheckpoint({ origin: name, size, root: leafHash(Buffer.from('other')) }), { name, key: KEY });
};

describe('a cosigned checkpoint', () => {
  it('is copied, and says which known witness saw the log', async () => {
    await show(cosign(cosign(earlier, witness, SEEN), other, SEEN));
    await taken();
    const witnesses = [verifierOf(witness), verifierOf({ ...witness, name: 'w3' })];
    const { faults, witnessed, notWitnessed } = await checked({ witnesses });
    expect(faults).toEqual([]);
    const seen = { from: cosignedPath(SHARD), shard: SHARD, size: sizeOf(earlier), at: SEEN.toISOString() };
    expect(witnessed).toMatchObject([{ ...seen, by: 'w1' }]);
    expect(notWitnessed).toEqual(['w3']);
    const both = await checked({ witnesses: [verifierOf(other), verifierOf(witness)] });
    expect(both.witnessed.map(({ by }) => by)).toEqual(['w2', 'w1']);
    expect(await checked()).toMatchObject({ faults: [], witnessed: [], notWitnessed: [] });
  });

  it('beyond the head is left for the next copy, and is wanting in one that holds it', async () => {
    const beyond = cosign(signed(100_000), witness, SEEN);
    await show(beyond);
    await taken();
    expect(await checked({ witnesses: [verifierOf(witness)] })).toMatchObject({ faults: [], witnessed: [] });
    expect((await checked({}, server.folder)).faults).toMatchObject([{ code: 'log-forked' }]);
  });

  it('of another history is a fork, whoever cosigned it', async () => {
    await show(cosign(signed(sizeOf(earlier)), witness, SEEN));
    await expect(taken()).rejects.toMatchObject({ code: 'log-forked' });
    for (const witnesses of [[], [verifierOf(witness)]])
      expect((await checked({ witnesses }, server.folder)).faults.map(({ code }) => code)).toEqual(['log-forked']);
  });

  it('that the election did not sign is refused', async () => {
    const ofAnotherShard = server.text(checkpointPath(0));
    for (const wrong of [ofAnotherShard, earlier.replace(/\n(\d)/, '\n9$1'), 'Dear voters\n']) {
      await show(wrong);
      await expect(taken()).rejects.toMatchObject({ code: 'bad-signature' });
      const { faults } = await checked({}, server.folder);
      expect(faults).toMatchObject([{ code: 'other-key', where: cosignedPath(SHARD) }]);
    }
  });
});
