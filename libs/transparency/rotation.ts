/**
 * Rotations of the key that signs for an election: the key until then says in a signed note which one follows it. From
 * the last key, a chain of them leads back to the first, so that whatever older keys signed can still be checked.
 *
 *     tally/<election>/rotation
 *     from <verifier key of the head, until then>
 *     to <verifier key of the head, from then on>
 */
import type { KeyObject } from 'node:crypto';
import type { ElectionId } from '#domain';
import { formatVerifier, isSameVerifier, parseVerifier, publicKeyOf, type Verifier } from './keys.ts';
import { type OpenedNote, openNote, signNote } from './note.ts';
import { electionOfHead, headOrigin } from './origins.ts';

/** Lines of a rotation's note: three of text, an empty one, and the one signature. */
const LINES = 5;

/** The keys of an election, from the first to the one that signs now; as verifier keys of the head. */
export type KeyChain = readonly Verifier[];

export type OpenedChain =
  | { readonly ok: true; readonly chain: KeyChain }
  /** Of the first rotation that is none. */
  | { readonly ok: false; readonly problem: string };

function rotationOrigin(election: ElectionId): string {
  return `tally/${election}/rotation`;
}

/** What the key `from` says of the key that follows it. */
export function signRotation(election: ElectionId, from: KeyObject, to: KeyObject): string {
  const name = rotationOrigin(election);
  const key = (one: KeyObject): string => formatVerifier({ name: headOrigin(election), publicKey: publicKeyOf(one) });
  return signNote(`${name}\nfrom ${key(from)}\nto ${key(to)}\n`, { name, key: from });
}

/** The chain that ends with a key. `rotations`: the notes of all rotations, one after the other; none: that key alone. */
export function openChain(present: Verifier, rotations: string): OpenedChain {
  const lines = rotations.split('\n');
  if (lines.pop() !== '' || lines.length % LINES !== 0)
    return broken('the list of rotations is no list of signed notes');
  const chain: Verifier[] = [];
  for (let at = 0; at < lines.length; at += LINES) {
    const number = at / LINES + 1;
    const step = openRotation(`${lines.slice(at, at + LINES).join('\n')}\n`, present);
    if (typeof step === 'string') return broken(`rotation ${number} ${step}`);
    const before = chain.at(-1);
    if (before && !isSameVerifier(before, step.from))
      return broken(`rotation ${number} goes on from ${formatVerifier(step.from)}, not from the key before it`);
    if (!before) chain.push(step.from);
    if (chain.some((one) => isSameVerifier(one, step.to)))
      return broken(`rotation ${number} goes back to ${formatVerifier(step.to)}`);
    chain.push(step.to);
  }
  const last = chain.at(-1);
  if (last && !isSameVerifier(last, present))
    return broken(`the rotations lead to ${formatVerifier(last)}, not to ${formatVerifier(present)}`);
  return { ok: true, chain: last ? chain : [present] };
}

function openRotation(note: string, { name: head }: Verifier): { from: Verifier; to: Verifier } | string {
  const match = /^([^\n]+)\nfrom ([^\n]+)\nto ([^\n]+)\n\n/.exec(note);
  const [from, to] = [parseVerifier(match?.[2] ?? ''), parseVerifier(match?.[3] ?? '')];
  const name = rotationOrigin(electionOfHead(head) ?? '');
  if (match?.[1] !== name || from?.name !== head || to?.name !== head) return 'is no rotation of this election';
  const opened = openNote(note, { name, publicKey: from.publicKey });
  return opened.ok ? { from, to } : `is not signed by the key that it goes on from, ${formatVerifier(from)}`;
}

function broken(problem: string): OpenedChain {
  return { ok: false, problem };
}

/** The text of a note that any key of the chain signed under a name, the last one tried first. */
export function openNoteBy(chain: KeyChain, note: string, name: string): OpenedNote {
  let worst: OpenedNote = { ok: false, problem: 'other-key' };
  for (const { publicKey } of chain.toReversed()) {
    const opened = openNote(note, { name, publicKey });
    if (opened.ok || opened.problem === 'malformed') return opened;
    if (opened.problem === 'bad-signature') worst = opened;
  }
  return worst;
}

/** A key and the rotations that led to it, as `GET …/log/key` says them: the key in the first line. */
export function formatKeys(key: string, rotations: string): string {
  return `${key}\n${rotations}`;
}

export function splitKeys(text: string): { readonly key: string; readonly rotations: string } {
  const end = text.indexOf('\n');
  return end < 0 ? { key: text, rotations: '' } : { key: text.slice(0, end), rotations: text.slice(end + 1) };
}
