/** Devices for specs: keys that are the same each time, and what they sign. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { deviceIdOf, type SubmittedSheet, textToSign } from '#domain';

/** PKCS #8 of an Ed25519 key, less its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

const devices = new Map<number, Device>();

export class Device {
  readonly #private: KeyObject;
  /** 32 bytes in base64. */
  readonly key: string;
  readonly id: string;

  /** `seed`: 32 bytes. */
  constructor(seed: Uint8Array) {
    this.#private = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
    const publicKey = Buffer.from(createPublicKey(this.#private).export({ format: 'jwk' }).x!, 'base64url');
    this.key = publicKey.toString('base64');
    this.id = deviceIdOf(publicKey);
  }

  /** Number `n` of as many as are wanted. */
  static number(n: number): Device {
    const known = devices.get(n) ?? new Device(Buffer.alloc(32, n));
    devices.set(n, known);
    return known;
  }

  sign(election: string, id: string, sheet: SubmittedSheet): string {
    return sign(null, Buffer.from(textToSign({ election, id, device: this.id, sheet })), this.#private).toString(
      'base64',
    );
  }

  /** A sheet as it is sent: with its id, signed. */
  signed<T extends object>(
    election: string,
    sent: T & { readonly id: string },
  ): T & { device: string; signature: string } {
    const { id, ...sheet } = sent;
    const signature = this.sign(election, id.toLowerCase(), sheet as unknown as SubmittedSheet);
    return { ...sent, device: this.id, signature };
  }
}

/** 32 bytes in base64 as PEM. */
export function publicPem(key: string): string {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'base64')]);
  return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}
