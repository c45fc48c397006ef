/** What a total is made of, and how it came in. */
import {
  addTotals,
  type Contest,
  emptyTotals,
  type Figures,
  NOT_STATED,
  type NodeTotals,
  type SheetView,
  type Track,
  type Unit,
} from '#domain';
import type { AttemptDoc, SheetDoc, TotalsDoc } from '#read-model';
import type {
  EarlierContribution,
  LineageAnswer,
  LineageSheet,
  SpelledSheet,
  TimelineAnswer,
  TimelinePoint,
} from '#wire';
import { applyChange, type View } from '../view.ts';
import { atPosition } from './place.ts';
import { spellTotals } from './results.ts';
import { spellSheet } from './sheet.ts';

/**
 * The sheets and corrections that make up one total: those counted in the track, by station code. With a `key`
 * (`field.<id>`, `votes.<number>`) only sheets that state it.
 */
export async function lineageAnswer(
  view: View,
  unit: Unit,
  contest: Contest,
  track: Track,
  key: string | null,
): Promise<LineageAnswer> {
  const stations = contest.stations.filter((station) => isBelow(view, station, unit));
  if (stations.length > 500) await view.prepareTree();
  const sheets: LineageSheet[] = [];
  for (const station of [...stations].sort((a, b) => (a.code < b.code ? -1 : 1))) {
    const doc = await view.sheetDoc(station, contest);
    const line = doc && lineageSheet(contest, track, doc);
    if (!line || (key !== null && figureAt(line, key) === null)) continue;
    const earlier =
      key === null || line.corrections === 0 ? [] : await earlierValues(view, station, contest, track, key);
    sheets.push({ ...line, ...(earlier.length > 0 && { earlier }) });
  }
  const total = spellTotals(view, contest, await view.totals(unit, contest), track) ?? null;
  return { ...atPosition(view), unit: unit.code, contest: contest.id, track, key, total, sheets };
}

function isBelow(view: View, station: Unit, unit: Unit): boolean {
  return station === unit || view.served.election.ancestors(station).includes(unit);
}

function lineageSheet(contest: Contest, track: Track, doc: SheetDoc): LineageSheet | null {
  const { station, shard, view, newest, standing } = doc;
  const counted = track === 'all' && view.status === 'held' ? newest : standing;
  if (!counted || (track === 'verified' && !view.verified)) return null;
  return {
    station,
    revision: counted.revision,
    status: view.status,
    position: `${shard}:${counted.offset}`,
    corrections: counted.revision - 1,
    ...spellSheet(contest, counted.figures),
  };
}

/** null where the sheet does not state it. */
function figureAt(sheet: SpelledSheet, key: string): number | null {
  const name = key.slice(key.indexOf('.') + 1);
  const value = key.startsWith('votes.') ? sheet.votes[name] : sheet.fields[name];
  return typeof value === 'number' && value !== NOT_STATED ? value : null;
}

/** What the sheet counted with in the track before what it counts with now: so much was in totals that were shown. */
async function earlierValues(
  view: View,
  station: Unit,
  contest: Contest,
  track: Track,
  key: string,
): Promise<EarlierContribution[]> {
  const steps: EarlierContribution[] = [];
  for (const { shard, offset, changes } of await view.attemptsOn(station, contest))
    for (const { after } of changes.filter((change) => change.contest === contest.id)) {
      const figures = countedIn(track, after);
      const value = figures && figureAt(spellSheet(contest, figures), key);
      if (value !== (steps.at(-1)?.value ?? null)) steps.push({ position: `${shard}:${offset}`, value });
    }
  return steps.slice(0, -1);
}

function countedIn(track: Track, { standing, held, verified }: SheetView): Figures | null {
  if (track === 'all') return held ?? standing;
  return track === 'verified' && !verified ? null : standing;
}

const MAX_POINTS = 400;

/**
 * How a total came in: a point for each change while there are few, else for each full state that is kept (every 64th
 * change of a shard's part), and the present.
 */
export async function timelineAnswer(view: View, unit: Unit, contest: Contest, track: Track): Promise<TimelineAnswer> {
  const parts = await view.snapshot.totals(unit.code, contest.id);
  const changes = parts.reduce((sum, part) => sum + part.changes, 0);
  const points =
    unit.isStation || changes <= MAX_POINTS
      ? await pointsOfChanges(view, unit, contest, track)
      : await pointsOfStates(view, unit, contest, track);
  return { ...atPosition(view), unit: unit.code, contest: contest.id, track, points };
}

async function pointsOfChanges(view: View, unit: Unit, contest: Contest, track: Track): Promise<TimelinePoint[]> {
  const attempts: AttemptDoc[] = [];
  if (unit.isStation) attempts.push(...(await view.attemptsOn(unit, contest)));
  else
    for (const [shard, to] of view.position.entries())
      attempts.push(...(await view.snapshot.changesOf(unit.code, contest.id, shard, 0, to)));
  attempts.sort((a, b) => a.logTime - b.logTime || a.shard - b.shard || a.offset - b.offset);
  const totals = emptyTotals(contest.layout);
  const position = view.position.map(() => 0);
  const points: TimelinePoint[] = [];
  for (const attempt of attempts) {
    const mine = attempt.changes.filter((change) => change.contest === contest.id);
    for (const change of mine) applyChange(totals, contest, change);
    position[attempt.shard] = attempt.offset + 1;
    if (mine.length > 0) points.push(point(contest, track, totals, position, attempt.logTime));
  }
  return points;
}

async function pointsOfStates(view: View, unit: Unit, contest: Contest, track: Track): Promise<TimelinePoint[]> {
  const states: (TotalsDoc & { logTime: number })[] = [];
  for (const [shard, to] of view.position.entries()) {
    const kept = (await view.snapshot.statesOf(unit.code, contest.id, shard)).filter((state) => state.offset < to);
    const step = Math.max(1, Math.ceil((kept.length * view.position.length) / MAX_POINTS));
    const shown = kept.filter((_, i) => i % step === step - 1 || i === kept.length - 1);
    // Asked for together, a store answers them together.
    const attempts = await Promise.all(shown.map(({ offset }) => view.snapshot.attempt(shard, offset)));
    for (const [i, state] of shown.entries()) states.push({ ...state, logTime: attempts[i]?.logTime ?? 0 });
  }
  states.sort((a, b) => a.logTime - b.logTime || a.shard - b.shard || a.offset - b.offset);
  const latest = new Map<number, TotalsDoc>();
  const position = view.position.map(() => 0);
  const points: TimelinePoint[] = [];
  for (const state of states) {
    latest.set(state.shard, state);
    position[state.shard] = state.offset + 1;
    const sum = emptyTotals(contest.layout);
    for (const part of latest.values()) addTotals(sum, part.totals);
    points.push(point(contest, track, sum, position, state.logTime));
  }
  if (view.asOf !== null)
    points.push(point(contest, track, await view.totals(unit, contest), [...view.position], view.asOf));
  return points;
}

function point(
  contest: Contest,
  track: Track,
  totals: NodeTotals,
  position: readonly number[],
  logTime: number,
): TimelinePoint {
  const { sums, sheets } = totals[track];
  const first = contest.layout.fields.length;
  return {
    position: position.map((offset, shard) => `${shard}:${offset}`).join(','),
    time: new Date(logTime).toISOString(),
    received: totals.progress[0]!,
    counted: totals.progress[1]!,
    registeredCounted: totals.progress[10]!,
    votes:
      sheets === 0 ? {} : Object.fromEntries(contest.layout.candidates.map((number, i) => [number, sums[first + i]!])),
  };
}
