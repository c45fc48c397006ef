/** Schemas of what the public pages ask for beside results. */
import { z } from 'zod';
import type * as pages from '../pages.ts';
import { attemptAnswer, progress, unitName } from './answers.ts';
import { atPosition, same, texts } from './common.ts';
import { one } from './requests.ts';

const whole = z.int();

export const unitsQuery = z.strictObject({
  q: one(z.string().max(100)).meta({ description: 'A code, or part of a name; diacritics and case do not matter' }),
});

const contest = z.object({
  id: z.string(),
  name: z.string(),
  names: texts.optional(),
  seats: whole,
  kind: z.enum(['first', 'rerun', 'additional', 'runoff']),
  unit: z.string(),
  progress: progress.optional(),
  published: z.boolean(),
  isCertified: z.boolean(),
});

export const overviewAnswer = same<pages.OverviewAnswer>()(
  z
    .object({
      ...atPosition,
      bodies: z.array(
        z.object({
          body: z.string().nullable(),
          contests: whole,
          seats: whole,
          certified: whole,
          progress: progress.optional(),
          listed: z.array(contest),
        }),
      ),
    })
    .meta({ id: 'Overview' }),
);

export const foundUnitsAnswer = same<pages.FoundUnitsAnswer>()(
  z
    .object({
      election: z.string(),
      found: z.array(z.object({ ...unitName, isStation: z.boolean(), path: z.array(z.object(unitName)) })),
      total: whole,
    })
    .meta({ id: 'FoundUnits' }),
);

export const correctionsAnswer = z
  .object({
    ...atPosition,
    corrections: z.array(
      z.object({
        station: z.object(unitName),
        path: z.array(z.object(unitName)),
        contest: z.object({ id: z.string(), name: z.string(), names: texts.optional() }),
        attempt: attemptAnswer,
      }),
    ),
  })
  .meta({ id: 'Corrections' });
