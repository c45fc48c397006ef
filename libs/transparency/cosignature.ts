/**
 * Cosignatures of witnesses (C2SP tlog-cosignature, `cosignature/v1`): somebody says of a checkpoint that at a time it was
 * consistent with all that they had seen of that log.
 */
import { sign, verify } from 'node:crypto';
import { COSIGNATURE, keyId, publicKeyObject, publicKeyOf, type Signer, type Verifier } from './keys.ts';
import { formatSignature, takeApart } from './note.ts';

const ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** What is signed: the time, seconds since 1970, and the checkpoint's text. */
function messageOf(text: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** A checkpoint's note with one signature more. Throws `RangeError` where it is no note. */
export function cosign(note: string, { name, key }: Signer, time: Date): string {
  const parts = takeApart(note);
  if (!parts) throw new RangeError('only a signed note is cosigned');
  const seconds = BigInt(Math.floor(time.getTime() / 1000));
  const stamp = Buffer.alloc(TIME_BYTES);
  stamp.writeBigUInt64BE(seconds);
  const signature = sign(null, messageOf(parts.text, seconds), key);
  const id = keyId({ name, publicKey: publicKeyOf(key) }, COSIGNATURE);
  return note + formatSignature({ name, bytes: Buffer.concat([id, stamp, signature]) });
}

/** When the witness cosigned the note; null where it did not, or the cosignature does not hold. */
export function cosignedAt(note: string, witness: Verifier): Date | null {
  const parts = takeApart(note);
  const id = keyId(witness, COSIGNATURE);
  const mine = parts?.signatures.find(({ name, bytes }) => name === witness.name && bytes.indexOf(id) === 0);
  if (!parts || mine?.bytes.length !== ID_BYTES + TIME_BYTES + SIGNATURE_BYTES) return null;
  const seconds = mine.bytes.readBigUInt64BE(ID_BYTES);
  const signature = mine.bytes.subarray(ID_BYTES + TIME_BYTES);
  const holds = verify(null, messageOf(parts.text, seconds), publicKeyObject(witness.publicKey), signature);
  const time = new Date(Number(seconds) * 1000);
  return holds && !Number.isNaN(time.getTime()) ? time : null;
}
