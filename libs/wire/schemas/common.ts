/** Schemas of what appears everywhere: identifiers, ids, times, tracks, texts. */
import { z } from 'zod';

/** Letters, digits, `.`, `_`, `-`; 64 at most (contracts, head). */
export const identifier = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')
  .meta({ description: 'ASCII letters, digits, `.`, `_`, `-`; at most 64' });

export const eventId = z
  .string()
  .regex(
    /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/,
    'must be a UUID, made by the sender',
  )
  .meta({ description: 'A UUID made by the sender before sending: it makes a repeat harmless', format: 'uuid' });

export const reason = z
  .string()
  .max(2_000)
  .regex(/\S/, 'must say something')
  .meta({ description: 'Why. It becomes part of the log, for good.' });

export const count = z.int().min(0).max(999_999_999).meta({ description: 'A whole number, digits only' });
export const timestamp = z.string().max(40).meta({ description: 'RFC 3339 with an offset', format: 'date-time' });
export const positionText = z.string().meta({
  description: 'How far each shard has been read: `SHARD:NEXT_OFFSET`, every shard, in order, e.g. `0:1234,1:99`',
});
export const attemptPlace = z.string().meta({ description: 'Where an event lies: `SHARD:OFFSET`' });
export const track = z.enum(['provisional', 'verified', 'all']);
export const severity = z.enum(['info', 'warning', 'error']);
export const texts = z.record(z.string(), z.string()).meta({ description: 'A text by language' });
export const figures = z.record(z.string(), count);
export const role = z.enum(['clerk', 'reviewer', 'verifier', 'certifier', 'manager', 'observer']);

/** Fails to compile where a schema gives something that its answer type would not take. */
type Same<T extends z.ZodType, Answer> = z.output<T> extends Answer ? T : never;
/** A schema of an answer in `#wire`: keeps the two from drifting apart. */
export const same =
  <Answer>() =>
  <T extends z.ZodType>(schema: Same<T, Answer> & T): T =>
    schema;

export const atPosition = { election: z.string(), position: positionText, asOf: z.string().nullable() };
