/** The operations board: where minutes are missing, late, held … , how they arrive, and what the rules say of them. */
import {
  type Contest,
  EXPECTED_AFTER_CLOSE_MINUTES,
  EXPECTED_MINUTES_PER_HUNDRED_VOTERS,
  expectedAt,
  PROGRESS_NAMES,
  type Progress,
  progressOf,
  type SheetView,
  UNTOUCHED_VIEW,
  type Unit,
} from '#domain';
import type {
  ArrivalPoint,
  ArrivalsAnswer,
  BoardAnswer,
  BoardCounts,
  Expectation,
  MinutesAnswer,
  MinutesRow,
  MinutesState,
  RuleCount,
  RulesAnswer,
} from '#wire';
import type { View } from '../view.ts';
import { findingRows } from './findings.ts';
import { timelineAnswer } from './lineage.ts';
import { atPosition } from './place.ts';

export async function boardAnswer(
  view: View,
  unit: Unit,
  contest: Contest | undefined,
  now: number,
): Promise<BoardAnswer> {
  const countsOf = (at: Unit): Promise<BoardCounts> => boardCounts(view, at, contest, now);
  const children = unit.children.filter((child) => contestsOf(view, child, contest).length > 0);
  const counts = await Promise.all(children.map(countsOf));
  return {
    ...atPosition(view),
    unit: unit.code,
    contest: contest?.id ?? null,
    counts: await countsOf(unit),
    children: children.map(({ code, isStation }, i) => ({ unit: code, isStation, counts: counts[i]! })),
    expectation: expectationOf(view),
  };
}

function contestsOf(view: View, unit: Unit, contest: Contest | undefined): readonly Contest[] {
  return view.served.election.contestsAt(unit).filter((one) => contest === undefined || one === contest);
}

async function boardCounts(view: View, unit: Unit, contest: Contest | undefined, now: number): Promise<BoardCounts> {
  const { election } = view.served;
  const totals = contest ? [[contest, await view.totals(unit, contest)] as const] : [...(await view.totalsAt(unit))];
  const all = totals.map(([one, at]) => progressOf(election, one, unit, at));
  const sum = Object.fromEntries(
    PROGRESS_NAMES.map((name) => [name, all.reduce((total, progress) => total + progress[name], 0)]),
  ) as Progress;
  let due = 0;
  for (const [one] of totals) for (const at of dueTimes(view, unit, one)) if (at <= now) due += 1;
  return { ...sum, missing: sum.stations - sum.received, due };
}

function expectationOf(view: View): Expectation {
  return {
    closes: view.served.election.definition.polls.closes,
    afterCloseMinutes: EXPECTED_AFTER_CLOSE_MINUTES,
    minutesPerHundredVoters: EXPECTED_MINUTES_PER_HUNDRED_VOTERS,
  };
}

const closesOf = (view: View): number => Date.parse(view.served.election.definition.polls.closes);

function stationsAt(view: View, unit: Unit, contest: Contest): readonly Unit[] {
  const { election } = view.served;
  return contest.stations.filter((station) => station === unit || election.ancestors(station).includes(unit));
}

function dueTimes(view: View, unit: Unit, contest: Contest): number[] {
  const closes = closesOf(view);
  return stationsAt(view, unit, contest).map((station) => expectedAt(closes, contest, station));
}

/* ------------------------------------------------------------ lists */

export interface MinutesQuery {
  readonly unit: Unit;
  readonly state: MinutesState;
  readonly contest: Contest | undefined;
  /** `station/contest` of the last row that the asker has. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** In the order of the package; read until there are enough. */
export async function minutesAnswer(view: View, query: MinutesQuery, now: number): Promise<MinutesAnswer> {
  const { unit, state, contest: only, after, limit } = query;
  const { election } = view.served;
  const minutes: MinutesRow[] = [];
  let isBehind = after === undefined;
  let next: string | null = null;
  stations: for (const station of election.units) {
    if (!station.isStation || !(station === unit || election.ancestors(station).includes(unit))) continue;
    const contests = contestsOf(view, station, only);
    if (!isBehind && !contests.some(({ id }) => `${station.code}/${id}` === after)) continue;
    const docs = new Map((await view.snapshot.sheetsOf(station.code)).map((doc) => [doc.contest, doc]));
    for (const contest of contests) {
      if (!isBehind) {
        isBehind = `${station.code}/${contest.id}` === after;
        continue;
      }
      const sheet = await view.sheetAsOf(station, contest, docs.get(contest.id));
      const row = minutesRow(view, station, contest, sheet?.view ?? UNTOUCHED_VIEW);
      if (!isIn(row, state, now)) continue;
      if (minutes.length === limit) {
        const last = minutes.at(-1)!;
        next = `${last.station}/${last.contest}`;
        break stations;
      }
      minutes.push(row);
    }
  }
  return { ...atPosition(view), unit: unit.code, state, minutes, next };
}

function minutesRow(view: View, station: Unit, contest: Contest, sheet: SheetView): MinutesRow {
  const { status, revision, sealed, closed } = sheet;
  return {
    station: station.code,
    name: station.row.name,
    ...(station.row.names && { names: station.row.names }),
    contest: contest.id,
    status,
    revision,
    sealed,
    closed,
    registered: contest.registeredAt(station.code) ?? null,
    expectedAt: new Date(expectedAt(closesOf(view), contest, station)).toISOString(),
  };
}

/** As `addSheet` counts them: an annulled sheet is not received, a closed station still missing. */
function isIn(
  { status, revision, sealed, closed, expectedAt: due }: MinutesRow,
  state: MinutesState,
  now: number,
): boolean {
  const isMissing = revision === 0 || status === 'annulled';
  switch (state) {
    case 'missing':
      return isMissing;
    case 'late':
      return isMissing && !closed && Date.parse(due) <= now;
    case 'sealed':
      return sealed;
    case 'closed':
      return closed;
    case 'awaiting':
      return status === 'awaiting-second';
    default:
      return status === state;
  }
}

/* ------------------------------------------------------------ arrivals */

/** More points than this tell nobody more. */
const MOST_POINTS = 200;

export async function arrivalsAnswer(view: View, unit: Unit, contest: Contest): Promise<ArrivalsAnswer> {
  const { points } = await timelineAnswer(view, unit, contest, 'provisional');
  const due = dueTimes(view, unit, contest).sort((a, b) => a - b);
  const expected = due.map((time, i): ArrivalPoint => ({ time: new Date(time).toISOString(), received: i + 1 }));
  const start = { time: new Date(closesOf(view)).toISOString(), received: 0 };
  return {
    ...atPosition(view),
    unit: unit.code,
    contest: contest.id,
    stations: due.length,
    arrived: thinned(points.map(({ time, received }) => ({ time, received }))),
    expected: thinned([start, ...expected]),
    expectation: expectationOf(view),
  };
}

/** Some of the points, the first and the last always. */
function thinned<T>(points: readonly T[]): T[] {
  const step = Math.max(1, Math.ceil(points.length / MOST_POINTS));
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

/* ------------------------------------------------------------ rules */

/** How many sheets each rule found something on, the most serious first. */
export async function rulesAnswer(view: View, unit: Unit, contest: Contest | undefined): Promise<RulesAnswer> {
  const byRule = new Map<string, RuleCount>();
  for await (const { rule, severity, status } of findingRows(view, { unit, ...(contest && { contest }) })) {
    const known = byRule.get(`${severity} ${rule}`) ?? { rule, severity, sheets: 0, held: 0 };
    byRule.set(`${severity} ${rule}`, {
      ...known,
      sheets: known.sheets + 1,
      held: known.held + (status === 'held' ? 1 : 0),
    });
  }
  const order = ['error', 'warning', 'info'];
  const rules = [...byRule.values()].sort(
    (a, b) =>
      order.indexOf(a.severity) - order.indexOf(b.severity) || b.sheets - a.sheets || (a.rule < b.rule ? -1 : 1),
  );
  return { ...atPosition(view), unit: unit.code, rules };
}
