/** Opens checkpoints that witnesses cosigned. */
import {
  cosignedAt,
  type ElectionHead,
  type KeyChain,
  openNoteBy,
  parseCheckpoint,
  shardOrigin,
  type TreeHead,
  type Verifier,
} from '#transparency';
import type { Faults } from './faults.ts';

/** A signed note that somebody kept. */
export interface KeptNote {
  /** What it is called in messages. */
  readonly from: string;
  readonly note: string;
}

/** A checkpoint, and who saw it when. */
export interface Witnessed extends TreeHead {
  readonly from: string;
  readonly shard: number;
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
export function openCosigned({ faults, head, chain, witnesses }: Parts, notes: readonly KeptNote[]): Witnessed[] {
  return notes.flatMap(({ from, note }) => {
    const origin = note.slice(0, note.indexOf('\n'));
    const shard = head.shards.findIndex((_, i) => shardOrigin(head.election, i) === origin);
    const opened = openNoteBy(chain, note, origin);
    const checkpoint = shard >= 0 && opened.ok ? parseCheckpoint(opened.text) : null;
    if (!checkpoint) {
      faults.add('other-key', from, `${from} is no checkpoint that was signed with this election's key`);
      return [];
    }
    for (const witness of witnesses) {
      const time = cosignedAt(note, witness);
      if (time) return [{ ...checkpoint, from, shard, by: witness.name, at: time.toISOString() }];
    }
    const names = witnesses.map(({ name }) => name).join(', ');
    faults.add('not-cosigned', from, `${from} was not cosigned by ${names === '' ? 'a witness that is known' : names}`);
    return [];
  });
}
