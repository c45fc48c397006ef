/** Schemas of the answers in `../answers.ts`, for the OpenAPI document; `Same` keeps the two from drifting apart. */
import { z } from 'zod';
import type * as answers from '../answers.ts';
import { atPosition, attemptPlace, figures, positionText, role, same, severity, texts, track } from './common.ts';

const whole = z.int();

export const progress = z
  .object({
    stations: whole,
    received: whole,
    counted: whole,
    verified: whole,
    held: whole,
    disputed: whole,
    awaiting: whole,
    returned: whole,
    annulled: whole,
    sealed: whole,
    closed: whole,
    registered: whole,
    registeredCounted: whole,
  })
  .meta({ id: 'Progress' });

export const spelledTotals = same<answers.SpelledTotals>()(
  z
    .object({ fields: figures, votes: figures, present: figures.optional(), shareOf: whole.optional() })
    .meta({ id: 'Totals' }),
);

export const resultNode = same<answers.ResultNode>()(
  z
    .object({
      unit: z.string(),
      contest: z.string(),
      progress: progress.optional(),
      tracks: z.object({
        provisional: spelledTotals.optional(),
        verified: spelledTotals.optional(),
        all: spelledTotals.optional(),
      }),
      published: z.boolean(),
    })
    .meta({
      id: 'ResultNode',
      description: 'A contest at a unit. A track without counted sheets is left out: nothing received is not zero.',
    }),
);

export const resultsAnswer = same<answers.ResultsAnswer>()(
  z.object({ ...atPosition, nodes: z.array(resultNode) }).meta({ id: 'Results' }),
);

export const resultRow = same<answers.ResultRow>()(
  z
    .object({
      unit: z.string(),
      contest: z.string(),
      track: z.union([track, z.literal('')]),
      key: z.string(),
      value: whole.nullable(),
    })
    .meta({ id: 'ResultRow' }),
);

export const unitName = { code: z.string(), level: z.string(), name: z.string(), names: texts.optional() };

export const certifiedState = same<answers.CertifiedState>()(
  z
    .union([
      z.object({ state: z.literal('open') }),
      z.object({
        state: z.literal('certified'),
        fingerprint: z.string(),
        position: positionText,
        at: z.string(),
        changedSince: z.boolean(),
      }),
    ])
    .meta({ id: 'CertifiedState' }),
);

const formField = z
  .object({
    id: z.string(),
    name: texts,
    role: z
      .enum(['registered', 'voted', 'issued', 'spoiled', 'unused', 'collected', 'valid', 'invalid', 'blank'])
      .optional(),
    optional: z.literal(true).optional(),
    repeat: z.literal('seats').optional(),
    type: z.literal('time').optional(),
  })
  .meta({ id: 'FormField' });

const candidate = z
  .object({
    contest: z.string(),
    number: z.string(),
    name: z.string(),
    names: texts.optional(),
    party: z.string().optional(),
    birthDate: z.string().optional(),
    gender: z.string().optional(),
    list: z.string().optional(),
    color: z.string().optional(),
    withdrawn: z.literal(true).optional(),
  })
  .meta({ id: 'Candidate' });

export const contestSummary = same<answers.ContestSummary>()(
  z
    .object({
      id: z.string(),
      name: z.string(),
      names: texts.optional(),
      body: z.string().optional(),
      seats: whole,
      form: z.string(),
      decision: z.enum(['plurality', 'majority-of-valid-ballots', 'none']),
      kind: z.enum(['first', 'rerun', 'additional', 'runoff']),
      of: z.string().optional(),
      area: z.array(z.string()),
      stations: whole.meta({ description: 'How many stations vote in it, all over the election' }),
      registeredKnown: z
        .boolean()
        .meta({ description: 'Whether the package says the registered voters of every one of them' }),
      fields: z.array(formField),
      candidates: z.array(candidate),
      certified: certifiedState,
    })
    .meta({ id: 'Contest' }),
);

export const unitAnswer = same<answers.UnitAnswer>()(
  z
    .object({
      election: z.string(),
      ...unitName,
      isStation: z.boolean(),
      path: z.array(z.object(unitName)),
      children: z.array(z.object({ ...unitName, isStation: z.boolean(), registered: whole.optional() })),
      registered: whole.optional(),
      contests: z.array(contestSummary),
      moreContests: whole,
    })
    .meta({ id: 'Unit' }),
);

export const freezeAnswer = z
  .object({ since: z.string(), position: z.string(), reason: z.string() })
  .meta({ description: 'While publication is frozen: since when, at which position, and why' });

export const electionAnswer = same<answers.ElectionAnswer>()(
  z
    .object({
      ...atPosition,
      id: z.string(),
      name: texts,
      date: z.string(),
      timezone: z.string(),
      rehearsal: z.boolean(),
      languages: z.array(z.string()),
      levels: z.array(z.object({ id: z.string(), name: texts })),
      polls: z.object({ opens: z.string().optional(), closes: z.string() }),
      publish: z.object({
        progress: z.string(),
        turnout: z.string(),
        results: z.string(),
        log: z.string(),
        incidents: z.string(),
        evidence: z.string(),
        lowestLevel: z.string(),
      }),
      entry: z.enum(['single', 'double']),
      shards: whole,
      leaderThreshold: z.number(),
      root: z.string(),
      definition: z.string(),
      contests: whole,
      stations: whole,
      freeze: freezeAnswer.nullable(),
    })
    .meta({ id: 'Election' }),
);

const decidedBy = z.object({ role, unit: z.string() });
export const freezeRecord = same<answers.FreezeRecord>()(
  z
    .object({
      from: z.string(),
      position: z.string().nullable(),
      reason: z.string(),
      by: decidedBy,
      lifted: z.object({ at: z.string(), reason: z.string(), by: decidedBy }).nullable(),
    })
    .meta({ id: 'Freeze' }),
);

export const publicationAnswer = same<answers.PublicationAnswer>()(
  z.object({ election: z.string(), freezes: z.array(freezeRecord) }).meta({ id: 'Publication' }),
);

export const electionsAnswer = same<answers.ElectionsAnswer>()(
  z
    .object({
      elections: z.array(
        z.object({ id: z.string(), name: texts, date: z.string(), rehearsal: z.boolean(), root: z.string() }),
      ),
    })
    .meta({ id: 'Elections' }),
);

export const finding = z.object({ rule: z.string(), severity, about: z.string().optional() }).meta({ id: 'Finding' });

export const sheetStatus = z
  .enum(['none', 'awaiting-second', 'disputed', 'accepted', 'held', 'returned', 'annulled', 'verified'])
  .meta({ id: 'SheetStatus' });
const spelledSheet = { fields: z.record(z.string(), z.union([whole, z.string()])), votes: figures };

export const revisionAnswer = same<answers.RevisionAnswer>()(
  z.object({ revision: whole, ...spelledSheet, findings: z.array(finding) }).meta({ id: 'Revision' }),
);

const findingAnswer = same<answers.FindingAnswer>()(
  finding.extend({
    revision: whole,
    message: texts.optional(),
    advice: z.object({ clerk: texts.optional(), reviewer: texts.optional() }).optional(),
    source: z.string().optional(),
    fields: z.array(z.string()).optional(),
  }),
);

export const sheetAnswer = same<answers.SheetAnswer>()(
  z
    .object({
      ...atPosition,
      station: z.string(),
      contest: z.string(),
      revision: whole,
      status: sheetStatus,
      sealed: z.boolean(),
      closed: z.boolean(),
      heldFor: z.array(z.enum(['rules', 'sealed', 'closed', 'verified'])),
      standing: z
        .object({ revision: whole, ...spelledSheet, findings: z.array(finding), verified: z.boolean() })
        .nullable(),
      newest: revisionAnswer.nullable(),
      second: revisionAnswer.optional(),
      findings: z.array(findingAnswer),
      etag: z.string(),
    })
    .meta({ id: 'Sheet' }),
);

const plain = z.union([whole, z.string()]).nullable();
export const attemptAnswer = z
  .object({
    position: attemptPlace,
    logTime: z.string(),
    id: z.string().nullable(),
    type: z.string().nullable(),
    time: z.string().nullable(),
    actor: z.object({ id: z.string().optional(), role, unit: z.string() }).nullable(),
    outcome: z.enum(['accepted', 'rejected']),
    rejection: z.string().optional(),
    detail: z.string().optional(),
    revision: whole.nullable(),
    status: sheetStatus.nullable(),
    changed: z.array(z.object({ key: z.string(), before: plain, after: plain })),
    findings: z.array(finding),
    reason: z.string().optional(),
    cause: z.string().optional(),
    via: z.string().optional(),
    device: z.string().optional().meta({ description: 'With what it was sent, where the event says so' }),
    signed: z.literal(true).optional().meta({ description: 'It carries the signature of its device' }),
    receipt: z.string().optional().meta({ description: 'In a history: the id of its receipt' }),
  })
  .meta({ id: 'Attempt' });

export const historyAnswer = z
  .object({ ...atPosition, station: z.string(), contest: z.string(), attempts: z.array(attemptAnswer) })
  .meta({ id: 'History' });

export const lineageAnswer = same<answers.LineageAnswer>()(
  z
    .object({
      ...atPosition,
      unit: z.string(),
      contest: z.string(),
      track,
      key: z.string().nullable(),
      total: spelledTotals.nullable(),
      sheets: z.array(
        z.object({
          station: z.string(),
          revision: whole,
          status: sheetStatus,
          position: attemptPlace,
          corrections: whole,
          earlier: z
            .array(z.object({ position: attemptPlace, value: whole.nullable() }))
            .optional()
            .meta({ description: 'With `key`, where it ever was another: what it counted with before, oldest first' }),
          ...spelledSheet,
        }),
      ),
    })
    .meta({ id: 'Lineage' }),
);

export const timelineAnswer = same<answers.TimelineAnswer>()(
  z
    .object({
      ...atPosition,
      unit: z.string(),
      contest: z.string(),
      track,
      points: z.array(
        z.object({
          position: positionText,
          time: z.string(),
          received: whole,
          counted: whole,
          registeredCounted: whole,
          votes: figures,
        }),
      ),
    })
    .meta({ id: 'Timeline' }),
);

export const problemAnswer = z
  .object({
    type: z.string().meta({ format: 'uri-reference' }),
    title: z.string(),
    status: whole,
    code: z.string(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
