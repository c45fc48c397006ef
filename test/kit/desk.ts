/** Given–when–then over the fold of an election: what was written goes through `ShardFold`, shard by shard. */
import { type Election, type Folded, type FoldedPart, type FoldedSheet, type NodeTotals, ShardFold } from '#domain';
import { Author, type Written } from './author.ts';

export class Desk {
  readonly author: Author;
  readonly #folds: readonly ShardFold[];
  readonly #sheets = new Map<string, FoldedSheet>();
  readonly #parts = new Map<string, FoldedPart>();
  #last: Folded | null = null;

  constructor(election: Election, options: { open?: boolean } = {}) {
    this.author = new Author(election, options);
    const { shards } = election.definition;
    this.#folds = Array.from({ length: shards }, (_, shard) => new ShardFold(election, shard, 64));
    for (const record of this.author.records) this.take(record);
  }

  /** Folds what the author wrote last, and says what became of it: its rejection, or the status it led to. */
  when(write: (author: Author) => Written): string {
    return this.take(write(this.author));
  }

  /** Folds bytes that no author of events would write. */
  whenBytes(value: Uint8Array, { shard = 0, key = 'P' } = {}): string {
    return this.take({ shard, offset: this.#folds[shard]!.next, key, value });
  }

  take({ shard, offset, key, value }: Pick<Written, 'shard' | 'offset' | 'key' | 'value'>): string {
    const fold = this.#folds[shard]!;
    this.#last = fold.fold({ offset, key, value });
    const { sheets, parts } = fold.drain();
    for (const sheet of sheets) this.#sheets.set(`${sheet.station}/${sheet.contest}`, sheet);
    for (const part of parts) this.#parts.set(`${part.unit}/${part.contest}/${shard}`, part);
    return this.#last.rejection ?? this.#last.status ?? 'accepted';
  }

  get last(): Folded {
    return this.#last!;
  }

  sheet(station: string, contest: string): FoldedSheet | undefined {
    return this.#sheets.get(`${station}/${contest}`);
  }

  /** The part of the shard of a unit with that code, or of shard 0. */
  totals(unit: string, contest: string, shard = 0): NodeTotals | undefined {
    return this.#parts.get(`${unit}/${contest}/${shard}`)?.totals;
  }
}
