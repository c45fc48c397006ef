/**
 * Ed25519 keys, and their public form in C2SP signed-note ("Verifier keys"): `<name>+<key id>+<algorithm and key>`.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { HASH_BYTES } from './hashing.ts';

/** What a key signs: the text of a note, or a checkpoint with the time when it was seen (C2SP tlog-cosignature). */
export type Algorithm = typeof ED25519 | typeof COSIGNATURE;
export const ED25519 = 1;
export const COSIGNATURE = 4;
const ID_BYTES = 4;

/** Whoever signs: a name and a private key. One key may sign under several names. */
export interface Signer {
  readonly name: string;
  readonly key: KeyObject;
}

/** Whoever is to have signed. */
export interface Verifier {
  readonly name: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

export function isSameVerifier(a: Verifier, b: Verifier): boolean {
  return a.name === b.name && Buffer.compare(a.publicKey, b.publicKey) === 0;
}

/** A new private key, as PKCS #8 PEM. */
export function makeSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A private key from its PEM; null where that holds no Ed25519 key. */
export function readSigningKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

/** The public half, 32 bytes. */
export function publicKeyOf(key: KeyObject): Uint8Array {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x!, 'base64url');
}

export function publicKeyObject(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The four bytes that name a key in a signature. */
export function keyId({ name, publicKey }: Verifier, algorithm: Algorithm = ED25519): Uint8Array {
  const hash = createHash('sha256').update(`${name}\n`).update(Uint8Array.of(algorithm)).update(publicKey);
  return hash.digest().subarray(0, ID_BYTES);
}

/** A name of a key: not empty, no space, no plus sign. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+]/u.test(name);
}

export function formatVerifier(verifier: Verifier, algorithm: Algorithm = ED25519): string {
  const id = Buffer.from(keyId(verifier, algorithm)).toString('hex');
  const key = Buffer.concat([Uint8Array.of(algorithm), verifier.publicKey]).toString('base64');
  return `${verifier.name}+${id}+${key}`;
}

/** null where the text is no verifier key of that kind, or its id is not that of its name and key. */
export function parseVerifier(text: string, algorithm: Algorithm = ED25519): Verifier | null {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text);
  if (!match) return null;
  const [, name, id, encoded] = match as unknown as [string, string, string, string];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 1 + HASH_BYTES || bytes[0] !== algorithm || !isKeyName(name)) return null;
  const verifier = { name, publicKey: bytes.subarray(1) };
  return Buffer.from(keyId(verifier, algorithm)).toString('hex') === id ? verifier : null;
}
