/** Where an event belongs (contracts §3): what it concerns, and so the key that its record lies under. */
import type { UnitCode } from './definition.ts';
import type { Contest, Election, Unit } from './election.ts';
import { type AnyEvent, decodeEvent } from './events.ts';
import type { RejectionCode } from './rejections.ts';
import { isSheetEvent, type SheetEvent } from './station-ledger.ts';

/** An event that concerns a unit or contest, not a sheet. */
export type SubjectEvent = Exclude<AnyEvent, SheetEvent>;

/** The unit whose key it lies under, and its contest where it concerns one; or why it belongs nowhere. */
export function homeOfSubject(
  election: Election,
  event: SubjectEvent,
): { unit: Unit; contest: Contest | null } | RejectionCode {
  if (event.type === 'tally.station.closed.v1') {
    const unit = election.unit(event.subject);
    return unit?.isStation ? { unit, contest: null } : 'unknown-station';
  }
  if (event.type === 'tally.device.enrolled.v1' || event.type === 'tally.device.revoked.v1') {
    const unit = election.unit(event.subject);
    return unit ? { unit, contest: null } : 'unknown-unit';
  }
  if (event.type === 'tally.minutes.recorded.v1') {
    const unit = election.unit(event.data.unit);
    const contest = election.contest(event.data.contest);
    if (!contest) return 'unknown-contest';
    if (!unit || !election.contestAt(contest, unit)) return 'not-in-contest';
    return event.subject === unit.code ? { unit, contest } : 'bad-structure';
  }
  const contest = election.contest(event.subject);
  return contest ? { unit: contest.home, contest } : 'unknown-contest';
}

/** The key that a record must lie under; null where that is all the same, since the fold rejects it anyway. */
export function keyOfRecord(election: Election, value: Uint8Array): UnitCode | null {
  const decoded = decodeEvent(value);
  if (!decoded.ok || decoded.event.type === 'tally.election.opened.v1') return null;
  const { event } = decoded;
  if (isSheetEvent(event)) {
    const slash = event.subject.indexOf('/');
    return election.unit(event.subject.slice(0, slash))?.key ?? null;
  }
  const home = homeOfSubject(election, event);
  return typeof home === 'string' ? null : home.unit.key;
}
