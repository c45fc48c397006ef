/** `GET …/tables/{contest}?unit&level&track&since`: one row a unit, for those who work with figures further. */
import type { AtPosition } from './answers.ts';

export interface TableAnswer extends AtPosition {
  readonly contest: string;
  /** Position from which on the rows changed; null: every row. */
  readonly since: string | null;
  /** `unit`, `name`, `level`, `parent`, then `progress.…`, `field.…`, `votes.…`, and `present.…` for optional fields. */
  readonly columns: readonly string[];
  /** In the order of the columns; null: nothing received, or not public. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}
