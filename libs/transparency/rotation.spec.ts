import { describe, expect, it } from '@jest/globals';
import {
  formatCheckpoint,
  formatKeys,
  formatVerifier,
  headOrigin,
  makeSigningKey,
  openChain,
  openNoteBy,
  publicKeyOf,
  readSigningKey,
  shardOrigin,
  signNote,
  signRotation,
  splitKeys,
} from './index.ts';

const ELECTION = 'spec-rehearsal';
const keys = Array.from({ length: 4 }, () => readSigningKey(makeSigningKey())!);
const verifier = (i: number) => ({ name: headOrigin(ELECTION), publicKey: publicKeyOf(keys[i]!) });
const text = (i: number) => formatVerifier(verifier(i));
const rotation = (from: number, to: number) => signRotation(ELECTION, keys[from]!, keys[to]!);
const chain = [0, 1, 2, 3].map(verifier);
const ROTATIONS = [rotation(0, 1), rotation(1, 2), rotation(2, 3)];

describe('a chain of rotations', () => {
  it('leads from the present key to the first', () => {
    expect(openChain(verifier(3), ROTATIONS.join(''))).toEqual({ ok: true, chain });
    expect(openChain(verifier(3), '')).toEqual({ ok: true, chain: [verifier(3)] });
    expect(splitKeys(formatKeys(text(3), ROTATIONS.join('')))).toEqual({ key: text(3), rotations: ROTATIONS.join('') });
    expect(splitKeys(`${text(0)}\n`)).toEqual({ key: text(0), rotations: '' });
  });

  it.each([
    [
      'the first is signed by another key',
      [rotation(0, 1).replace(text(0), text(3)), ...ROTATIONS.slice(1)],
      'rotation 1 is not signed',
    ],
    ['one is left out', [ROTATIONS[0]!, ROTATIONS[2]!], `rotation 2 goes on from ${text(2)}`],
    ['two are exchanged', [ROTATIONS[1]!, ROTATIONS[0]!, ROTATIONS[2]!], 'rotation 2 goes on from'],
    [
      'one names another key',
      [...ROTATIONS.slice(0, 2), ROTATIONS[2]!.replace(text(3), text(0))],
      'rotation 3 is not signed',
    ],
    ['one goes back', [ROTATIONS[0]!, rotation(1, 0)], `rotation 2 goes back to ${text(0)}`],
    ['the last is missing', ROTATIONS.slice(0, 2), `lead to ${text(2)}, not to ${text(3)}`],
    ['one is of another election', [signRotation('other', keys[2]!, keys[3]!)], 'rotation 1 is no rotation'],
    ['one is cut off', [ROTATIONS.join('').slice(0, -20)], 'no list of signed notes'],
    [
      'one is something else that the key signed',
      [
        signNote(`tally/${ELECTION}/head\nfrom ${text(2)}\nto ${text(3)}\n`, {
          name: headOrigin(ELECTION),
          key: keys[2]!,
        }),
      ],
      'rotation 1 is no rotation',
    ],
  ])('is none where %s', (_what, notes, problem) => {
    expect(openChain(verifier(3), notes.join(''))).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('opens what any of its keys signed, and nothing of others', () => {
    const name = shardOrigin(ELECTION, 0);
    const told = formatCheckpoint({ origin: name, size: 7, root: new Uint8Array(32) });
    for (const key of keys)
      expect(openNoteBy(chain, signNote(told, { name, key }), name)).toEqual({ ok: true, text: told });
    const other = signNote(told, { name, key: readSigningKey(makeSigningKey())! });
    expect(openNoteBy(chain, other, name)).toEqual({ ok: false, problem: 'other-key' });
    const changed = signNote(told, { name, key: keys[1]! }).replace('\n7\n', '\n8\n');
    expect(openNoteBy(chain, changed, name)).toEqual({ ok: false, problem: 'bad-signature' });
    expect(openNoteBy(chain.slice(1), signNote(told, { name, key: keys[0]! }), name)).toEqual({
      ok: false,
      problem: 'other-key',
    });
    expect(openNoteBy(chain, 'Dear voters\n', name)).toEqual({ ok: false, problem: 'malformed' });
  });
});
