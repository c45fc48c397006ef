/** Cosignatures of witnesses. */
import { describe, expect, it } from '@jest/globals';
import { formatCheckpoint } from './checkpoint.ts';
import { cosign, cosignedAt } from './cosignature.ts';
import { leafHash } from './hashing.ts';
import { COSIGNATURE, formatVerifier, makeSigningKey, parseVerifier, publicKeyOf, readSigningKey } from './keys.ts';
import { openNote, signNote } from './note.ts';

/** Made with github.com/transparency-dev/formats v0.1.1 (note.NewSignerForCosignatureV1). */
const FOREIGN = `tally/town/0
3
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— tally/town/0 j6PSafM4HEWq/mlzflo6Ie1cEBy/ojWzOHq3JUA4YOUZYg7sxvbo07ObST+3JAND8T1oiBCqMWj1I9GKyHFXRWLISg8=
— witness.example.org/w1 HpYq6AAAAABrCygVxKnjwAKD7mqCWAoRr5yDOQ2bcaVzyRBh6hnI+izwh727pflhTZjDzkyftgq5OYNAqb5pvSQA2ZyWMVLhL/GkCA==
`;
const FOREIGN_LOG = 'tally/town/0+8fa3d269+AelKJ2X6KXxvTqE2sTFSUbPLOGhdNaPgUBwtpA2/48ok';
const FOREIGN_WITNESS = 'witness.example.org/w1+1e962ae8+BAl6qW3/LwT8MKuqdWBUOOjke3ixJrqhJxykSTNzBxbj';

const signer = (name: string) => ({ name, key: readSigningKey(makeSigningKey())! });
const verifierOf = ({ name, key }: ReturnType<typeof signer>) => ({ name, publicKey: publicKeyOf(key) });
const log = signer('tally/town/0');
const witness = signer('witness.example.org/w1');
const SEEN = new Date('2026-05-23T21:10:00Z');
const checkpoint = signNote(formatCheckpoint({ origin: log.name, size: 3, root: leafHash(Buffer.from('a')) }), log);

describe('a cosignature', () => {
  it('says who saw the checkpoint when, beside the signature of the log', () => {
    const cosigned = cosign(checkpoint, witness, SEEN);
    expect(cosignedAt(cosigned, verifierOf(witness))).toEqual(SEEN);
    expect(openNote(cosigned, verifierOf(log)).ok).toBe(true);
    const twice = cosign(cosigned, signer('another'), new Date());
    expect(cosignedAt(twice, verifierOf(witness))).toEqual(SEEN);
  });

  it('is read where another program made it', () => {
    expect(openNote(FOREIGN, parseVerifier(FOREIGN_LOG)!).ok).toBe(true);
    const time = cosignedAt(FOREIGN, parseVerifier(FOREIGN_WITNESS, COSIGNATURE)!);
    expect(time?.toISOString()).toBe('2026-11-28T19:14:29.000Z');
  });

  it('is not that of another witness, nor one with a byte changed, nor a plain signature', () => {
    const cosigned = Buffer.from(cosign(checkpoint, witness, SEEN));
    expect(cosignedAt(cosigned.toString(), verifierOf(signer(witness.name)))).toBeNull();
    expect(cosignedAt(checkpoint, verifierOf(log))).toBeNull();
    const ofTheLog = checkpoint.indexOf('\n\n') + 2;
    for (let at = 0; at < cosigned.length; at += 1) {
      if (at >= ofTheLog && at < Buffer.byteLength(checkpoint)) continue;
      const changed = Buffer.from(cosigned);
      changed[at]! ^= 1;
      expect([at, cosignedAt(changed.toString(), verifierOf(witness))]).toEqual([at, null]);
    }
  });

  it('is signed by a key of its own kind', () => {
    const key = formatVerifier(verifierOf(witness), COSIGNATURE);
    expect(parseVerifier(key, COSIGNATURE)).toEqual(verifierOf(witness));
    expect(parseVerifier(key)).toBeNull();
    expect(parseVerifier(formatVerifier(verifierOf(witness)), COSIGNATURE)).toBeNull();
  });
});
