/** How costs grow with the size of an election: processor time, since others that use the machine change it least. */
import { type Row, times } from './table.ts';

export interface SizedRows {
  readonly sheets: number;
  readonly rows: readonly Row[];
}

/** What may be more than the strict factor before an aim counts as missed: figures of one run waver so much. */
const LEEWAY = 1.25;

export function growthRows(small: SizedRows, large: SizedRows): Row[] {
  const sheets = large.sheets / small.sheets;
  return small.rows.flatMap((before, i): Row[] => {
    const after = large.rows[i];
    if (before.cost === undefined || after?.cost === undefined) return [];
    const factor = after.cost / before.cost;
    const most = before.growth === 'constant' ? 1 : sheets;
    return [
      {
        figure: before.figure,
        measured: `× ${factor.toFixed(1)}`,
        limit: `sheets × ${sheets.toFixed(1)}`,
        ratio: times(factor, sheets),
        aim: before.growth === 'constant' ? 'constant' : 'linear or better',
        met: factor <= most * LEEWAY,
      },
    ];
  });
}
