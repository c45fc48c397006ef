/** Attempts as the feed of an area tells them, and how many came in of late. */
import { type Election, FULL_SIGHT, type Unit } from '#domain';
import type { AttemptDoc } from '#read-model';
import type { AttemptMessage, AttemptsAnswer, OperationAnswer } from '#wire';
import { positionAtTime, type View } from '../view.ts';
import { atPosition } from './place.ts';
import { loneAttempt } from './sheet.ts';

export function attemptMessage(election: Election, attempt: AttemptDoc): AttemptMessage {
  return {
    election: election.definition.id,
    subject: attempt.subject ?? null,
    station: attempt.station ?? null,
    contest: attempt.contest ?? null,
    ...loneAttempt(attempt, FULL_SIGHT),
  };
}

/** Whether an attempt is about the unit or something below it. */
export function isWithin(election: Election, attempt: AttemptDoc, unit: Unit): boolean {
  const place = placeOf(election, attempt);
  return place === unit || election.ancestors(place).includes(unit);
}

/** The unit an attempt is about; what names none is the root's. */
function placeOf(election: Election, { station, contest, subject = '' }: AttemptDoc): Unit {
  const slash = subject.indexOf('/');
  const name = slash < 0 ? subject : subject.slice(0, slash);
  const unit = election.unit(station ?? name);
  return unit ?? election.contest(contest ?? subject)?.home ?? election.root;
}

export interface AttemptsQuery {
  readonly unit: Unit;
  readonly outcome?: AttemptDoc['outcome'] | undefined;
  readonly limit: number;
}

/** No further back than this in each shard: what is older is in the histories of sheets. */
const LOOKED_THROUGH = 2_000;

/** The newest attempts of an area, newest first. */
export async function attemptsAnswer(view: View, { unit, outcome, limit }: AttemptsQuery): Promise<AttemptsAnswer> {
  const { election } = view.served;
  const found: AttemptDoc[] = [];
  for (const [shard, to] of view.position.entries()) {
    const mine: AttemptDoc[] = [];
    for await (const attempt of view.snapshot.attempts(shard, Math.max(0, to - LOOKED_THROUGH), to))
      if ((!outcome || attempt.outcome === outcome) && isWithin(election, attempt, unit)) mine.push(attempt);
    found.push(...mine.slice(-limit));
  }
  found.sort((a, b) => b.logTime - a.logTime || b.shard - a.shard || b.offset - a.offset);
  const attempts = found.slice(0, limit).map((attempt) => attemptMessage(election, attempt));
  return { ...atPosition(view), unit: unit.code, attempts };
}

const MINUTE_MS = 60_000;

/** How much came in: records of the log, by their log time. `ends`: of the log, by shard. */
export async function operationAnswer(
  view: View,
  ends: readonly number[],
  lag: OperationAnswer['lag'],
  now: number,
): Promise<Omit<OperationAnswer, 'processes'>> {
  const minuteAgo = await positionAtTime(view.snapshot, now - MINUTE_MS);
  const tenAgo = await positionAtTime(view.snapshot, now - 10 * MINUTE_MS);
  const since = (before: readonly number[], shard: number): number =>
    Math.max(0, view.position[shard]! - before[shard]!);
  const shards = view.position.map((folded, shard) => ({
    shard,
    folded,
    end: Math.max(folded, ends[shard] ?? 0),
    eventsLastMinute: since(minuteAgo, shard),
  }));
  return {
    ...atPosition(view),
    lag,
    shards,
    eventsLastMinute: shards.reduce((sum, { eventsLastMinute }) => sum + eventsLastMinute, 0),
    eventsLastTenMinutes: shards.reduce((sum, { shard }) => sum + since(tenAgo, shard), 0),
  };
}
