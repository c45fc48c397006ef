/** The steps of a contest's night at a unit; undefined until they are known, or where they are not public. */
import { useMemo } from 'preact/hooks';
import type { ContestSummary, ElectionAnswer, TimelineAnswer, UnitAnswer } from '#wire';
import { type Step, stepsOf } from '../figures/night.ts';
import { addresses, type NodeAddress } from './addresses.ts';
import { mayResultsBeOut } from './publication.ts';
import { useLasting } from './use-lasting.ts';

interface NightOf {
  readonly election: ElectionAnswer;
  readonly unit: UnitAnswer;
  readonly contest: ContestSummary;
}

export function useNight({ election, unit, contest }: NightOf, node: NodeAddress): readonly Step[] | undefined {
  const isOut = mayResultsBeOut(election, unit.level, contest, Date.now()) && election.publish.progress !== 'never';
  // Up to the present position: so it stays as it is, and is not what the page of the unit was given of it.
  const { answer } = useLasting<TimelineAnswer>(isOut ? addresses.timeline(node, election.position) : null);
  const points = answer?.points;
  return useMemo(() => points && stepsOf(points, election.shards), [points, election.shards]);
}
