/** Schemas of what the API says about something that was sent. */
import { z } from 'zod';
import type { DeviceAnswer } from '../answers.ts';
import { attemptAnswer, finding, progress } from './answers.ts';
import { attemptPlace, positionText, role, same } from './common.ts';

const whole = z.int();
const problems = z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }));

/** The operator's signed word that an event lies in the log. */
export const receipt = z
  .object({
    id: z.string().meta({ description: '`SHARD-OFFSET-CODE`' }),
    election: z.string(),
    code: z.string().meta({ description: 'For reading aloud: the first 40 bits of the digest' }),
    digest: z.string().meta({ description: 'Leaf hash (RFC 6962) of the event, lower-case hex' }),
    attempt: attemptPlace,
    note: z.string().meta({ description: 'C2SP signed note over election, place and digest' }),
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.output<typeof receipt>;

export const provenReceipt = receipt
  .extend({
    checkpoint: z.string().meta({ description: 'C2SP checkpoint of the shard' }),
    proof: z.array(z.string()).meta({ description: 'Inclusion proof under the checkpoint (RFC 6962), base64' }),
  })
  .meta({ id: 'ProvenReceipt' });

/** The election heads that were signed and kept. */
export const keptHeads = z
  .object({
    heads: z.array(
      z.object({
        events: whole.meta({ description: 'Of all shards together' }),
        time: z.string().meta({ description: 'When it was signed' }),
        hasFingerprint: z.boolean().meta({ description: 'Whether it names the fingerprint of the results there' }),
        note: z.string().meta({ description: 'C2SP signed note' }),
      }),
    ),
  })
  .meta({ id: 'KeptHeads' });
export type KeptHeads = z.output<typeof keptHeads>;

/** Answer to one sheet: 201, and 200 to a repeat. */
export const sheetOutcome = z
  .object({
    station: z.string(),
    contest: z.string(),
    revision: whole,
    status: z.string(),
    findings: z.array(finding),
    position: positionText.meta({ description: 'A position at which this is true: the sheet is counted in it' }),
    id: z.string(),
    attempt: attemptPlace,
    receipt: receipt.nullable().meta({ description: 'Keep it; null where the installation has no key' }),
  })
  .meta({ id: 'SheetOutcome' });
export type SheetOutcome = z.output<typeof sheetOutcome>;

/** In the log, not yet folded. */
export const pendingOutcome = z
  .object({ id: z.string(), status: z.literal('pending'), attempt: attemptPlace })
  .meta({ id: 'PendingOutcome' });

export const BATCH_OUTCOMES = [
  'accepted',
  'held',
  'awaiting',
  'disputed',
  'unchanged',
  'conflict',
  'refused',
  'pending',
  'unconfirmed',
] as const;

/** One line for a line of a batch. */
export const batchOutcome = z
  .object({
    line: whole.meta({ description: 'Number of the line in the request, from 1' }),
    outcome: z.enum(BATCH_OUTCOMES),
    id: z.string().optional(),
    station: z.string().optional(),
    contest: z.string().optional(),
    revision: whole.optional(),
    status: z.string().optional(),
    findings: z.array(finding).optional(),
    position: positionText.optional(),
    attempt: attemptPlace.optional(),
    receipt: z
      .string()
      .optional()
      .meta({ description: 'Of a line that was taken in: GET …/receipts/{id} gives it, signed' }),
    problems: problems.optional(),
    rejection: z.string().optional(),
    detail: z.string().optional(),
  })
  .meta({ id: 'BatchOutcome' });
export type BatchOutcome = z.output<typeof batchOutcome>;

/** What became of an act that is not on a sheet. */
export const actOutcome = z
  .object({
    id: z.string(),
    type: z.string(),
    subject: z.string(),
    outcome: z.literal('accepted'),
    position: positionText,
    attempt: attemptPlace,
  })
  .meta({ id: 'ActOutcome' });
export type ActOutcome = z.output<typeof actOutcome>;

export const eventAnswer = z
  .object({
    id: z.string(),
    status: z.enum(['pending', 'folded']),
    subject: z.string().optional(),
    attempt: attemptAnswer.optional(),
  })
  .meta({ id: 'Event' });

export const openedAnswer = z
  .object({
    id: z.string(),
    definition: z.string(),
    outcome: z.enum(['opened', 'already-open']),
    summary: z.record(z.string(), z.union([z.string(), whole])),
  })
  .meta({ id: 'Opened' });

export const fingerprintAnswer = z
  .object({
    election: z.string(),
    position: positionText,
    asOf: z.string().nullable(),
    contest: z.string().nullable(),
    fingerprint: z.string(),
  })
  .meta({ id: 'Fingerprint' });
export type FingerprintAnswer = z.output<typeof fingerprintAnswer>;

export const accountAnswer = z
  .object({
    id: z.string(),
    role,
    unit: z.string().nullable(),
    election: z.string().nullable(),
    name: z.string().nullable(),
    createdAt: z.string(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'Account' });
export const tokenAnswer = accountAnswer
  .extend({ token: z.string() })
  .meta({ id: 'Token', description: 'The secret is shown once.' });
export const tokensAnswer = z.object({ accounts: z.array(accountAnswer) }).meta({ id: 'Accounts' });

const doneBy = { at: z.string(), position: attemptPlace, by: z.string() };
export const devicesAnswer = z
  .object({
    devices: z.array(
      same<DeviceAnswer>()(
        z
          .object({
            device: z.string().meta({ description: 'Its id: the first 32 hex digits of the SHA-256 of its key' }),
            unit: z.string(),
            role,
            key: z.string().meta({ description: 'Ed25519, 32 bytes in base64' }),
            enrolled: z.object(doneBy),
            revoked: z.object({ ...doneBy, reason: z.string() }).nullable(),
          })
          .meta({ id: 'Device' }),
      ),
    ),
  })
  .meta({ id: 'Devices' });

export const findingsAnswer = z
  .object({
    election: z.string(),
    position: positionText,
    asOf: z.string().nullable(),
    findings: z.array(
      z.object({
        station: z.string(),
        contest: z.string(),
        revision: whole,
        status: z.string(),
        rule: z.string(),
        severity: z.string(),
      }),
    ),
  })
  .meta({ id: 'Findings' });

export const replayLine = z
  .union([
    z.object({ stage: z.enum(['rebuilding', 'comparing']), done: whole, total: whole }),
    z.object({ report: z.record(z.string(), z.unknown()) }),
    z.object({ problem: z.record(z.string(), z.unknown()) }),
  ])
  .meta({ id: 'ReplayLine' });

export const healthAnswer = z
  .object({ status: z.enum(['up', 'down']), detail: z.string().optional() })
  .meta({ id: 'Health' });
export { progress };
