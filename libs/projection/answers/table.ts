/** A contest as a flat table, one row a unit; of all units, or only those that changed from a position on. */
import {
  type Contest,
  FULL_SIGHT,
  figureKeys,
  figureValue,
  formatPosition,
  type Position,
  PROGRESS_NAMES,
  type ResultNode,
  type Sight,
  type Track,
  type Unit,
} from '#domain';
import type { TableAnswer } from '#wire';
import { resultNodes } from '../results.ts';
import type { View } from '../view.ts';
import { atPosition } from './place.ts';

export interface TableQuery {
  readonly contest: Contest;
  readonly unit: Unit;
  readonly level?: number | undefined;
  readonly track: Track;
  readonly since?: Position | undefined;
  readonly sight?: Sight;
}

export async function tableAnswer(view: View, query: TableQuery): Promise<TableAnswer> {
  const { contest, unit, level, since, sight = FULL_SIGHT } = query;
  const keys = figureKeys(contest);
  const rows: TableAnswer['rows'][number][] = [];
  const nodes = resultNodes(view, { unit, depth: 'all', contest, sight, ...(level !== undefined && { level }) });
  for await (const node of nodes)
    if (!since || (await hasChanged(view, node, since))) rows.push(rowOf(view, node, keys, query.track));
  return {
    ...atPosition(view),
    contest: contest.id,
    since: since ? formatPosition(since) : null,
    columns: [
      'unit',
      'name',
      'level',
      'parent',
      ...PROGRESS_NAMES.map((name) => `progress.${name}`),
      ...keys.map(({ key }) => key),
    ],
    rows,
  };
}

function rowOf(
  { served }: View,
  { unit, totals, progress, seesProgress, seesResults }: ResultNode,
  keys: ReturnType<typeof figureKeys>,
  track: Track,
): TableAnswer['rows'][number] {
  const level = served.election.definition.levels[unit.level]?.id ?? '';
  return [
    unit.code,
    unit.row.name,
    level,
    unit.parent?.code ?? null,
    ...PROGRESS_NAMES.map((name) => (seesProgress ? progress[name] : null)),
    ...keys.map((key) => (seesResults ? figureValue(totals[track], key) : null)),
  ];
}

/** Whether anything of a node changed from a position on: documents carry the offset of their last change. */
async function hasChanged({ snapshot }: View, { unit, contest }: ResultNode, since: Position): Promise<boolean> {
  const isNew = ({ shard, offset }: { shard: number; offset: number }): boolean => offset >= (since[shard] ?? 0);
  if (!unit.isStation) return (await snapshot.totals(unit.code, contest.id)).some(isNew);
  const sheet = await snapshot.sheet(unit.code, contest.id);
  return sheet !== undefined && isNew(sheet);
}
