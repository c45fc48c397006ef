/** What the environment says of MongoDB; composition roots make it a part of their own schema. */
import { z } from 'zod';
import type { MongoOptions } from './connection.ts';

const milliseconds = z.coerce.number('must be a number of milliseconds').int().min(100).max(600_000);

export const mongoEnvironment = z.object({
  /** With host names, TLS and credentials as MongoDB spells them. */
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://'),
  MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,63}$/, 'must be 1 to 63 letters, digits, _ or -')
    .default('tally'),
  MONGODB_SELECTION_TIMEOUT_MS: milliseconds.default(10_000),
  MONGODB_ANSWER_TIMEOUT_MS: milliseconds.default(30_000),
});

export function mongoOptions(found: z.output<typeof mongoEnvironment>): MongoOptions {
  return {
    uri: found.MONGODB_URI,
    database: found.MONGODB_DATABASE,
    selectionTimeoutMs: found.MONGODB_SELECTION_TIMEOUT_MS,
    answerTimeoutMs: found.MONGODB_ANSWER_TIMEOUT_MS,
  };
}
