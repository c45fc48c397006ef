/**
 * Sheets at rest: a shard keeps the state of every sheet, and nearly all of them stand as one person entered them and
 * are never touched again. Such a state is kept in about a fifth of the memory, its figures in four bytes each, and
 * given back as it was when the sheet is touched.
 */
import type { Figures } from './figures.ts';
import type { Finding } from './findings.ts';
import type { SheetState } from './sheet.ts';

/** A state in short; figures lie in the store it came from. */
export interface RestingSheet {
  readonly place: number;
  readonly revision: number;
  readonly isVerified: boolean;
  readonly by: readonly string[];
  readonly findings: readonly Finding[];
  readonly enteredOffset: number;
  readonly offset: number;
}

/** Numbers a chunk holds. Chunks, because one array that grows is copied and for a moment there twice. */
const CHUNK = 65_536;
const NO_FINDINGS: readonly Finding[] = [];

export class RestingSheets {
  readonly #chunks: Int32Array[] = [];
  /** Numbers used in the last chunk. */
  #used = CHUNK;
  /** Those who entered sheets are few: one list for each. */
  readonly #by = new Map<string, readonly string[]>();

  /** The state in short, null where that can't say it. `was`: what the same sheet was before; its room is used again. */
  rest(state: SheetState, was: RestingSheet | null): RestingSheet | null {
    const { newest, status } = state;
    if (!newest || newest !== state.standing || (status !== 'accepted' && status !== 'verified')) return null;
    const isVerified = status === 'verified';
    if (state.second || state.sealed || state.heldFor.length > 0 || state.standingVerified !== isVerified) return null;
    if (newest.revision !== state.revision || newest.by.length !== 1 || newest.figures.length > CHUNK) return null;
    for (const _name in newest.times) return null;
    const place = was ? was.place : this.#room(newest.figures.length);
    this.#chunks[Math.floor(place / CHUNK)]!.set(newest.figures, place % CHUNK);
    return {
      place,
      revision: state.revision,
      isVerified,
      by: this.#sharedBy(newest.by),
      findings: newest.findings.length > 0 ? newest.findings : NO_FINDINGS,
      enteredOffset: newest.offset,
      offset: state.offset,
    };
  }

  /** The state again; `length`: how many figures its contest has. */
  wake({ place, revision, isVerified, by, findings, enteredOffset, offset }: RestingSheet, length: number): SheetState {
    const start = place % CHUNK;
    const figures: Figures = Array.from(this.#chunks[Math.floor(place / CHUNK)]!.subarray(start, start + length));
    const entered = { revision, figures, times: {}, by, offset: enteredOffset, findings };
    return {
      revision,
      status: isVerified ? 'verified' : 'accepted',
      newest: entered,
      second: null,
      standing: entered,
      standingVerified: isVerified,
      heldFor: [],
      sealed: false,
      offset,
    };
  }

  #room(length: number): number {
    if (this.#used + length > CHUNK) {
      this.#chunks.push(new Int32Array(CHUNK));
      this.#used = 0;
    }
    const place = (this.#chunks.length - 1) * CHUNK + this.#used;
    this.#used += length;
    return place;
  }

  #sharedBy(by: readonly string[]): readonly string[] {
    const known = this.#by.get(by[0]!);
    if (known) return known;
    this.#by.set(by[0]!, by);
    return by;
  }
}
