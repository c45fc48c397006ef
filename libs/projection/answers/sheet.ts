/** One sheet: its present state, and every attempt on it (contracts §4 `history`, §5). */
import {
  type AnyEvent,
  type BodyId,
  type Contest,
  type Entered,
  type Figures,
  type Finding,
  NOT_STATED,
  type SeenState,
  type Sight,
  spellFigures,
  type Times,
  type Unit,
} from '#domain';
import type { AttemptDoc, SheetDoc } from '#read-model';
import type {
  AttemptAnswer,
  ChangedFigure,
  FindingAnswer,
  HistoryAnswer,
  RevisionAnswer,
  SheetAnswer,
  SpelledSheet,
} from '#wire';
import type { ServedElection } from '../elections.ts';
import type { View } from '../view.ts';
import { atPosition } from './place.ts';

/** The entity tag of a sheet: its revision and the offset of its last change. */
export function sheetEtag(revision: number, offset: number): string {
  return `"${revision}-${offset}"`;
}

/** Reads an `If-Match` value; null where it is none of ours. */
export function parseSheetEtag(text: string): SeenState | null {
  const match = /^(?:W\/)?"(\d{1,9})-(\d{1,15})"$/.exec(text.trim());
  return match ? { revision: Number(match[1]), offset: Number(match[2]) } : null;
}

/** The present state of a sheet, as far as the viewer may see it. */
export async function sheetAnswer(view: View, station: Unit, contest: Contest, sight: Sight): Promise<SheetAnswer> {
  const doc = await view.sheetDoc(station, contest);
  const state = doc?.view;
  const sees = sight.results(contest, station.level);
  const standing = sees ? (doc?.standing ?? null) : null;
  const newest = sees && (sight.log || doc?.newest === doc?.standing || isStanding(doc)) ? (doc?.newest ?? null) : null;
  const findings = sees && doc ? await findingAnswers(view, station, contest, doc, sight) : [];
  return {
    ...atPosition(view),
    station: station.code,
    contest: contest.id,
    revision: state?.revision ?? 0,
    status: state?.status ?? 'none',
    sealed: state?.sealed ?? false,
    closed: state?.closed ?? false,
    heldFor: sight.log ? (doc?.heldFor ?? []) : [],
    standing: standing ? { ...spellEntered(contest, standing), verified: state?.verified ?? false } : null,
    newest: newest ? spellEntered(contest, newest) : null,
    ...(sight.log && sees && doc?.second && { second: spellEntered(contest, doc.second) }),
    findings,
    etag: sheetEtag(state?.revision ?? 0, doc?.offset ?? 0),
  };
}

function isStanding(doc: SheetDoc | undefined): boolean {
  return doc?.newest != null && doc.standing !== null && doc.newest.revision === doc.standing.revision;
}

function spellEntered(contest: Contest, entered: Entered): RevisionAnswer {
  return {
    revision: entered.revision,
    ...spellSheet(contest, entered.figures, entered.times),
    findings: entered.findings,
  };
}

export function spellSheet(contest: Contest, figures: Figures, times: Times = {}): SpelledSheet {
  const { fields, votes } = spellFigures(contest.layout, figures);
  return { fields: { ...fields, ...times }, votes };
}

/** Findings recorded with the newest and the standing revision, and those across contests worked out now. */
async function findingAnswers(
  view: View,
  station: Unit,
  contest: Contest,
  doc: SheetDoc,
  sight: Sight,
): Promise<FindingAnswer[]> {
  const revisions = new Map<number, Entered>();
  if (doc.standing) revisions.set(doc.standing.revision, doc.standing);
  if (doc.newest && (sight.log || isStanding(doc))) revisions.set(doc.newest.revision, doc.newest);
  const answers: FindingAnswer[] = [];
  for (const entered of revisions.values()) {
    const across = await crossFindings(view, station, contest, entered.figures);
    for (const finding of [...entered.findings, ...across])
      answers.push(findingAnswer(view.served, contest, finding, entered.revision));
  }
  return answers;
}

/** Rules that use `other`: worked out anew from the standing sheets of the station's other bodies. */
export async function crossFindings(view: View, station: Unit, contest: Contest, figures: Figures): Promise<Finding[]> {
  const others = new Map<BodyId, { contest: Contest; figures: Figures }>();
  for (const other of view.served.election.contestsOf(station.code)) {
    if (other === contest || other.row.body === undefined) continue;
    const standing = (await view.sheet(station, other))?.view.standing;
    if (standing) others.set(other.row.body, { contest: other, figures: standing });
  }
  const registered = contest.registeredAt(station.code);
  return others.size > 0 ? view.served.rules.checkOther(contest, figures, registered, others) : [];
}

function findingAnswer(served: ServedElection, contest: Contest, finding: Finding, revision: number): FindingAnswer {
  const rule = served.election.definition.rules.find(
    (candidate) => candidate.id === (finding.about ?? finding.rule) && candidate.form === contest.row.form,
  );
  return {
    ...finding,
    revision,
    ...(rule && { message: rule.message, fields: rule.fields }),
    ...(rule?.advice && { advice: rule.advice }),
    ...(rule?.source !== undefined && { source: rule.source }),
  };
}

/* ------------------------------------------------------------ history */

/** Every attempt on a sheet, in order. The public sees accepted ones only, before the log is out. */
export async function historyAnswer(view: View, station: Unit, contest: Contest, sight: Sight): Promise<HistoryAnswer> {
  const attempts: AttemptAnswer[] = [];
  let previous: FiguresAndTimes | null = null;
  if (sight.results(contest, station.level))
    for (const doc of await view.attemptsOn(station, contest)) {
      if (!sight.log && !isPublicAttempt(doc)) continue;
      const brought = figuresOf(doc);
      attempts.push(attemptAnswer(contest, doc, previous, brought, sight));
      if (doc.outcome === 'accepted' && brought) previous = brought;
    }
  return { ...atPosition(view), station: station.code, contest: contest.id, attempts };
}

/** Accepted, and not bringing figures that are kept out of the totals. */
function isPublicAttempt(doc: AttemptDoc): boolean {
  if (doc.outcome !== 'accepted') return false;
  const kept =
    doc.status === 'held' || doc.status === 'disputed' || doc.status === 'awaiting-second' || doc.status === 'returned';
  return !kept;
}

interface FiguresAndTimes {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly votes: Readonly<Record<string, unknown>>;
}

/** The figures an attempt brought, as sent; null where it brought none. */
function figuresOf(doc: AttemptDoc): FiguresAndTimes | null {
  const data = doc.data as Partial<AnyEvent['data']> & { sheet?: FiguresAndTimes } & Partial<FiguresAndTimes>;
  if (doc.type === 'tally.sheet.submitted.v1') return data.sheet ?? null;
  if (doc.type === 'tally.sheet.resolved.v1' && data.fields && data.votes)
    return { fields: data.fields, votes: data.votes };
  return null;
}

export function attemptAnswer(
  contest: Contest | undefined,
  doc: AttemptDoc,
  previous: FiguresAndTimes | null,
  brought: FiguresAndTimes | null,
  sight: Sight,
): AttemptAnswer {
  const data = (doc.data ?? {}) as {
    reason?: string;
    sheet?: { reason?: string; cause?: string; via?: string };
    signature?: unknown;
  };
  const reason = data.sheet?.reason ?? data.reason;
  const { actor } = doc;
  const device = deviceOf(doc);
  return {
    position: `${doc.shard}:${doc.offset}`,
    logTime: new Date(doc.logTime).toISOString(),
    id: doc.id ?? null,
    type: doc.type ?? null,
    time: doc.time ?? null,
    actor: actor ? (sight.log ? actor : { role: actor.role, unit: actor.unit }) : null,
    outcome: doc.outcome,
    ...(doc.rejection !== undefined && { rejection: doc.rejection }),
    ...(doc.detail !== undefined && { detail: doc.detail }),
    revision: doc.revision ?? null,
    status: doc.status ?? null,
    changed: contest && brought ? changedFigures(contest, previous, brought) : [],
    findings: doc.findings ?? [],
    ...(reason !== undefined && { reason }),
    ...(data.sheet?.cause !== undefined && { cause: data.sheet.cause }),
    ...(data.sheet?.via !== undefined && { via: data.sheet.via }),
    ...(sight.log && device !== undefined && { device }),
    ...(typeof data.signature === 'string' && { signed: true as const }),
  };
}

/** With what it was sent, where the event says so. */
export function deviceOf({ data }: AttemptDoc): string | undefined {
  const device = data && 'device' in data ? data.device : undefined;
  return typeof device === 'string' ? device : undefined;
}

/** What differs, in the order of the form, then of the ballot. */
function changedFigures(contest: Contest, before: FiguresAndTimes | null, after: FiguresAndTimes): ChangedFigure[] {
  const changed: ChangedFigure[] = [];
  const compare = (kind: 'fields' | 'votes', prefix: string, name: string): void => {
    const old = plain(before?.[kind][name]);
    const now = plain(after[kind][name]);
    if (old !== now) changed.push({ key: `${prefix}.${name}`, before: old, after: now });
  };
  for (const { id } of contest.layout.fields) compare('fields', 'field', id);
  for (const { id } of contest.layout.times) compare('fields', 'field', id);
  for (const number of contest.layout.candidates) compare('votes', 'votes', number);
  return changed;
}

function plain(value: unknown): number | string | null {
  return typeof value === 'string' || (typeof value === 'number' && value !== NOT_STATED) ? value : null;
}

/** One attempt by itself, e.g. for the feed or for who waits for an outcome; `changed` needs the history. */
export function loneAttempt(doc: AttemptDoc, sight: Sight): AttemptAnswer {
  return attemptAnswer(undefined, doc, null, null, sight);
}
