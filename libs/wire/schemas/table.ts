/** Schemas of the flat table. */
import { z } from 'zod';
import type { TableAnswer } from '../table.ts';
import { atPosition, identifier, positionText, same, track } from './common.ts';
import { at, one } from './requests.ts';

export const tableParams = z.object({ election: identifier, contest: identifier });

export const tableQuery = z.strictObject({
  unit: one(identifier).meta({ description: 'Where the table begins; default: the root' }),
  level: one(identifier).meta({ description: 'Only units of this level' }),
  track: one(track),
  since: one(z.string().max(100_000)).meta({
    description: 'A position of an answer before: only rows that changed from it on',
  }),
  at,
  format: one(z.enum(['json', 'csv', 'xlsx'])),
});

export const tableAnswer = same<TableAnswer>()(
  z
    .object({
      ...atPosition,
      contest: z.string(),
      since: positionText.nullable(),
      columns: z.array(z.string()),
      rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
    })
    .meta({ id: 'Table', description: 'One row a unit. null: nothing received, or not public' }),
);
