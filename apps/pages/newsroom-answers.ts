/** What the newsroom's page is rendered from: a contest's flat table, as far as it is one to read. */
import { contestShown, type ServedElection, sizeOf, tableAnswer } from '#projection';
import type { Desk } from '../api/index.ts';
import { addresses } from '../web/live/addresses.ts';
import type { Route } from '../web/route.ts';
import { type Found, facts, MISSING, openView } from './reading.ts';

/** A longer table is for the browser to ask for: a page holds it twice. */
const MOST_ROWS = 200;

export async function newsroomAnswers(
  desk: Desk,
  served: ServedElection,
  route: Extract<Route, { page: 'newsroom' }>,
): Promise<Found> {
  const { root, definition } = served.election;
  const shown = contestShown(served.election, root, route.contest);
  const contest = route.contest === undefined || shown?.id === route.contest ? shown : undefined;
  const levels = definition.levels.map(({ id }) => id);
  const name = route.level ?? levels[1] ?? levels[0]!;
  const level = levels.indexOf(name);
  if (!contest || level < 0) return MISSING;
  return openView(desk, served, async ({ view, viewer: { sight }, etag }) => async () => {
    const answers = await facts(view, root, route.contest);
    const query = { contest, unit: root, level, track: 'provisional', since: undefined, sight } as const;
    if (sizeOf({ unit: root, depth: 'all', level, contest }) <= MOST_ROWS)
      answers[addresses.table(definition.id, contest.id, { level: name })] = {
        etag,
        body: await tableAnswer(view, query),
      };
    return answers;
  });
}
