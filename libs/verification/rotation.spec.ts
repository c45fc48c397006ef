/** Exports whose key was rotated: what older keys signed is checked through the chain, and a broken chain is told. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  checkpointPath,
  formatReceipt,
  headOrigin,
  leafHash,
  makeSigningKey,
  publicKeyOf,
  readSigningKey,
  receiptOrigin,
  signNote,
  signRotation,
} from '#transparency';
import { Author } from '../../test/kit/author.ts';
import { electionOf, province } from '../../test/kit/elections.ts';
import { tale, write } from '../../test/kit/story.ts';
import { type VerifyOptions, verifyExport } from './index.ts';
import { Copy, exported, temporaryFolder } from './testing/exported.ts';

const election = electionOf(province({ shards: 2 }));
const { id } = election.definition;
const [first, second, third, thief] = Array.from({ length: 4 }, () => readSigningKey(makeSigningKey())!) as [
  ReturnType<typeof readSigningKey> & object,
  ReturnType<typeof readSigningKey> & object,
  ReturnType<typeof readSigningKey> & object,
  ReturnType<typeof readSigningKey> & object,
];
const known = (key: typeof first) => ({ name: headOrigin(id), publicKey: publicKeyOf(key) });
const rotations = signRotation(id, first, second) + signRotation(id, second, third);

let folder: string;
let copy: Copy;
/** What was kept while the first key signed. */
let kept: { readonly heads: VerifyOptions['heads']; readonly receipts: VerifyOptions['receipts'] };

beforeAll(async () => {
  folder = await temporaryFolder();
  const author = new Author(election);
  write(author, tale(100, 3));
  const path = join(folder, 'export');
  await exported(author, path, { key: first });
  const before = await Copy.of(path, author.ends.slice());
  const [shard, offset] = [1, author.ends[1]! - 1];
  const leaf = leafHash(before.entries(shard)[offset]!);
  const note = signNote(formatReceipt({ election: id, shard, offset, leaf }), { name: receiptOrigin(id), key: first });
  kept = {
    heads: [{ from: 'monday', note: before.text('head') }],
    receipts: [{ from: 'receipt', text: JSON.stringify({ note }) }],
  };
  write(author, tale(100, 4));
  // Into the same folder: the export is carried on by a key that the earlier one named.
  await exported(author, path, { key: third, rotations });
  copy = await Copy.of(path, author.ends.slice());
});
afterAll(() => rm(folder, { recursive: true }));

const codes = async (options: VerifyOptions = {}) =>
  (await verifyExport(copy.folder, options)).faults.map(({ code, where }) => `${code} ${where}`);

describe('an export whose key was rotated', () => {
  it('is verified by any of its keys, with what was kept from before', async () => {
    for (const key of [first, second, third]) {
      const report = await verifyExport(copy.folder, { key: known(key), ...kept });
      expect(report).toMatchObject({ faults: [], rotations: 2, receipts: [{ isReached: true }] });
    }
    expect(await codes({ key: known(thief) })).toEqual(['other-key export.json', 'other-key head']);
  });

  it('takes no head that an older key signed, but a checkpoint that says what the head says', async () => {
    const sign = (path: string, key: typeof first) => {
      const [text] = copy.text(path).split('\n\n');
      return copy.write(path, signNote(`${text}\n`, { name: text!.split('\n')[0]!, key }));
    };
    await sign('head', second);
    expect(await codes()).toEqual(['other-key head']);
    await copy.mend();
    await sign(checkpointPath(0), first);
    expect(await codes()).toEqual([]);
    await sign(checkpointPath(0), thief);
    expect(await codes()).toEqual([`other-key ${checkpointPath(0)}`]);
    await copy.mend();
  });

  it.each([
    [
      'was signed by another key',
      (notes: string) => notes.replace(signRotation(id, second, third), signRotation(id, thief, third)),
    ],
    ['was edited', (notes: string) => notes.replace(/\nto (.*)\+A/, '\nto $1+B')],
    ['was taken out', () => signRotation(id, first, second)],
    ['leads elsewhere', (notes: string) => notes + signRotation(id, third, thief)],
    ['is that of another election', () => signRotation('elsewhere', second, third)],
  ])('is found wanting where a rotation %s', async (_what, change) => {
    await copy.write('rotations', change(rotations));
    const { faults } = await verifyExport(copy.folder, { key: known(third) });
    expect(faults).toEqual([expect.objectContaining({ code: 'rotation-broken', where: 'rotations' })]);
    expect(faults[0]!.message).toMatch(/rotation/);
    expect(await codes({ key: known(first) })).toContain('other-key export.json');
    await copy.mend();
  });

  it('holds no receipt or head of a key that is not in the chain', async () => {
    const forged = signNote(copy.text('head').split('\n\n')[0]!.concat('\n'), { name: headOrigin(id), key: thief });
    expect(await codes({ heads: [{ from: 'forged', note: forged }] })).toEqual(['other-key forged']);
    await writeFile(join(copy.folder, 'rotations'), '');
    expect(await codes({ heads: kept.heads! })).toEqual(['other-key monday']);
    await writeFile(join(copy.folder, 'rotations'), rotations);
  });
});

it('an export is not carried on by a key that the earlier one never named', async () => {
  const author = new Author(election);
  const path = join(folder, 'carried on');
  await exported(author, path, { key: first });
  await expect(exported(author, path, { key: third, rotations: signRotation(id, second, third) })).rejects.toThrow(
    /another key/,
  );
  await expect(exported(author, path, { key: second, rotations })).rejects.toThrow(/rotations lead to/);
});
