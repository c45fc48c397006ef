/** Attempts as CSV (RFC 4180): one a line, without their figures, which are in the histories of the sheets. */
import type { AttemptMessage } from '#wire';
import { csvLine } from './csv-line.ts';

const COLUMNS = {
  position: ({ position }) => position,
  logTime: ({ logTime }) => logTime,
  time: ({ time }) => time,
  id: ({ id }) => id,
  type: ({ type }) => type,
  subject: ({ subject }) => subject,
  station: ({ station }) => station,
  contest: ({ contest }) => contest,
  outcome: ({ outcome }) => outcome,
  rejection: ({ rejection }) => rejection,
  detail: ({ detail }) => detail,
  revision: ({ revision }) => revision,
  status: ({ status }) => status,
  actor: ({ actor }) => actor?.id,
  role: ({ actor }) => actor?.role,
  unit: ({ actor }) => actor?.unit,
  device: ({ device }) => device,
  via: ({ via }) => via,
  cause: ({ cause }) => cause,
  reason: ({ reason }) => reason,
  findings: ({ findings }) => findings.map(({ rule }) => rule).join(' '),
} as const satisfies Record<string, (attempt: AttemptMessage) => string | number | null | undefined>;

export const ATTEMPT_CSV_HEADER = csvLine(Object.keys(COLUMNS));

export function attemptCsvLine(attempt: AttemptMessage): string {
  return csvLine(Object.values(COLUMNS).map((read) => read(attempt)));
}
