/**
 * Devices that sign what they send: an Ed25519 key that a manager enrolled for a unit (contracts §3). The fold counts
 * without looking at signatures: whoever takes a sheet in checks them, and whoever verifies the log does it again.
 */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { canonicalText } from './canonical.ts';
import type { EventType, SubmittedSheet } from './events.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const ID_DIGITS = 32;

/** A sheet as its device signed it, or is to sign it. */
export interface SignedSheet {
  readonly election: string;
  /** In lower case, as events keep it. */
  readonly id: string;
  readonly device: string;
  /** What was sent less `id`, `device` and `signature`. */
  readonly sheet: SubmittedSheet;
}

/** What a device is called: the first 16 bytes of its public key's SHA-256, so nobody else can take its name. */
export function deviceIdOf(publicKey: Uint8Array): string {
  return hash('sha256', publicKey, 'hex').slice(0, ID_DIGITS);
}

/** A public key from its 32 bytes in base64; null where the text is not the one way to write such. */
export function readDeviceKey(text: string): Uint8Array | null {
  return fromBase64(text, KEY_BYTES);
}

/** Whether a text can be a signature at all. */
export function isSignatureText(text: string): boolean {
  return fromBase64(text, SIGNATURE_BYTES) !== null;
}

/** The text that is signed, canonical by RFC 8785; in UTF-8 it is the message of the signature. */
export function textToSign({ election, id, device, sheet }: SignedSheet): string {
  const type: EventType = 'tally.sheet.submitted.v1';
  return canonicalText({ device, election, id, sheet, type });
}

/** A half of a surrogate pair by itself, which canonical JSON can't say (RFC 8785 §3.2.2.2). */
const HALF_CHARACTER = /(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/;

/** Whether `signature` (base64) is that of the key over the sheet. */
export function isSignedBy(key: DeviceKey, signed: SignedSheet, signature: string): boolean {
  const bytes = fromBase64(signature, SIGNATURE_BYTES);
  const text = textToSign(signed);
  if (!bytes || HALF_CHARACTER.test(text)) return false;
  return verify(null, Buffer.from(text, 'utf8'), key, bytes);
}

/** A public key made ready for checking. */
export type DeviceKey = KeyObject;

/** From its 32 bytes. */
export function deviceKey(publicKey: Uint8Array): DeviceKey {
  const x = Buffer.from(publicKey).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function fromBase64(text: string, length: number): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === length && bytes.toString('base64') === text ? bytes : null;
}
