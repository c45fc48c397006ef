/** Schemas of the operations board: what it may be asked, and its answers. */
import { z } from 'zod';
import { EVENT_TYPES, isTimestamp } from '#domain';
import type * as board from '../board.ts';
import { progress, sheetStatus } from './answers.ts';
import { atPosition, identifier, positionText, same, severity, texts } from './common.ts';
import { attemptMessage } from './live.ts';
import { one } from './requests.ts';

const whole = z.int();
const state = z.enum(['missing', 'late', 'held', 'disputed', 'awaiting', 'returned', 'annulled', 'sealed', 'closed']);
const limit = one(
  z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a number from 1 to 999')
    .transform(Number),
);

export const boardQuery = z.strictObject({ contest: one(identifier) });
export const minutesQuery = z.strictObject({
  contest: one(identifier),
  state: one(state).meta({ description: 'Default: missing. `late`: missing, though expected by now' }),
  after: one(z.string().max(130)).meta({ description: '`next` of the answer before' }),
  limit,
});
export const attemptsQuery = z.strictObject({ outcome: one(z.enum(['accepted', 'rejected'])), limit });

const moment = one(
  z
    .string()
    .refine(isTimestamp, 'must be a time (RFC 3339 with an offset)')
    .transform((text) => Date.parse(text)),
);
const eventType = z.preprocess(
  (value) => (typeof value === 'string' && !value.startsWith('tally.') ? `tally.${value}.v1` : value),
  z.enum(EVENT_TYPES),
);
const name = z.string().min(1).max(200);
export const attemptFilter = z.strictObject({
  unit: one(identifier).meta({ description: "About it or something below it; default: the account's own area" }),
  contest: one(identifier),
  actor: one(name).meta({ description: 'Id of an account' }),
  device: one(name),
  rule: one(name).meta({ description: 'A rule that found something' }),
  cause: one(z.enum(['entry', 'paper', 'recount', 'order'])),
  via: one(z.enum(['paper', 'phone', 'photo', 'device', 'import'])),
  outcome: one(z.enum(['accepted', 'rejected'])),
  rejection: one(identifier).meta({ description: 'Why it was rejected' }),
  status: one(sheetStatus).meta({ description: 'Of the sheet after it' }),
  type: one(eventType).meta({ description: '`tally.sheet.submitted.v1`, or short `sheet.submitted`' }),
  from: moment.meta({ description: 'Log time, not before (RFC 3339 with an offset)' }),
  to: moment.meta({ description: 'Log time, before' }),
});
export const attemptSearchQuery = z.strictObject({
  ...attemptFilter.shape,
  after: one(z.string().max(100_000)).meta({ description: '`next` of the answer before' }),
  limit,
  format: one(z.enum(['json', 'csv', 'ndjson'])).meta({ description: 'CSV and NDJSON are all there is, streamed' }),
});

const boardCounts = progress
  .extend({
    missing: whole.meta({ description: 'Not received' }),
    due: whole.meta({ description: 'Expected by now, by the rule of thumb in `expectation`' }),
  })
  .meta({ id: 'BoardCounts' });

const expectation = z.object({ closes: z.string(), afterCloseMinutes: whole, minutesPerHundredVoters: whole }).meta({
  id: 'Expectation',
  description:
    'When minutes can be expected: so long after the close of the polls, and so much longer for each hundred voters of ' +
    'the station (1,000 where the package does not say). A rule of thumb, the same for every election.',
});

export const boardAnswer = same<board.BoardAnswer>()(
  z
    .object({
      ...atPosition,
      unit: z.string(),
      contest: z.string().nullable(),
      counts: boardCounts,
      children: z.array(z.object({ unit: z.string(), isStation: z.boolean(), counts: boardCounts })),
      expectation,
    })
    .meta({ id: 'Board' }),
);

export const minutesAnswer = same<board.MinutesAnswer>()(
  z
    .object({
      ...atPosition,
      unit: z.string(),
      state,
      minutes: z.array(
        z.object({
          station: z.string(),
          name: z.string(),
          names: texts.optional(),
          contest: z.string(),
          status: sheetStatus,
          revision: whole,
          sealed: z.boolean(),
          closed: z.boolean(),
          registered: whole.nullable(),
          expectedAt: z.string(),
        }),
      ),
      next: z.string().nullable(),
    })
    .meta({ id: 'MinutesList' }),
);

const arrivalPoints = z.array(z.object({ time: z.string(), received: whole }));

export const arrivalsAnswer = same<board.ArrivalsAnswer>()(
  z
    .object({
      ...atPosition,
      unit: z.string(),
      contest: z.string(),
      stations: whole,
      arrived: arrivalPoints,
      expected: arrivalPoints,
      expectation,
    })
    .meta({ id: 'Arrivals' }),
);

export const rulesAnswer = same<board.RulesAnswer>()(
  z
    .object({
      ...atPosition,
      unit: z.string(),
      rules: z.array(z.object({ rule: z.string(), severity, sheets: whole, held: whole })),
    })
    .meta({ id: 'RuleCounts' }),
);

export const attemptsAnswer = z
  .object({ ...atPosition, unit: z.string(), attempts: z.array(attemptMessage) })
  .meta({ id: 'Attempts' });

export const attemptSearchAnswer = attemptsAnswer
  .extend({
    next: positionText.nullable().meta({
      description: '`after` of the rest, null where this is all. A page may be short, or empty, and have a next one',
    }),
  })
  .meta({ id: 'FoundAttempts' });

export const operationAnswer = same<board.OperationAnswer>()(
  z
    .object({
      ...atPosition,
      lag: z.object({ events: whole, ms: z.number() }),
      shards: z.array(z.object({ shard: whole, folded: whole, end: whole, eventsLastMinute: whole })),
      eventsLastMinute: whole,
      eventsLastTenMinutes: whole,
      processes: z.array(
        z.object({
          id: z.string().meta({ description: 'Host and process id' }),
          role: z.enum(['api', 'gateway', 'projector', 'standalone']),
          startedAt: z.string(),
          heardAt: z.string(),
          isHeardOf: z.boolean().meta({ description: 'False where nothing was heard of it for 15 seconds' }),
          shards: z.array(whole).meta({ description: 'Of this election: those that it folds' }),
          clients: whole.nullable().meta({ description: 'Of its live feed; null where it has none' }),
        }),
      ),
    })
    .meta({ id: 'Operation' }),
);
