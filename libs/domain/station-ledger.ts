/**
 * The station ledger: what an event does to a sheet (contracts §2, "Life of a sheet").
 *
 * `evolveSheet` is the whole arbiter of a sheet's life: a pure function of the sheet's state, whether its station is
 * closed, and one event. No clock, no random, no rule engine: findings were recorded in the event.
 */
import type { Contest } from './election.ts';
import type { AnyEvent, EventType, SeenState, TallyEvent } from './events.ts';
import { type Figures, sameFigures, type Times } from './figures.ts';
import { type Finding, findingsHold } from './findings.ts';
import type { RejectionCode } from './rejections.ts';
import type { Entered, HoldReason, SheetState } from './sheet.ts';
import { readFigures } from './sheet-structure.ts';

/** Events about one sheet; its subject is `<station>/<contest>`. */
export type SheetEventType =
  | 'tally.sheet.submitted.v1'
  | 'tally.sheet.resolved.v1'
  | 'tally.sheet.released.v1'
  | 'tally.sheet.returned.v1'
  | 'tally.sheet.verified.v1'
  | 'tally.sheet.annulled.v1'
  | 'tally.count.sealed.v1'
  | 'tally.count.unsealed.v1';
export type SheetEvent = { [T in SheetEventType]: TallyEvent<T> }[SheetEventType];

export interface SheetContext {
  readonly contest: Contest;
  readonly entry: 'single' | 'double';
  readonly holdOn: 'error' | 'warning' | 'never';
  /** Whether the station is closed now. */
  readonly closed: boolean;
  /** Offset of the event in its shard. */
  readonly offset: number;
}

export type SheetOutcome =
  | { readonly outcome: 'accepted'; readonly state: SheetState }
  | { readonly outcome: 'rejected'; readonly code: RejectionCode; readonly detail?: string };

const SHEET_EVENTS: ReadonlySet<string> = new Set<SheetEventType>([
  'tally.sheet.submitted.v1',
  'tally.sheet.resolved.v1',
  'tally.sheet.released.v1',
  'tally.sheet.returned.v1',
  'tally.sheet.verified.v1',
  'tally.sheet.annulled.v1',
  'tally.count.sealed.v1',
  'tally.count.unsealed.v1',
]);

export function isSheetEvent(event: AnyEvent): event is SheetEvent {
  return isSheetEventType(event.type);
}

export function isSheetEventType(type: EventType): type is SheetEventType {
  return SHEET_EVENTS.has(type);
}

/** Folds one event about a sheet. The caller has settled definition, shard, place and repeats of the id. */
export function evolveSheet(sheet: SheetState, event: SheetEvent, context: SheetContext): SheetOutcome {
  switch (event.type) {
    case 'tally.sheet.submitted.v1':
      return submit(sheet, event, context);
    case 'tally.sheet.resolved.v1':
      return resolve(sheet, event, context);
    case 'tally.sheet.released.v1':
      return release(sheet, event, context);
    case 'tally.sheet.returned.v1':
      return act(sheet, event.data.seen, ['held'], context, { status: 'returned', heldFor: [] });
    case 'tally.sheet.verified.v1':
      return verify(sheet, event, context);
    case 'tally.sheet.annulled.v1':
      return act(
        sheet,
        event.data.seen,
        ['awaiting-second', 'disputed', 'accepted', 'held', 'returned', 'verified'],
        context,
        { status: 'annulled', standing: null, standingVerified: false, second: null, heldFor: [] },
      );
    case 'tally.count.sealed.v1':
      return seal(sheet, event, context);
    case 'tally.count.unsealed.v1':
      if (!sheet.sealed) return rejected('not-allowed', 'the count is not sealed');
      return act(sheet, event.data.seen, null, context, { sealed: false });
  }
}

/* ------------------------------------------------------------ submitting */

interface Incoming {
  readonly figures: Figures;
  readonly times: Times;
  readonly by: string;
  readonly findings: readonly Finding[];
}

function submit(sheet: SheetState, event: TallyEvent<'tally.sheet.submitted.v1'>, context: SheetContext): SheetOutcome {
  const { sheet: sent, actor, findings } = event.data;
  const problems: string[] = [];
  const read = readFigures(context.contest.layout, sent.fields, sent.votes, (_pointer, _code, message) =>
    problems.push(message),
  );
  if (!read) return rejected('bad-structure', problems.slice(0, 5).join(' '));
  const incoming: Incoming = { figures: read.figures, times: read.times, by: actor.id, findings };
  const expected = sent.expectedRevision;
  const asSecond = isSecondEntry(sheet, incoming, expected);
  if (expected === undefined) {
    if (!asSecond && isUnchanged(sheet, incoming)) return rejected('unchanged');
  } else if (!asSecond && expected !== sheet.revision) {
    if (sheet.status === 'awaiting-second' && expected === sheet.revision - 1)
      return rejected('same-person', 'the second entry comes from another account');
    return rejected('stale-revision', `revision ${sheet.revision} is there, ${expected} was expected`);
  }
  if (asSecond) return secondEntry(sheet, incoming, context);
  if (sheet.revision > 0 && !sent.reason?.trim()) return rejected('reason-required');
  return { outcome: 'accepted', state: nextRevision(sheet, incoming, context) };
}

/** In double entry both entries expect the revision before the first; the second comes from another account. */
function isSecondEntry(sheet: SheetState, incoming: Incoming, expected: number | undefined): boolean {
  if (sheet.status !== 'awaiting-second' || sheet.newest?.by.includes(incoming.by)) return false;
  return expected === undefined || expected === sheet.revision - 1;
}

/** Compared with the newest revision whatever its status; while disputed, with either entry. */
function isUnchanged(sheet: Entries, incoming: { figures: Figures; times: Times }): boolean {
  return [sheet.newest, sheet.second].some((entered) => entered !== null && sameEntry(entered, incoming));
}

type Entries = Pick<SheetState, 'newest' | 'second'>;

/**
 * Whether a bulk import of these figures by this account would be found `unchanged`: an importer that sees so need not
 * send the sheet. The fold settles what changed in between.
 */
export function wouldBeUnchanged(
  sheet: Entries & { readonly status: SheetState['status'] },
  incoming: { figures: Figures; times: Times; by: string },
): boolean {
  if (sheet.status === 'awaiting-second' && !sheet.newest?.by.includes(incoming.by)) return false;
  return isUnchanged(sheet, incoming);
}

function sameEntry(a: { figures: Figures; times: Times }, b: { figures: Figures; times: Times }): boolean {
  if (!sameFigures(a.figures, b.figures)) return false;
  const names = new Set([...Object.keys(a.times), ...Object.keys(b.times)]);
  return [...names].every((name) => a.times[name] === b.times[name]);
}

function secondEntry(sheet: SheetState, incoming: Incoming, context: SheetContext): SheetOutcome {
  const first = sheet.newest!;
  const second = enteredBy(incoming, sheet.revision, context.offset);
  if (!sameEntry(first, incoming))
    return { outcome: 'accepted', state: { ...sheet, status: 'disputed', second, offset: context.offset } };
  const agreed: Entered = { ...second, by: [...first.by, incoming.by] };
  return { outcome: 'accepted', state: settle(sheet, agreed, context) };
}

function nextRevision(sheet: SheetState, incoming: Incoming, context: SheetContext): SheetState {
  const revision = sheet.revision + 1;
  const entered = enteredBy(incoming, revision, context.offset);
  const blind = context.entry === 'double' && !hasSettled(sheet);
  if (blind)
    return { ...sheet, revision, status: 'awaiting-second', newest: entered, second: null, offset: context.offset };
  return settle({ ...sheet, revision }, entered, context);
}

/** Whether the sheet's newest revision went through its two entries: what came after is a correction by one person. */
function hasSettled(sheet: SheetState): boolean {
  return (
    sheet.status === 'accepted' || sheet.status === 'held' || sheet.status === 'verified' || sheet.status === 'returned'
  );
}

function enteredBy(incoming: Incoming, revision: number, offset: number): Entered {
  return {
    revision,
    figures: incoming.figures,
    times: incoming.times,
    by: [incoming.by],
    offset,
    findings: incoming.findings,
  };
}

/** Figures that are agreed on: held where a rule, a seal, a closed station or a verified sheet before it asks for it; else they stand. */
function settle(sheet: SheetState, entered: Entered, context: SheetContext): SheetState {
  const heldFor: HoldReason[] = [];
  if (findingsHold(entered.findings, context.holdOn)) heldFor.push('rules');
  if (sheet.sealed) heldFor.push('sealed');
  if (context.closed) heldFor.push('closed');
  if (sheet.standing && sheet.standingVerified) heldFor.push('verified');
  const base = { ...sheet, newest: entered, second: null, heldFor, offset: context.offset };
  if (heldFor.length > 0) return { ...base, status: 'held' };
  return { ...base, status: 'accepted', standing: entered, standingVerified: false };
}

/* ------------------------------------------------------------ deciding */

function resolve(sheet: SheetState, event: TallyEvent<'tally.sheet.resolved.v1'>, context: SheetContext): SheetOutcome {
  const failed = precondition(sheet, event.data.seen);
  if (failed) return failed;
  const { newest: first, second } = sheet;
  if (sheet.status !== 'disputed' || !first || !second) return rejected('not-allowed', `the sheet is ${sheet.status}`);
  const problems: string[] = [];
  const read = readFigures(context.contest.layout, event.data.fields, event.data.votes, (_p, _c, message) =>
    problems.push(message),
  );
  if (!read) return rejected('bad-structure', problems.slice(0, 5).join(' '));
  const foreign = read.figures.some((value, i) => value !== first.figures[i] && value !== second.figures[i]);
  // A time that both entries have can't be left out either.
  const foreignTime = Object.keys({ ...first.times, ...second.times, ...read.times }).some(
    (name) => read.times[name] !== first.times[name] && read.times[name] !== second.times[name],
  );
  if (foreign || foreignTime) return rejected('figure-not-entered', 'a figure stands in neither entry');
  const decided: Entered = {
    ...read,
    revision: sheet.revision,
    by: [...new Set([...first.by, ...second.by, event.data.actor.id])],
    offset: context.offset,
    findings: event.data.findings,
  };
  return { outcome: 'accepted', state: settle(sheet, decided, context) };
}

function release(sheet: SheetState, event: TallyEvent<'tally.sheet.released.v1'>, context: SheetContext): SheetOutcome {
  const failed = precondition(sheet, event.data.seen);
  if (failed) return failed;
  if (sheet.status !== 'held') return rejected('not-allowed', `the sheet is ${sheet.status}`);
  if (sheet.sealed) return rejected('sealed', 'the board unseals the count first');
  if (sheet.heldFor.includes('verified') && sheet.newest?.by.includes(event.data.actor.id))
    return rejected('same-person', 'a correction of a verified sheet is released by another person');
  const state: SheetState = {
    ...sheet,
    status: 'accepted',
    standing: sheet.newest,
    standingVerified: false,
    heldFor: [],
    offset: context.offset,
  };
  return { outcome: 'accepted', state };
}

function verify(sheet: SheetState, event: TallyEvent<'tally.sheet.verified.v1'>, context: SheetContext): SheetOutcome {
  const failed = precondition(sheet, event.data.seen);
  if (failed) return failed;
  if (sheet.status !== 'accepted') return rejected('not-allowed', `the sheet is ${sheet.status}`);
  if (sheet.newest?.by.includes(event.data.actor.id))
    return rejected('same-person', 'who entered the figures does not verify them');
  return {
    outcome: 'accepted',
    state: { ...sheet, status: 'verified', standingVerified: true, offset: context.offset },
  };
}

function seal(sheet: SheetState, event: TallyEvent<'tally.count.sealed.v1'>, context: SheetContext): SheetOutcome {
  if (sheet.sealed) return rejected('not-allowed', 'the count is sealed already');
  return act(sheet, event.data.seen, ['none', 'annulled'], context, { sealed: true });
}

/** An act that only asks for certain statuses. */
function act(
  sheet: SheetState,
  seen: SeenState | undefined,
  allowed: readonly SheetState['status'][] | null,
  context: SheetContext,
  change: Partial<SheetState>,
): SheetOutcome {
  const failed = seen ? precondition(sheet, seen) : null;
  if (failed) return failed;
  if (allowed && !allowed.includes(sheet.status)) return rejected('not-allowed', `the sheet is ${sheet.status}`);
  return { outcome: 'accepted', state: { ...sheet, ...change, offset: context.offset } };
}

function precondition(sheet: SheetState, seen: SeenState): SheetOutcome | null {
  if (seen.revision === sheet.revision && seen.offset === sheet.offset) return null;
  return rejected(
    'precondition-failed',
    `the sheet is at revision ${sheet.revision} (changed at ${sheet.offset}), ${seen.revision} (${seen.offset}) was seen`,
  );
}

function rejected(code: RejectionCode, detail?: string): SheetOutcome {
  return detail === undefined ? { outcome: 'rejected', code } : { outcome: 'rejected', code, detail };
}
