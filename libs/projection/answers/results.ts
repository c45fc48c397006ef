/** Results as JSON (contracts §4). */
import {
  type Contest,
  DEFAULT_TRACKS,
  FULL_SIGHT,
  figureKeys,
  figureValue,
  type NodeTotals,
  type ResultNode,
  type Sight,
  TRACKS,
  type Track,
} from '#domain';
import type { ResultNode as ResultNodeAnswer, ResultsAnswer, SpelledTotals } from '#wire';
import { bodyNodes, type ResultQuery, resultNodes, unitsOf } from '../results.ts';
import type { View } from '../view.ts';
import { atPosition } from './place.ts';

/** A track's totals of a node, spelled; undefined where no sheet is counted. */
export function spellTotals(view: View, contest: Contest, totals: NodeTotals, track: Track): SpelledTotals | undefined {
  const values = totals[track];
  if (values.sheets === 0) return undefined;
  const fields: Record<string, number> = {};
  const votes: Record<string, number> = {};
  const present: Record<string, number> = {};
  for (const key of figureKeys(contest)) {
    const value = figureValue(values, key);
    if (value === null) continue;
    const name = key.key.slice(key.key.indexOf('.') + 1);
    if (key.source === 'field') fields[name] = value;
    else if (key.source === 'votes') votes[name] = value;
    else present[name] = value;
  }
  const shareOf = view.served.rules.shareOf(contest, values.sums);
  return {
    fields,
    votes,
    ...(Object.keys(present).length > 0 && { present }),
    ...(shareOf !== undefined && { shareOf }),
  };
}

export function spellNode(
  view: View,
  node: ResultNode,
  tracks: readonly Track[],
  sight: Sight = FULL_SIGHT,
): ResultNodeAnswer {
  const spelled: Partial<Record<Track, SpelledTotals>> = {};
  if (node.seesResults)
    for (const track of TRACKS) {
      if (!tracks.includes(track) || !sight.track(track)) continue;
      const totals = spellTotals(view, node.contest, node.totals, track);
      if (totals) spelled[track] = totals;
    }
  return {
    unit: node.unit.code,
    contest: node.contest.id,
    ...(node.seesProgress && { progress: node.progress }),
    tracks: spelled,
    published: node.seesResults,
  };
}

export async function resultsAnswer(
  view: View,
  query: ResultQuery,
  tracks: readonly Track[] = DEFAULT_TRACKS,
): Promise<ResultsAnswer> {
  const nodes: ResultNodeAnswer[] = [];
  for await (const node of resultNodes(view, query)) nodes.push(spellNode(view, node, tracks, query.sight));
  return { ...atPosition(view), nodes };
}

/** The table of the units directly below the query's unit, in the order of the package. */
export async function childrenAnswer(
  view: View,
  query: ResultQuery,
  tracks: readonly Track[] = DEFAULT_TRACKS,
): Promise<ResultsAnswer> {
  const nodes: ResultNodeAnswer[] = [];
  for (const unit of query.unit.children)
    for await (const node of resultNodes(view, { ...query, unit, depth: 0 }))
      nodes.push(spellNode(view, node, tracks, query.sight));
  return { ...atPosition(view), nodes };
}

/** Fields and progress of a body over its contests; the body's id stands as `contest`. */
export async function bodyAnswer(
  view: View,
  query: ResultQuery,
  body: string,
  tracks: readonly Track[] = DEFAULT_TRACKS,
): Promise<ResultsAnswer> {
  const nodes: ResultNodeAnswer[] = [];
  const sight = query.sight ?? FULL_SIGHT;
  for await (const node of bodyNodes(view, query, body)) {
    const spelled: Partial<Record<Track, SpelledTotals>> = {};
    for (const track of TRACKS) {
      const { sheets, values } = node.tracks[track];
      if (!tracks.includes(track) || !sight.track(track) || sheets === 0) continue;
      spelled[track] = { fields: named(values, 'field.'), votes: {}, present: named(values, 'present.') };
    }
    nodes.push({
      unit: node.unit.code,
      contest: body,
      ...(node.seesProgress && { progress: node.progress }),
      tracks: spelled,
      published: TRACKS.some((track) => node.tracks[track].sheets > 0),
    });
  }
  return { ...atPosition(view), nodes };
}

function named(values: ReadonlyMap<string, number>, prefix: string): Record<string, number> {
  return Object.fromEntries(
    [...values].flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
  );
}

/** How many units a query asks for: to refuse or page what is too much for one answer. */
export function sizeOf(query: ResultQuery): number {
  return unitsOf(query).length;
}
