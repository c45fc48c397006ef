import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatCheckpoint,
  formatVerifier,
  leafHash,
  makeSigningKey,
  publicKeyOf,
  readSigningKey,
  signNote,
} from '#transparency';
import { checkSignature } from './check-signature.ts';

const key = readSigningKey(makeSigningKey())!;
const other = readSigningKey(makeSigningKey())!;
const verifierOf = (of: typeof key): string => formatVerifier({ name: 'tally/e-1/head', publicKey: publicKeyOf(of) });
const text = formatCheckpoint({ origin: 'tally/e-1/3', size: 12, root: leafHash(Buffer.from('root')) });
const note = signNote(text, { name: 'tally/e-1/3', key });

describe('the check of a signature in the browser', () => {
  it('finds what the election’s key signed, whoever signed besides', async () => {
    expect(await checkSignature(note, verifierOf(key))).toBe('signed');
    const [witness] = signNote(text, { name: 'witness.example', key: other })
      .slice(text.length + 1)
      .split('\n');
    expect(await checkSignature(`${note}${witness}\n`, verifierOf(key))).toBe('signed');
  });

  it('finds it out where any character of text or signature is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(note.length - 2), fc.constantFrom(...'0aZ+ \n'), async (at, character) => {
        fc.pre(note[at] !== character);
        const changed = note.slice(0, at) + character + note.slice(at + 1);
        expect(await checkSignature(changed, verifierOf(key))).not.toBe('signed');
      }),
    );
  });

  it('says which key it was not, and what this browser is not able to check', async () => {
    expect(await checkSignature(note, verifierOf(other))).toBe('other-key');
    expect(await checkSignature(note, 'no key')).toBe('other-key');
    const forged = signNote(text.replace('12', '13'), { name: 'tally/e-1/3', key }).slice(text.length);
    expect(await checkSignature(text + forged, verifierOf(key))).toBe('bad-signature');
    const old = { importKey: () => Promise.reject(new DOMException('', 'NotSupportedError')) };
    expect(await checkSignature(note, verifierOf(key), old as never)).toBe('unable');
    expect(await checkSignature(note, verifierOf(key), null as never)).toBe('unable');
  });
});
