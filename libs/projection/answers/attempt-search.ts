/**
 * Searching all histories: attempts of an area in the order of their log time, by who, what, why and when.
 *
 * Time is found by bisection, and a small area by the lists of its sheets; whatever else is asked for is looked at one by
 * one as it streams. What has been looked at is a position: a search goes on from there, and misses nothing that comes.
 */
import type { Cause, Contest, Election, EventType, Position, SheetStatus, SubmittedSheet, Unit, Via } from '#domain';
import { formatPosition } from '#domain';
import type { AttemptDoc, SheetKey } from '#read-model';
import type { AttemptMessage, AttemptSearchAnswer } from '#wire';
import { positionAtTime, type View } from '../view.ts';
import { attemptMessage, isWithin } from './attempts.ts';
import { atPosition } from './place.ts';
import { deviceOf } from './sheet.ts';

export interface AttemptFilter {
  /** About it or something below it. */
  readonly unit: Unit;
  readonly contest?: Contest | undefined;
  /** Id of an account. */
  readonly actor?: string | undefined;
  readonly device?: string | undefined;
  /** A rule that found something. */
  readonly rule?: string | undefined;
  readonly cause?: Cause | undefined;
  readonly via?: Via | undefined;
  readonly outcome?: AttemptDoc['outcome'] | undefined;
  readonly rejection?: string | undefined;
  /** Of the sheet after it. */
  readonly status?: SheetStatus | undefined;
  readonly type?: EventType | undefined;
  /** Log time, milliseconds: not before. */
  readonly from?: number | undefined;
  /** Log time, milliseconds: before. */
  readonly to?: number | undefined;
}

/** So many sheets at most are looked up by their lists; of more, every attempt is looked at. */
const LISTED_SHEETS = 2_000;
/** A page ends after so many attempts were looked at, however few fit. */
const LOOKED_AT = 20_000;

/** What fits, in order; `after`: a position to go on from. The view must stay open. */
export async function* searchAttempts(view: View, filter: AttemptFilter, after?: Position): AsyncGenerator<AttemptDoc> {
  for await (const attempt of candidates(view, filter, after))
    if (fits(view.served.election, attempt, filter)) yield attempt;
}

/** One page: `next` is the `after` of the rest, null where the search is at its end. */
export async function attemptSearchAnswer(
  view: View,
  filter: AttemptFilter,
  { after, limit }: { readonly after?: Position | undefined; readonly limit: number },
): Promise<AttemptSearchAnswer> {
  const { election } = view.served;
  const attempts: AttemptMessage[] = [];
  const at = [...(after ?? view.position.map(() => 0))];
  let looked = 0;
  let isCut = false;
  for await (const attempt of candidates(view, filter, after)) {
    if (attempts.length === limit || looked === LOOKED_AT) {
      isCut = true;
      break;
    }
    looked += 1;
    at[attempt.shard] = attempt.offset + 1;
    if (fits(election, attempt, filter)) attempts.push(attemptMessage(election, attempt));
  }
  return { ...atPosition(view), unit: filter.unit.code, attempts, next: isCut ? formatPosition(at) : null };
}

/** All that can fit by place and time, of every shard, in one order. */
async function* candidates(view: View, filter: AttemptFilter, after?: Position): AsyncGenerator<AttemptDoc> {
  const { snapshot, position } = view;
  const before = async (time: number): Promise<Position> => positionAtTime(snapshot, time - 1);
  const first = filter.from === undefined ? position.map(() => 0) : await before(filter.from);
  const last = filter.to === undefined ? position : await before(filter.to);
  const sheets = listedSheets(view.served.election, filter);
  const streams = position.map((end, shard) => {
    const from = Math.max(first[shard]!, after?.[shard] ?? 0);
    const to = Math.min(last[shard]!, end);
    return sheets ? snapshot.attemptsAbout(sheets, shard, from, to) : snapshot.attempts(shard, from, to);
  });
  yield* inOrderOfTime(streams);
}

/** The sheets of the area, where they are few enough to look up. */
function listedSheets(election: Election, { unit, contest }: AttemptFilter): readonly SheetKey[] | null {
  if (unit === election.root && !contest) return null;
  const sheets: SheetKey[] = [];
  for (const one of contest ? [contest] : election.contestsAt(unit))
    for (const station of one.stations) {
      if (station !== unit && !election.ancestors(station).includes(unit)) continue;
      if (sheets.length === LISTED_SHEETS) return null;
      sheets.push({ station: station.code, contest: one.id });
    }
  return sheets;
}

/** Merges streams that are each in order of log time; of one time, by shard and offset. */
async function* inOrderOfTime(streams: readonly AsyncIterable<AttemptDoc>[]): AsyncGenerator<AttemptDoc> {
  const readers = streams.map((stream) => stream[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(readers.map((reader) => reader.next()));
    for (;;) {
      let least = -1;
      for (const [shard, head] of heads.entries())
        if (!head.done && (least < 0 || head.value.logTime < (heads[least]!.value as AttemptDoc).logTime))
          least = shard;
      if (least < 0) return;
      yield heads[least]!.value as AttemptDoc;
      heads[least] = await readers[least]!.next();
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.return?.()));
  }
}

function fits(election: Election, attempt: AttemptDoc, filter: AttemptFilter): boolean {
  const { contest, actor, device, rule, cause, via, outcome, rejection, status, type } = filter;
  const sheet = sheetOf(attempt);
  return (
    (outcome === undefined || attempt.outcome === outcome) &&
    (type === undefined || attempt.type === type) &&
    (actor === undefined || attempt.actor?.id === actor) &&
    (rejection === undefined || attempt.rejection === rejection) &&
    (status === undefined || attempt.status === status) &&
    (device === undefined || deviceOf(attempt) === device) &&
    (cause === undefined || sheet?.cause === cause) &&
    (via === undefined || sheet?.via === via) &&
    (rule === undefined || isFoundBy(attempt, rule)) &&
    (contest === undefined || isOfContest(attempt, contest)) &&
    isWithin(election, attempt, filter.unit)
  );
}

function sheetOf({ data }: AttemptDoc): Partial<SubmittedSheet> | undefined {
  return (data as { readonly sheet?: SubmittedSheet } | undefined)?.sheet;
}

function isFoundBy({ findings = [] }: AttemptDoc, id: string): boolean {
  return findings.some(({ rule, about }) => rule === id || about === id);
}

/** Also where the attempt is filed under no sheet: a closed station changes those of all its contests. */
function isOfContest({ contest, subject = '', changes }: AttemptDoc, { id }: Contest): boolean {
  const named = contest ?? subject.slice(subject.indexOf('/') + 1);
  return named === id || changes.some((change) => change.contest === id);
}
