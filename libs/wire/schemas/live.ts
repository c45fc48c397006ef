/** Schemas of the live feed (contracts §6): requests are validated with them, all are described in the AsyncAPI document. */
import { z } from 'zod';
import { attemptAnswer, freezeAnswer, resultRow } from './answers.ts';
import { identifier, positionText, track } from './common.ts';

const asOf = z.string().nullable().meta({ description: 'Log time of the newest record taken in (RFC 3339)' });

export const watchRequest = z
  .object({
    election: identifier,
    unit: identifier,
    contest: identifier.optional().meta({ description: 'Left out: every contest at the unit' }),
    track: track.default('provisional'),
    children: z.boolean().optional().meta({ description: 'Also the units directly below' }),
    position: z
      .string()
      .max(100_000)
      .optional()
      .meta({ description: 'What the client holds already: the snapshot waits a moment to be no older' }),
  })
  .meta({ id: 'WatchRequest' });
export const unwatchRequest = watchRequest.omit({ position: true }).meta({ id: 'UnwatchRequest' });
export const feedRequest = z.object({ election: identifier, unit: identifier }).meta({ id: 'FeedRequest' });

export const watchSnapshot = z
  .object({ position: positionText, asOf, totals: z.array(resultRow), children: z.array(resultRow) })
  .meta({ id: 'WatchSnapshot' });

export const totalsMessage = z
  .object({
    election: z.string(),
    unit: z.string(),
    contest: z.string().nullable(),
    track,
    from: positionText,
    to: positionText,
    asOf,
    changes: z
      .array(resultRow)
      .meta({ description: 'All that changed after `from` up to `to`: absolute values at `to`; null: gone' }),
  })
  .meta({ id: 'TotalsMessage' });

export const positionMessage = z
  .object({
    election: z.string(),
    position: positionText,
    asOf,
    lag: z
      .object({ events: z.int(), ms: z.number() })
      .meta({ description: 'What lies in the log and is not folded yet' }),
    freeze: freezeAnswer.optional(),
  })
  .meta({ id: 'PositionMessage' });

export const attemptMessage = attemptAnswer
  .extend({
    election: z.string(),
    subject: z.string().nullable(),
    station: z.string().nullable(),
    contest: z.string().nullable(),
  })
  .meta({ id: 'AttemptMessage' });

export const feedGapMessage = z
  .object({ election: z.string(), unit: z.string(), skipped: z.int() })
  .meta({ id: 'FeedGapMessage', description: 'More came in than a feed carries: so many lines were left out' });
