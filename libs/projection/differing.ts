/** What differs between two models, as comparing finds it. */
import type { Contest, Unit } from '#domain';
import type { AttemptDoc, NoteDoc, SheetDoc, TotalsDoc } from '#read-model';
import type { View } from './view.ts';

/** A document that says which offset it comes from. */
export interface Filed {
  readonly shard: number;
  readonly offset: number;
}

export type Found =
  | {
      readonly kind: 'sheet';
      readonly unit: Unit;
      readonly contest: Contest;
      readonly live: SheetDoc | undefined;
      readonly rebuilt: SheetDoc | undefined;
    }
  | {
      readonly kind: 'totals';
      readonly unit: Unit;
      readonly contest: Contest;
      readonly live: readonly TotalsDoc[];
      readonly rebuilt: readonly TotalsDoc[];
    }
  | {
      readonly kind: 'state';
      readonly unit: Unit;
      readonly contest: Contest;
      readonly place: Filed;
      readonly live: TotalsDoc | undefined;
      readonly rebuilt: TotalsDoc | undefined;
    }
  | {
      readonly kind: 'attempt';
      readonly place: Filed;
      readonly live: AttemptDoc | undefined;
      readonly rebuilt: AttemptDoc | undefined;
    }
  | {
      readonly kind: 'note';
      readonly note: string;
      readonly place: Filed;
      readonly live: NoteDoc | undefined;
      readonly rebuilt: NoteDoc | undefined;
    };

/** Two attempts at each offset, the live one's and the rebuilt one's; what is missing is undefined. */
export async function* attemptPairs(live: View, rebuilt: View, shard: number) {
  const to = live.position[shard]!;
  const readers = [live, rebuilt].map(({ snapshot }) => snapshot.attempts(shard, 0, to)[Symbol.asyncIterator]());
  const heads = await Promise.all(readers.map((reader) => reader.next()));
  for (let offset = 0; offset < to; offset += 1) {
    const pair: (AttemptDoc | undefined)[] = [];
    for (const [i, head] of heads.entries()) {
      const isThere = !head.done && head.value.offset === offset;
      pair.push(isThere ? head.value : undefined);
      if (isThere) heads[i] = await readers[i]!.next();
    }
    yield { offset, ours: pair[0], theirs: pair[1] };
  }
}
