/** Schemas of what clients send over HTTP. Sheets are described here but checked by the domain (`checkSheet`). */
import { z } from 'zod';
import {
  attemptPlace,
  count,
  eventId,
  identifier,
  positionText,
  reason,
  role,
  severity,
  timestamp,
  track,
} from './common.ts';

const figuresSent = {
  fields: z.record(z.string().max(64), z.union([count, timestamp])),
  votes: z.record(z.string().max(64), count),
};
const evidence = z.array(z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256:<64 hex digits>')).max(100);

export const submittedSheet = z
  .strictObject({
    id: eventId,
    station: identifier,
    contest: identifier,
    expectedRevision: count.meta({
      description: 'The highest revision you saw; 0 for a first sheet. May be left out in a batch.',
    }),
    ...figuresSent,
    at: timestamp.optional(),
    via: z.enum(['paper', 'phone', 'photo', 'device', 'import']).optional(),
    cause: z.enum(['entry', 'paper', 'recount', 'order']).optional(),
    reason: reason.optional(),
    acknowledged: z.array(z.string().max(200)).max(100).optional(),
    evidence: evidence.optional(),
    device: identifier.optional().meta({ description: 'The device that signed it, as it was enrolled' }),
    signature: z.string().length(88).optional().meta({
      description: 'Of the device, Ed25519 in base64, over what docs/reference/device-signatures.md says',
    }),
  })
  .meta({ id: 'SubmittedSheet' });

export const batchLine = submittedSheet
  .partial({ id: true, expectedRevision: true })
  .meta({ id: 'BatchLine', description: 'A sheet; id and expectedRevision may be left out.' });

export const act = z.strictObject({ id: eventId, reason }).meta({ id: 'Act' });
export const verification = z.strictObject({ id: eventId, reason: reason.optional() }).meta({ id: 'Verification' });
export const resolution = z.strictObject({ id: eventId, reason, ...figuresSent }).meta({ id: 'Resolution' });
export const enrolment = z
  .strictObject({
    id: eventId,
    unit: identifier.meta({ description: 'The unit whose sheets it may sign, and of all below' }),
    key: z
      .string()
      .regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'must be an Ed25519 public key, 32 bytes in base64')
      .meta({ description: 'The public key, Ed25519: 32 bytes in base64' }),
    role: role.optional().meta({ description: 'Of whoever holds it; default: clerk' }),
    reason: reason.optional(),
  })
  .meta({ id: 'Enrolment' });
export const closing = z.strictObject({ id: eventId, reason, into: identifier.optional() }).meta({ id: 'Closing' });
export const certification = z
  .strictObject({
    id: eventId,
    reason,
    fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits'),
  })
  .meta({ id: 'Certification' });
export const minutes = z
  .strictObject({
    id: eventId,
    unit: identifier,
    contest: identifier,
    ...figuresSent,
    reason,
    at: timestamp.optional(),
    evidence: evidence.optional(),
  })
  .meta({
    id: 'Minutes',
    description: "A body's signed figures for one of its units: compared, never counted. Fields may be left out.",
  });
export const keyRotation = z
  .strictObject({
    key: z
      .string()
      .max(300)
      .meta({ description: 'The present key, as GET …/log/key says: nobody rotates twice where once was meant' }),
  })
  .meta({ id: 'KeyRotation' });
export const replayRequest = z.strictObject({ switch: z.boolean().optional() }).meta({ id: 'ReplayRequest' });

export const replaySwitch = z.strictObject({ to: z.enum(['rebuilt', 'former']) }).meta({ id: 'ReplaySwitch' });

export const newToken = z
  .strictObject({
    role,
    unit: identifier
      .nullable()
      .optional()
      .meta({ description: 'The unit the role is held for, and all below; null: everywhere' }),
    name: z.string().max(200).nullable().optional(),
  })
  .meta({ id: 'NewToken' });

/* ------------------------------------------------------------ addresses */

export const electionParams = z.object({ election: identifier });
export const unitParams = z.object({ election: identifier, unit: identifier });
export const stationParams = z.object({ election: identifier, station: identifier });
export const sheetParams = z.object({ election: identifier, station: identifier, contest: identifier });
export const contestParams = z.object({ election: identifier, contest: identifier });
export const candidateParams = z.object({ election: identifier, contest: identifier, number: z.string().max(64) });
export const eventParams = z.object({ election: identifier, event: z.string().max(64) });
export const deviceParams = z.object({ election: identifier, device: identifier });
export const tokenParams = z.object({ election: identifier, account: identifier });

const LAST = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value);
export const one = <T extends z.ZodType>(schema: T) => z.preprocess(LAST, schema).optional();
const SPLIT = (value: unknown): unknown =>
  (Array.isArray(value) ? value : [value]).flatMap((part) => (typeof part === 'string' ? part.split(',') : [part]));

/** `track=a&track=b` or `track=a,b`. */
const tracks = z.preprocess(SPLIT, z.array(track).min(1)).optional();
const depth = one(
  z.union([
    z.literal('all'),
    z
      .string()
      .regex(/^\d{1,2}$/, 'must be a number of steps or "all"')
      .transform(Number),
  ]),
);
export const at = one(z.string().max(100_000)).meta({
  description: 'A position, or a time (redirects to its position)',
});

export const resultsQuery = z.strictObject({
  contest: one(identifier),
  body: one(identifier),
  track: tracks,
  at,
  depth,
  level: one(identifier),
});
export const childrenQuery = z.strictObject({ contest: one(identifier), body: one(identifier), track: tracks, at });
export const csvQuery = z.strictObject({ unit: one(identifier), ...resultsQuery.shape });
export const timelineQuery = z.strictObject({ contest: one(identifier), track: one(track), at });
export const lineageQuery = z.strictObject({
  contest: one(identifier),
  track: one(track),
  key: one(z.string().regex(/^(field|votes)\.[A-Za-z0-9._-]{1,64}$/, 'must be field.<id> or votes.<number>')),
  at,
});
export const findingsQuery = z.strictObject({
  unit: one(identifier),
  contest: one(identifier),
  rule: one(z.string().max(200)),
  severity: one(severity),
  format: one(z.enum(['json', 'csv'])),
});
export const batchQuery = z.strictObject({
  receipts: one(z.enum(['id', 'signed'])).meta({ description: 'What each line that was taken in has of its receipt' }),
});
/** Of what is read as it was. */
export const atQuery = z.strictObject({ at });
export const unitQuery = z.strictObject({
  contests: z
    .literal('near')
    .optional()
    .meta({ description: 'At most 100 contests, those held over the largest areas, and `contest`; else all' }),
  contest: identifier.optional(),
});
export const fingerprintQuery = z.strictObject({ contest: one(identifier), at });
export const eventQuery = z.strictObject({ at: one(attemptPlace) });
export const noQuery = z.object({});
export const position = positionText;

export const receiptParams = z.object({
  election: identifier,
  receipt: z.string().max(64).meta({ description: 'As the receipt says: SHARD-OFFSET-CODE' }),
});
export const headsQuery = z.strictObject({
  limit: one(z.string().regex(/^([1-9]\d?|100)$/, 'must be a number from 1 to 100')),
});
const shard = z.string().regex(/^(0|[1-9]\d{0,4})$/, 'must be the number of a shard');
export const headQuery = z.strictObject({ fingerprint: one(z.literal('yes')) });
export const checkpointQuery = z.strictObject({
  size: one(z.string().regex(/^(0|[1-9]\d{0,14})$/, 'must be a number of events')),
});
export const shardParams = z.object({ election: identifier, shard });
export const tileParams = z.object({
  election: identifier,
  shard,
  level: z.string().regex(/^(entries|\d{1,2})$/, 'must be a level, or entries'),
  tile: z.string().max(60).meta({ description: 'Number of the tile, and its width where it is not full' }),
});
