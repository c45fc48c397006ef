/**
 * Checks in the browser that a checkpoint is signed with the election's key: a C2SP signed note, Ed25519. Browsers that
 * do not know Ed25519 yet say so; nothing is taken for checked then.
 */
import { type Bytes, fromBase64 } from './bytes.ts';

/** `unable`: this browser knows no Ed25519, or hides its hashing from pages that do not come over https. */
export type SignatureVerdict = 'signed' | 'other-key' | 'bad-signature' | 'unable';

const ED25519 = 1;
const ID_BYTES = 4;

/** `verifierKey`: that of the election's head, as `GET …/log/key` says it in its first line; each shard signs by it. */
export async function checkSignature(
  checkpoint: string,
  verifierKey: string,
  subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle,
): Promise<SignatureVerdict> {
  const publicKey = publicKeyOf(verifierKey);
  const note = /^([^\n]+)\n(?:[^\n]+\n)*(?=\n)/.exec(checkpoint);
  if (!publicKey || !note) return 'other-key';
  const key = await subtle?.importKey('raw', publicKey, 'Ed25519', false, ['verify']).catch(() => undefined);
  if (!subtle || !key) return 'unable';
  const [text, name] = note as unknown as [string, string];
  const id = await keyId(subtle, name, publicKey);
  const mine = checkpoint
    .slice(text.length + 1)
    .split('\n')
    .flatMap((line) => signatureOf(line, name) ?? [])
    .filter((signature) => id.every((byte, i) => signature[i] === byte));
  if (mine.length === 0) return 'other-key';
  const signed = new TextEncoder().encode(text);
  for (const signature of mine)
    if (!(await subtle.verify('Ed25519', key, signature.slice(ID_BYTES), signed))) return 'bad-signature';
  return 'signed';
}

/** 32 bytes; null where the text is no verifier key of that kind. */
function publicKeyOf(verifierKey: string): Bytes | null {
  const encoded = /^[^+\s]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(verifierKey)?.[1];
  const bytes = encoded === undefined ? null : fromBase64(encoded);
  return bytes?.[0] === ED25519 && bytes.length === 33 ? bytes.slice(1) : null;
}

/** C2SP signed-note, "Signatures": the first four bytes of the hash of name, algorithm and key. */
async function keyId(subtle: SubtleCrypto, name: string, publicKey: Bytes): Promise<Bytes> {
  const named = new TextEncoder().encode(`${name}\n`);
  const bytes = Uint8Array.from([...named, ED25519, ...publicKey]);
  return new Uint8Array(await subtle.digest('SHA-256', bytes)).slice(0, ID_BYTES);
}

/** Key id and signature of a line that names the signer. */
function signatureOf(line: string, name: string): Bytes | null {
  const start = `— ${name} `;
  return line.startsWith(start) ? fromBase64(line.slice(start.length)) : null;
}
