/** Everything that is elected, and how far each count is. */
import type { Contest, Progress, ResultNode, Sight } from '#domain';
import type { BodyInOverview, ContestInOverview, OverviewAnswer } from '#wire';
import { resultNodes } from '../results.ts';
import type { View } from '../view.ts';
import { atPosition, certifiedThen } from './place.ts';

/** More contests of one body than this are counted, and found by the units they belong to. */
const LISTED = 60;

export async function overviewAnswer(view: View, sight: Sight): Promise<OverviewAnswer> {
  const { election } = view.served;
  const certified = await certifiedThen(view);
  const nodes = new Map<Contest, ResultNode>();
  for await (const node of resultNodes(view, { unit: election.root, sight })) nodes.set(node.contest, node);
  const bodies = new Map<string, Contest[]>();
  for (const contest of election.contests) {
    const key = contest.row.body ?? `contest ${contest.id}`;
    const list = bodies.get(key);
    if (list) list.push(contest);
    else bodies.set(key, [contest]);
  }
  return {
    ...atPosition(view),
    bodies: [...bodies.values()].map((contests): BodyInOverview => {
      const progress = sumOf(contests.flatMap((contest) => nodes.get(contest) ?? []));
      return {
        body: contests[0]?.row.body ?? null,
        contests: contests.length,
        seats: contests.reduce((sum, { row }) => sum + row.seats, 0),
        certified: contests.filter(({ id }) => certified.has(id)).length,
        ...(progress && { progress }),
        listed: contests
          .slice(0, LISTED)
          .map((contest) => contestIn(contest, nodes.get(contest), certified.has(contest.id))),
      };
    }),
  };
}

function contestIn(contest: Contest, node: ResultNode | undefined, isCertified: boolean): ContestInOverview {
  const { row, home } = contest;
  return {
    id: row.id,
    name: row.name,
    ...(row.names && { names: row.names }),
    seats: row.seats,
    kind: row.kind,
    unit: home.code,
    ...(node?.seesProgress && { progress: node.progress }),
    published: node?.seesResults ?? false,
    isCertified,
  };
}

function sumOf(nodes: readonly ResultNode[]): Progress | undefined {
  const seen = nodes.filter(({ seesProgress }) => seesProgress);
  const [first, ...others] = seen.map(({ progress }) => progress);
  if (!first) return undefined;
  const sum: Record<string, number> = { ...first };
  for (const progress of others) for (const [name, value] of Object.entries(progress)) sum[name]! += value;
  return sum as unknown as Progress;
}
