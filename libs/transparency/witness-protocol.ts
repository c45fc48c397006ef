/**
 * What crosses between a log and a witness (C2SP tlog-witness, add-checkpoint): the request is a line `old <size>`, the
 * consistency proof, a hash in base64 on each line, an empty line, and the signed checkpoint; the answer, signature lines.
 */
import { formatHash, parseHash, parseSize } from './checkpoint.ts';
import { cosignedAt } from './cosignature.ts';
import type { Hash } from './hashing.ts';
import type { Verifier } from './keys.ts';
import type { Proof } from './proofs.ts';

/** A proof has no more hashes than this. */
export const MOST_PROOF_HASHES = 63;

/** The type of an answer that says which size the witness cosigned last. */
export const SIZE_TYPE = 'text/x.tlog.size';

export interface AddCheckpoint {
  /** Of the checkpoint that the witness cosigned last; 0: none. */
  readonly oldSize: number;
  /** That the tree was then the beginning of what it is now. */
  readonly proof: Proof;
  /** A signed note. */
  readonly checkpoint: string;
}

export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  return `${[`old ${oldSize}`, ...proof.map(formatHash)].join('\n')}\n\n${checkpoint}`;
}

/** null where the text is no such request; the checkpoint is not opened. */
export function parseAddCheckpoint(body: string): AddCheckpoint | null {
  const end = body.indexOf('\n\n');
  if (end < 0) return null;
  const [sizeLine, ...hashes] = body.slice(0, end).split('\n');
  const oldSize = sizeLine?.startsWith('old ') ? parseSize(sizeLine.slice('old '.length)) : null;
  if (oldSize === null || hashes.length > MOST_PROOF_HASHES) return null;
  const proof: Hash[] = [];
  for (const text of hashes) {
    const hash = parseHash(text);
    if (!hash) return null;
    proof.push(hash);
  }
  return { oldSize, proof, checkpoint: body.slice(end + 2) };
}

/** A size as a witness answers it, with its line feed; null where it is none. */
export function parseAnsweredSize(answer: string): number | null {
  return answer.endsWith('\n') ? parseSize(answer.slice(0, -1)) : null;
}

/**
 * The line of an answer that is the witness's cosignature of the checkpoint, with its line feed; null where none is.
 * Lines of other keys, and of other kinds of cosignature, are passed over.
 */
export function cosignatureIn(answer: string, checkpoint: string, witness: Verifier): string | null {
  for (const text of answer.split('\n').slice(0, -1)) {
    const line = `${text}\n`;
    const time = cosignedAt(noteWithOnly(checkpoint, line), witness);
    // A cosignature without a time says nothing of what was seen last.
    if (time && time.getTime() > 0) return line;
  }
  return null;
}

/** The note with no signature but the one. */
function noteWithOnly(note: string, line: string): string {
  return `${note.slice(0, note.lastIndexOf('\n\n'))}\n\n${line}`;
}
