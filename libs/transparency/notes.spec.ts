/** Signed notes, checkpoints and election heads: foreign vectors, and what must not pass. */
import { describe, expect, it } from '@jest/globals';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { type ElectionHead, formatHead, parseHead } from './election-head.ts';
import { EMPTY_ROOT, leafHash } from './hashing.ts';
import { formatVerifier, makeSigningKey, parseVerifier, publicKeyOf, readSigningKey, type Signer } from './keys.ts';
import { openNote, signNote } from './note.ts';
import { parseReceiptId, receiptCode, receiptId } from './receipt-ids.ts';

/** The example of golang.org/x/mod/sumdb/note. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

const signer = (name: string): Signer => ({ name, key: readSigningKey(makeSigningKey())! });
const verifierOf = ({ name, key }: Signer) => ({ name, publicKey: publicKeyOf(key) });

describe('a signed note', () => {
  it('opens where another program signed it', () => {
    const verifier = parseVerifier(GO_KEY)!;
    expect(formatVerifier(verifier)).toBe(GO_KEY);
    expect(openNote(GO_NOTE, verifier)).toEqual({ ok: true, text: GO_TEXT });
  });

  it('opens for its own key only, and not with a character changed', () => {
    const me = signer('tally/a/0');
    const note = signNote('one\ntwo\n', me);
    expect(openNote(note, verifierOf(me))).toEqual({ ok: true, text: 'one\ntwo\n' });
    expect(openNote(note.replace('two', 'owt'), verifierOf(me))).toEqual({ ok: false, problem: 'bad-signature' });
    expect(openNote(note, verifierOf(signer(me.name)))).toEqual({ ok: false, problem: 'other-key' });
    expect(openNote(note, { ...verifierOf(me), name: 'tally/a/1' })).toEqual({ ok: false, problem: 'other-key' });
    expect(openNote(note.trimEnd(), verifierOf(me))).toEqual({ ok: false, problem: 'malformed' });
  });

  it('opens with the signatures of others beside it', () => {
    const me = signer('me');
    const witness = signNote('text\n', signer('witness')).split('\n').at(-2)!;
    expect(openNote(`${signNote('text\n', me)}${witness}\n`, verifierOf(me)).ok).toBe(true);
  });

  it('does not open with any byte changed', () => {
    const me = signer('me');
    const note = Buffer.from(signNote('a text\nof two lines\n', me));
    for (let at = 0; at < note.length; at += 1)
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = Buffer.from(note);
        changed[at]! ^= 1 << bit;
        expect(openNote(changed.toString('utf8'), verifierOf(me)).ok).toBe(false);
      }
  });
});

describe('a verifier key', () => {
  it.each([
    ['another id', GO_KEY.replace('c74f20a3', 'c74f20a4')],
    ['another name', GO_KEY.replace('Peter', 'Petra')],
    ['a short key', 'a+c74f20a3+AQID'],
    ['no key', 'PeterNeumann'],
  ])('is refused with %s', (_, text) => {
    expect(parseVerifier(text)).toBeNull();
  });
});

describe('a checkpoint', () => {
  it('is three lines, and is read back', () => {
    const checkpoint = { origin: 'tally/a/0', size: 12, root: leafHash(Buffer.from('x')) };
    const text = formatCheckpoint(checkpoint);
    expect(text.split('\n')).toHaveLength(4);
    expect(parseCheckpoint(text)).toEqual(checkpoint);
    expect(parseCheckpoint(`${text}an extension\n`)).toEqual(checkpoint);
  });

  it.each(['', 'a\n', 'a\n01\nx\n', 'a\n1\nAAAA\n', 'a\n-1\n', 'a\n1'])('is not %j', (text) => {
    expect(parseCheckpoint(text)).toBeNull();
  });
});

describe('an election head', () => {
  const head: ElectionHead = {
    election: 'town-rehearsal',
    definition: 'ab'.repeat(32),
    shards: [
      { size: 3, root: leafHash(Buffer.from('x')) },
      { size: 0, root: EMPTY_ROOT },
    ],
    keys: null,
    fingerprint: 'cd'.repeat(32),
  };

  it('is read back, with and without what it may leave out', () => {
    for (const one of [head, { ...head, fingerprint: null }, { ...head, keys: 'ef'.repeat(32) }])
      expect(parseHead(formatHead(one))).toEqual(one);
  });

  it('is refused with lines in another order, missing or strange', () => {
    const lines = formatHead(head).split('\n');
    const without = (i: number): string => lines.filter((_, j) => j !== i).join('\n');
    for (const i of [0, 1, 2]) expect(parseHead(without(i))).toBeNull();
    expect(parseHead(`${formatHead(head)}more\n`)).toBeNull();
    expect(parseHead([lines[0], lines[1], lines[3], lines[2], ...lines.slice(4)].join('\n'))).toBeNull();
  });
});

describe('the id of a receipt', () => {
  it("has 40 bits of the leaf's hash in Crockford's base 32", () => {
    const leaf = Uint8Array.of(0x99, 0xef, 0x41, 0xdb, 0xad, 0xff);
    expect(receiptCode(leaf)).toBe('K7QM-3PXD');
    expect(receiptCode(new Uint8Array(32))).toBe('0000-0000');
    expect(receiptCode(new Uint8Array(32).fill(255))).toBe('ZZZZ-ZZZZ');
    expect(parseReceiptId(receiptId({ shard: 2, offset: 417, leaf }))).toEqual({
      shard: 2,
      offset: 417,
      code: 'K7QM-3PXD',
    });
  });
});
