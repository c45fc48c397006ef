/**
 * The changes feed: what projection workers tell apis and gateways, as messages of a broadcast. A batch of a current
 * version is told whole, in several pieces where it is large; of every version its position is told again and again, so
 * that a lost message leaves nobody behind.
 */
import { randomUUID } from 'node:crypto';
import type { AttemptDoc, NoteDoc, TotalsDoc } from '#read-model';
import type { Changes } from '../shard-worker.ts';

/** How far a version of an election's model is written in one shard. */
export interface Reached {
  readonly version: number;
  readonly shard: number;
  /** Next offset to be written. */
  readonly at: number;
}

export type FeedMessage =
  | { readonly kind: 'batch'; readonly changes: Changes }
  | { readonly kind: 'position'; readonly reached: Reached }
  /** Another version was made current: look at the pointer. */
  | { readonly kind: 'pointer' };

/** A piece has at most about so many bytes, so that brokers take it. */
const PIECE_BYTES = 400_000;
/** Batches of which pieces are missing are given up when there are more than so many. */
const MOST_INCOMPLETE = 64;

interface PieceHead extends Omit<Changes, 'attempts' | 'notes' | 'totals'> {
  /** Names the batch of this sender. */
  readonly batch: string;
  readonly piece: number;
  readonly pieces: number;
}

interface Piece extends PieceHead {
  readonly attempts: readonly AttemptDoc[];
  readonly notes: readonly NoteDoc[];
  readonly totals: readonly TotalsDoc[];
}

type PieceTexts = Record<'attempts' | 'notes' | 'totals', string[]>;

/** A batch as the values of messages. */
export function encodeChanges(changes: Changes): Buffer[] {
  const pieces: PieceTexts[] = [];
  let room = 0;
  for (const part of ['attempts', 'notes', 'totals'] as const)
    for (const doc of changes[part]) {
      const text = JSON.stringify(doc);
      if (text.length > room) {
        pieces.push({ attempts: [], notes: [], totals: [] });
        room = PIECE_BYTES;
      }
      pieces.at(-1)![part].push(text);
      room -= text.length;
    }
  const { election, version, shard, from, to, asOf } = changes;
  const batch = randomUUID();
  return pieces.map(({ attempts, notes, totals }, piece) => {
    const head: PieceHead = { election, version, shard, from, to, asOf, batch, piece, pieces: pieces.length };
    const lists = `"attempts":[${attempts.join()}],"notes":[${notes.join()}],"totals":[${totals.join()}]`;
    return Buffer.from(`{"kind":"piece",${JSON.stringify(head).slice(1, -1)},${lists}}`);
  });
}

export function encodePosition(reached: Reached): Buffer {
  return Buffer.from(JSON.stringify({ kind: 'position', reached } satisfies FeedMessage));
}

export function encodePointer(): Buffer {
  return Buffer.from(JSON.stringify({ kind: 'pointer' } satisfies FeedMessage));
}

/** Puts the pieces of batches together again. */
export class FeedReader {
  readonly #incomplete = new Map<string, { readonly pieces: (Piece | undefined)[]; left: number }>();

  /** What a message says; undefined where it is a piece of a batch of which others are missing. Throws where it is no message of the feed. */
  read(value: Uint8Array): FeedMessage | undefined {
    const message = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()) as
      | FeedMessage
      | ({ readonly kind: 'piece' } & Piece);
    if (message.kind !== 'piece') return message;
    const whole = this.#complete(message);
    return whole && { kind: 'batch', changes: join(whole) };
  }

  #complete(piece: Piece): readonly Piece[] | undefined {
    if (piece.pieces === 1) return [piece];
    const known = this.#incomplete.get(piece.batch) ?? { pieces: new Array(piece.pieces), left: piece.pieces };
    this.#incomplete.set(piece.batch, known);
    if (!known.pieces[piece.piece]) known.left -= 1;
    known.pieces[piece.piece] = piece;
    if (known.left === 0) {
      this.#incomplete.delete(piece.batch);
      return known.pieces as Piece[];
    }
    if (this.#incomplete.size > MOST_INCOMPLETE) {
      const [oldest] = this.#incomplete.keys();
      this.#incomplete.delete(oldest!);
    }
    return undefined;
  }
}

function join(pieces: readonly Piece[]): Changes {
  const { election, version, shard, from, to, asOf } = pieces[0]!;
  return {
    election,
    version,
    shard,
    from,
    to,
    asOf,
    attempts: pieces.flatMap(({ attempts }) => attempts),
    notes: pieces.flatMap(({ notes }) => notes),
    totals: pieces.flatMap(({ totals }) => totals),
  };
}
