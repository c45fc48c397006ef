/** Schemas of what the API says about something that was sent. */
import { z } from 'zod';
import type { DeviceAnswer } from '../answers.ts';
import type { ReplayReport, ReplayStateAnswer } from '../replay.ts';
import { attemptAnswer, finding, progress } from './answers.ts';
import { attemptPlace, positionText, role, same, track } from './common.ts';

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
      .union([z.string(), receipt])
      .optional()
      .meta({ description: 'Of a line that was taken in: its id, or with `receipts=signed` the receipt itself' }),
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

const value = z.union([z.number(), z.string()]).nullable();
const replayCause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), at: attemptPlace }),
  z.object({ kind: z.literal('older'), at: attemptPlace }),
  z.object({ kind: z.literal('between'), after: attemptPlace.nullable(), at: attemptPlace }),
  z.object({ kind: z.literal('store') }),
]);

const replayReport = same<ReplayReport>()(
  z
    .object({
      election: z.string(),
      position: positionText,
      compared: whole.meta({ description: 'Nodes: a contest at a unit, of every level' }),
      attempts: whole,
      different: whole,
      differences: z
        .array(
          z.object({
            node: z.string(),
            live: z.unknown(),
            rebuilt: z.unknown(),
            unit: z.string().nullable(),
            contest: z.string().nullable(),
            figures: z.array(z.object({ track: track.nullable(), key: z.string(), live: value, rebuilt: value })),
            cause: replayCause.meta({
              description:
                '`event`: the live model took it otherwise; `older`: the first that its document lacks; `between`: kept full states part; `store`: no event explains it',
            }),
          }),
        )
        .meta({ description: 'The first hundred' }),
      live: z.string(),
      rebuilt: z.string(),
      switched: z.boolean(),
      events: whole,
      seconds: z.number(),
    })
    .meta({ id: 'ReplayReport' }),
);

export const replayLine = z
  .union([
    z.object({ stage: z.enum(['rebuilding', 'comparing']), done: whole, total: whole, behind: whole.optional() }),
    z.object({ report: replayReport }),
    z.object({ problem: z.record(z.string(), z.unknown()) }),
  ])
  .meta({ id: 'ReplayLine' });

export const replayState = same<ReplayStateAnswer>()(
  z
    .object({
      election: z.string(),
      stage: z.enum(['none', 'rebuilding', 'comparing', 'compared', 'switched', 'ended', 'failed']),
      startedAt: z.string().nullable(),
      done: whole,
      total: whole,
      perSecond: z.number().nullable(),
      secondsLeft: z.number().nullable(),
      behind: whole.meta({ description: 'Events that the rebuilt model is behind the live one' }),
      report: replayReport.nullable(),
      keptUntil: z.string().nullable().meta({ description: 'How long the model beside the live one is kept' }),
      problem: z.enum(['interrupted', 'failed']).nullable(),
    })
    .meta({ id: 'ReplayState' }),
);

export const healthAnswer = z
  .object({ status: z.enum(['up', 'down']), detail: z.string().optional() })
  .meta({ id: 'Health' });
export { progress };
