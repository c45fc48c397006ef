/** What crosses between logs and witnesses: the examples of C2SP tlog-witness, and what is none. */
import { describe, expect, it } from '@jest/globals';
import { formatCheckpoint, formatHash, parseCheckpoint } from './checkpoint.ts';
import { cosign } from './cosignature.ts';
import { leafHash } from './hashing.ts';
import { makeSigningKey, publicKeyOf, readSigningKey } from './keys.ts';
import { signNote, takeApart } from './note.ts';
import { cosignatureIn, formatAddCheckpoint, parseAddCheckpoint, parseAnsweredSize } from './witness-protocol.ts';

/** The example of https://c2sp.org/tlog-witness, "add-checkpoint". */
const REQUEST = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;
/** Its example of an answer, which other keys gave. */
const ANSWER = `— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==
— witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==
— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==
`;

const signer = (name: string) => ({ name, key: readSigningKey(makeSigningKey())! });
const verifierOf = ({ name, key }: ReturnType<typeof signer>) => ({ name, publicKey: publicKeyOf(key) });

describe('a request to a witness', () => {
  it('is read as the specification writes it, and written the same', () => {
    const request = parseAddCheckpoint(REQUEST)!;
    expect(request.oldSize).toBe(20_852_014);
    expect(request.proof.map(formatHash)).toEqual(REQUEST.split('\n').slice(1, 5));
    const { text, signatures } = takeApart(request.checkpoint)!;
    expect(parseCheckpoint(text)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(signatures).toHaveLength(2);
    expect(formatAddCheckpoint(request)).toBe(REQUEST);
  });

  it('may have no proof, or 63 hashes', () => {
    const hash = formatHash(leafHash(Buffer.from('x')));
    const withHashes = (count: number): string => `old 7\n${`${hash}\n`.repeat(count)}\na note\n`;
    expect(parseAddCheckpoint('old 0\n\na note\n')).toEqual({ oldSize: 0, proof: [], checkpoint: 'a note\n' });
    expect(parseAddCheckpoint(withHashes(63))?.proof).toHaveLength(63);
    expect(parseAddCheckpoint(withHashes(64))).toBeNull();
  });

  it.each([
    '',
    '\n\nnote\n',
    'old 1\n',
    'old  1\n\nnote\n',
    'old 01\n\nnote\n',
    'old -1\n\nnote\n',
    'old 1e3\n\nnote\n',
    'OLD 1\n\nnote\n',
    'old 1\r\n\r\nnote\n',
    'old 1\nAAAA\n\nnote\n',
    `old 1\n${formatHash(leafHash(Buffer.from('x'))).replace('=', '')}\n\nnote\n`,
    'old 9999999999999999\n\nnote\n',
  ])('is not %j', (body) => {
    expect(parseAddCheckpoint(body)).toBeNull();
  });
});

describe('the answer of a witness', () => {
  const log = signer('tally/town/0');
  const witness = signer('witness.example/w1');
  const SEEN = new Date('2026-05-23T21:10:00Z');
  const checkpointOf = (size: number): string =>
    signNote(formatCheckpoint({ origin: log.name, size, root: leafHash(Buffer.from('a')) }), log);
  const checkpoint = checkpointOf(3);
  const lineOf = (note: string, time = SEEN): string => cosign(note, witness, time).slice(note.length);

  it('holds the cosignature of the witness that is known, among those of others', () => {
    const line = lineOf(checkpoint);
    expect(cosignatureIn(ANSWER + line, checkpoint, verifierOf(witness))).toBe(line);
    expect(cosignatureIn(`not a line\n${line}`, checkpoint, verifierOf(witness))).toBe(line);
  });

  it('holds none where nobody known signed, or something else, or without a time, or it is cut off', () => {
    expect(cosignatureIn(ANSWER, checkpoint, verifierOf(witness))).toBeNull();
    expect(cosignatureIn(lineOf(checkpointOf(4)), checkpoint, verifierOf(witness))).toBeNull();
    expect(cosignatureIn(lineOf(checkpoint, new Date(0)), checkpoint, verifierOf(witness))).toBeNull();
    expect(cosignatureIn(lineOf(checkpoint).trimEnd(), checkpoint, verifierOf(witness))).toBeNull();
  });

  it('says a size by its one line', () => {
    expect(parseAnsweredSize('20852014\n')).toBe(20_852_014);
    for (const none of ['20852014', '\n', '01\n', '1\n2\n', 'x\n']) expect(parseAnsweredSize(none)).toBeNull();
  });
});
