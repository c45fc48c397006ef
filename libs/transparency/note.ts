/** Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature over the text. */
import { sign, verify } from 'node:crypto';
import { keyId, publicKeyObject, publicKeyOf, type Signer, type Verifier } from './keys.ts';

const SIGNATURE_BYTES = 64;
const ID_BYTES = 4;

/** Why a note does not open. */
export type NoteProblem =
  /** Not a signed note. */
  | 'malformed'
  /** No signature names the key. */
  | 'other-key'
  /** A signature names the key and is not one over this text. */
  | 'bad-signature';

export type OpenedNote =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: NoteProblem };

/** `text` ends in a line feed. */
export function signNote(text: string, { name, key }: Signer): string {
  if (!text.endsWith('\n')) throw new RangeError('the text of a note ends in a line feed');
  const id = keyId({ name, publicKey: publicKeyOf(key) });
  const signature = sign(null, Buffer.from(text), key);
  return `${text}\n${formatSignature({ name, bytes: Buffer.concat([id, signature]) })}`;
}

/** The text of a note, if the key signed it. Signatures of other keys (witnesses) are passed over. */
export function openNote(note: string, verifier: Verifier): OpenedNote {
  const parts = takeApart(note);
  if (!parts) return { ok: false, problem: 'malformed' };
  const id = keyId(verifier);
  const mine = parts.signatures.filter(({ name, bytes }) => name === verifier.name && bytes.indexOf(id) === 0);
  if (mine.length === 0) return { ok: false, problem: 'other-key' };
  const key = publicKeyObject(verifier.publicKey);
  const isSigned = mine.every(
    ({ bytes }) =>
      bytes.length === ID_BYTES + SIGNATURE_BYTES &&
      verify(null, Buffer.from(parts.text), key, bytes.subarray(ID_BYTES)),
  );
  return isSigned ? { ok: true, text: parts.text } : { ok: false, problem: 'bad-signature' };
}

export interface NoteSignature {
  readonly name: string;
  /** Key id and signature. */
  readonly bytes: Buffer;
}

/** The line of a signature, with its line feed. */
export function formatSignature({ name, bytes }: NoteSignature): string {
  return `— ${name} ${bytes.toString('base64')}\n`;
}

/** null where it is no signed note. */
export function takeApart(note: string): { text: string; signatures: NoteSignature[] } | null {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n') || hasControlCharacter(note)) return null;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const match = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line);
    const bytes = match && Buffer.from(match[2]!, 'base64');
    // One way to write a signature only: spare bits of the last digit are zero.
    if (!bytes || bytes.toString('base64') !== match[2]) return null;
    signatures.push({ name: match[1]!, bytes });
  }
  return { text: note.slice(0, split + 1), signatures };
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}
