import { describe, expect, it } from '@jest/globals';
import { COSIGNATURE, formatVerifier, makeSigningKey, publicKeyOf, readSigningKey } from '#transparency';
import { readEnvironment } from './environment.ts';
import { witnessesEnvironment } from './witnesses.ts';

const [one, other] = ['one.example.org/w', 'other.example.org'].map((name) => {
  const verifier = { name, publicKey: publicKeyOf(readSigningKey(makeSigningKey())!) };
  return { verifier, key: formatVerifier(verifier, COSIGNATURE), plain: formatVerifier(verifier) };
}) as [Named, Named];
type Named = { verifier: { name: string; publicKey: Uint8Array }; key: string; plain: string };

const read = (text?: string) => readEnvironment(witnessesEnvironment, { TALLY_WITNESSES: text });

describe('TALLY_WITNESSES', () => {
  it('names none, one or several witnesses', () => {
    for (const none of [undefined, '']) expect(read(none)).toEqual({ ok: true, value: { TALLY_WITNESSES: [] } });
    const given = `https://one.example.org/witness/ ${one.key},\n http://127.0.0.1:4080 ${other.key}`;
    expect(read(given)).toEqual({
      ok: true,
      value: {
        TALLY_WITNESSES: [
          { url: 'https://one.example.org/witness', key: one.key, verifier: one.verifier },
          { url: 'http://127.0.0.1:4080', key: other.key, verifier: other.verifier },
        ],
      },
    });
  });

  it.each([
    ['no key', 'https://one.example.org', /must be "URL KEY"/],
    ['no address', one.key, /must be "URL KEY"/],
    ['a comma too many', `https://one.example.org ${one.key},`, /must be "URL KEY"/],
    ['no comma', `https://one.example.org ${one.key} https://other.example.org ${other.key}`, /must be "URL KEY"/],
    ['another scheme', `ftp://one.example.org ${one.key}`, /"ftp:.*" is no address/],
    ['the key of a log', `https://one.example.org ${one.plain}`, /is no witness's key/],
    ['a key twice', `https://a ${one.key}, https://b ${one.key}`, /names one.example.org\/w twice/],
  ])('is refused with %s', (_what, text, words) => {
    const result = read(text);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problems).toEqual([expect.stringMatching(words)]);
  });
});
