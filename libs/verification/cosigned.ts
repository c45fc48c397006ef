/** Opens checkpoints that witnesses cosigned. */
import {
  cosignedAt,
  cosignedPath,
  type ElectionHead,
  type KeyChain,
  openNoteBy,
  parseCheckpoint,
  shardOrigin,
  type TreeHead,
  type Verifier,
} from '#transparency';
import type { Faults } from './faults.ts';
import type { ExportFiles } from './files.ts';

/** A signed note that somebody kept. */
export interface KeptNote {
  /** What it is called in messages. */
  readonly from: string;
  readonly note: string;
}

/** A checkpoint, and who saw it when. */
export interface Witnessed extends SignedCheckpoint {
  /** Name of the witness. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

interface Parts {
  readonly faults: Faults;
  readonly head: ElectionHead;
  readonly chain: KeyChain;
  readonly witnesses: readonly Verifier[];
}

/** Those that a known witness cosigned, of the election's own; what is wrong with others is told. */
export function openCosigned(parts: Parts, notes: readonly KeptNote[]): Witnessed[] {
  const { faults, witnesses } = parts;
  return notes.flatMap((kept) => {
    const checkpoint = openOwn(parts, kept);
    const witnessed = checkpoint ? seenBy(witnesses, kept, checkpoint) : [];
    if (!checkpoint || witnessed.length > 0) return witnessed;
    const { from } = kept;
    const names = witnesses.map(({ name }) => name).join(', ');
    faults.add('not-cosigned', from, `${from} was not cosigned by ${names === '' ? 'a witness that is known' : names}`);
    return [];
  });
}

/** A checkpoint that the election signed, and where it is from. */
export interface SignedCheckpoint extends TreeHead {
  readonly from: string;
  readonly shard: number;
}

/** What lies in the export itself: all of it was signed by the election; some of it, perhaps, by a known witness. */
export async function openOwnCosigned(
  parts: Parts,
  files: ExportFiles,
): Promise<{ signed: SignedCheckpoint[]; witnessed: Witnessed[] }> {
  const signed: SignedCheckpoint[] = [];
  const witnessed: Witnessed[] = [];
  for (const shard of parts.head.shards.keys()) {
    const from = cosignedPath(shard);
    const note = await files.text(from);
    const checkpoint = note === undefined ? null : openOwn(parts, { from, note }, shard);
    if (note === undefined || !checkpoint) continue;
    signed.push(checkpoint);
    witnessed.push(...seenBy(parts.witnesses, { from, note }, checkpoint));
  }
  return { signed, witnessed };
}

/** null where it is no checkpoint of the election, or of that one shard, which is told. */
function openOwn({ faults, head, chain }: Parts, { from, note }: KeptNote, only?: number): SignedCheckpoint | null {
  const origin = note.slice(0, note.indexOf('\n'));
  const shard = head.shards.findIndex((_, i) => shardOrigin(head.election, i) === origin && i === (only ?? i));
  const opened = openNoteBy(chain, note, origin);
  const checkpoint = shard >= 0 && opened.ok ? parseCheckpoint(opened.text) : null;
  if (checkpoint) return { ...checkpoint, from, shard };
  faults.add('other-key', from, `${from} is no checkpoint that was signed with this election's key`);
  return null;
}

function seenBy(witnesses: readonly Verifier[], { note }: KeptNote, checkpoint: SignedCheckpoint): Witnessed[] {
  return witnesses.flatMap((witness) => {
    const time = cosignedAt(note, witness);
    return time ? [{ ...checkpoint, by: witness.name, at: time.toISOString() }] : [];
  });
}
