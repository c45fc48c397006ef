/** A sheet's document as of an earlier position: its attempts folded anew, as the worker folded them. */
import {
  type Contest,
  type Election,
  evolveSheet,
  type SheetEvent,
  type SheetState,
  UNTOUCHED,
  type Unit,
} from '#domain';
import type { AttemptDoc, SheetDoc } from '#read-model';
import { sheetDoc } from './documents.ts';

/**
 * `attempts`: all that changed the sheet before the position, the closing of its station among them, in order.
 * undefined where nothing changed it.
 */
export function foldSheetAnew(
  election: Election,
  station: Unit,
  contest: Contest,
  attempts: readonly AttemptDoc[],
): SheetDoc | undefined {
  const { entry, holdOn } = election.definition;
  let state: SheetState = UNTOUCHED;
  let closed = false;
  for (const attempt of attempts) {
    if (attempt.outcome !== 'accepted') continue;
    const { offset } = attempt;
    if (attempt.type === 'tally.station.closed.v1') {
      closed = true;
      state = { ...state, offset };
      continue;
    }
    const result = evolveSheet(state, eventOf(attempt), { contest, entry, holdOn, closed, offset });
    if (result.outcome === 'accepted') state = result.state;
  }
  if (state === UNTOUCHED) return undefined;
  const { offset } = state;
  return sheetDoc(station.shard, { station: station.code, contest: contest.id, closed, state, offset });
}

/** As much of an attempt's event as its sheet depends on. */
function eventOf({ type, data, actor, findings = [] }: AttemptDoc): SheetEvent {
  return { type, data: { ...data, actor, findings } } as SheetEvent;
}
