/** What differs between two models, as comparing finds it. */
import type { Contest, Unit } from '#domain';
import type { AttemptDoc, NoteDoc, SheetDoc, TotalsDoc } from '#read-model';

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
