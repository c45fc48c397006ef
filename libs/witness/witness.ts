/**
 * The witness: what it answers to a checkpoint, and what it remembers.
 *
 * Whether a checkpoint goes on from the last one is looked at, and the new one stored, in one transaction, which is on the
 * disk before the cosignature is given away: so of two that come at once, or of one before and one after a crash, no two
 * histories are ever cosigned. Other processes may share the folder.
 */
import { createHash } from 'node:crypto';
import { open, type RootDatabase } from 'lmdb';
import {
  type AddCheckpoint,
  type Checkpoint,
  checkConsistency,
  cosign,
  EMPTY_ROOT,
  formatSignature,
  keyId,
  openNote,
  parseAddCheckpoint,
  parseCheckpoint,
  type Signer,
  sameHash,
  type TreeHead,
  takeApart,
  type Verifier,
} from '#transparency';
import type { KnownLogs } from './known-logs.ts';

export type Outcome =
  /** The line of its cosignature. */
  | { readonly kind: 'cosigned'; readonly line: string }
  /** No request, or one whose old size is beyond the checkpoint. */
  | { readonly kind: 'malformed'; readonly why: string }
  | { readonly kind: 'unknown-log'; readonly why: string }
  /** No key of the log signed it, or a signature that names one does not hold. */
  | { readonly kind: 'not-signed'; readonly why: string }
  /** It cosigned another size last: this one. */
  | { readonly kind: 'other-size'; readonly size: number }
  /** The proof does not show that the log goes on. */
  | { readonly kind: 'not-proved'; readonly why: string }
  /** The log signed two histories: here are both, as notes that are signed by it. */
  | { readonly kind: 'forked'; readonly why: string; readonly known: string; readonly other: string };

export interface WitnessParts {
  /** Its folder, made where there is none. */
  readonly folder: string;
  readonly signer: Signer;
  readonly logs: KnownLogs;
}

export class Witness {
  readonly #parts: WitnessParts;
  /** By the hash of a log's origin: the note that was cosigned last. */
  readonly #notes: RootDatabase<string, string>;

  constructor(parts: WitnessParts) {
    this.#parts = parts;
    this.#notes = open<string, string>({
      path: parts.folder,
      noSubdir: false,
      encoding: 'string',
      overlappingSync: false,
      eventTurnBatching: false,
    });
  }

  close(): Promise<void> {
    return this.#notes.close();
  }

  /** Rejects where it could not be stored: then nothing was given away. */
  async addCheckpoint(body: string): Promise<Outcome> {
    const request = parseAddCheckpoint(body);
    const parts = request && takeApart(request.checkpoint);
    const checkpoint = parts && parseCheckpoint(parts.text);
    if (!request || !checkpoint) return { kind: 'malformed', why: 'this is no add-checkpoint request' };
    const { origin, size } = checkpoint;
    const keys = this.#parts.logs.keysOf(origin);
    if (keys.length === 0) return { kind: 'unknown-log', why: `${origin} is not known here` };
    const note = signedBy(request.checkpoint, keys);
    if (note === null) return { kind: 'not-signed', why: `the key that is known of ${origin} did not sign this` };
    if (request.oldSize > size)
      return { kind: 'malformed', why: `the old size ${request.oldSize} is beyond the checkpoint's, ${size}` };
    return this.#notes.transaction(() => this.#cosign(request, checkpoint, note));
  }

  /** The last checkpoint that was cosigned of a log, with both signatures; undefined where none was. */
  checkpoint(originHash: string): string | undefined {
    return this.#notes.get(originHash);
  }

  #cosign({ oldSize, proof }: AddCheckpoint, next: Checkpoint, note: string): Outcome {
    const id = originHash(next.origin);
    const known = this.#notes.get(id);
    const last = headOf(known);
    if (oldSize !== last.size) return { kind: 'other-size', size: last.size };
    if (next.size === 0 && !sameHash(next.root, EMPTY_ROOT))
      return { kind: 'not-proved', why: 'this is not the root of no events' };
    if (known !== undefined && next.size === last.size && !sameHash(next.root, last.root))
      return { kind: 'forked', why: `${next.origin} has signed two roots of ${last.size} entries`, known, other: note };
    if (!checkConsistency(last, next, proof))
      return { kind: 'not-proved', why: `the proof does not lead from ${last.size} to ${next.size}` };
    const cosigned = cosign(note, this.#parts.signer, new Date());
    this.#notes.put(id, cosigned);
    return { kind: 'cosigned', line: cosigned.slice(note.length) };
  }
}

/** What a log is called by in the address of its checkpoint: lower-case hex SHA-256 of its origin. */
function originHash(origin: string): string {
  return createHash('sha256').update(origin).digest('hex');
}

/**
 * The note with the signatures of those keys alone; null where none of them signed, or a signature that names one of them
 * does not hold. Other lines are not passed on: they could pretend to be the witness's.
 */
function signedBy(note: string, keys: readonly Verifier[]): string | null {
  const opened = keys.map((key) => ({ key, ...openNote(note, key) }));
  const parts = takeApart(note);
  if (!parts || opened.some((one) => !one.ok && one.problem !== 'other-key')) return null;
  const signed = opened.filter(({ ok }) => ok);
  const lines = parts.signatures.filter(({ name, bytes }) =>
    signed.some(({ key }) => key.name === name && bytes.indexOf(keyId(key)) === 0),
  );
  return lines.length === 0 ? null : `${parts.text}\n${lines.map(formatSignature).join('')}`;
}

function headOf(note: string | undefined): TreeHead {
  const parts = note === undefined ? null : takeApart(note);
  return (parts && parseCheckpoint(parts.text)) ?? { size: 0, root: EMPTY_ROOT };
}
