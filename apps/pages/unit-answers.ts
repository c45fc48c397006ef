/** What a page about a contest at a unit is rendered from. */
import type { Contest, Track, Unit } from '#domain';
import { childrenAnswer, resultsAnswer, timelineAnswer } from '#projection';
import { addresses } from '../web/live/addresses.ts';
import { type Answers, facts, plain, type Reading } from './reading.ts';

export interface ShownAtUnit {
  readonly contest: Contest | undefined;
  readonly track: Track;
  /** The contest that the address names. */
  readonly wanted: string | undefined;
}

export async function unitAnswers(
  reading: Reading,
  unit: Unit,
  { contest, track, wanted }: ShownAtUnit,
): Promise<Answers> {
  const answers = await facts(reading.view, unit, wanted);
  if (!contest) return answers;
  const { view, viewer, etag } = reading;
  const { sight } = viewer;
  const node = { election: view.served.election.definition.id, unit: unit.code, contest: contest.id, track };
  const query = { unit, contest, sight };
  answers[addresses.totals(node)] = { etag, body: await resultsAnswer(view, query, [track]) };
  answers[addresses.children(node)] = { etag, body: await childrenAnswer(view, query, [track]) };
  if (sight.log) {
    const body = await resultsAnswer(view, query, ['all']);
    answers[addresses.totals({ ...node, track: 'all' })] = { etag, body };
  }
  if (sight.results(contest, unit.level) && sight.progress(contest, unit.level)) {
    const { points } = await timelineAnswer(view, unit, contest, track);
    const body = { points: points.map(({ time, received }) => ({ time, received })) };
    answers[addresses.timeline(node)] = plain(body);
  }
  return answers;
}
