/**
 * Results: the nodes asked for, at one position, seen by one viewer; as objects, as rows, and as the CSV whose bytes
 * the fingerprint covers (contracts §4, §7).
 */
import { createHash } from 'node:crypto';
import {
  type Contest,
  CSV_HEADER,
  compareBytes,
  csvOf,
  DEFAULT_TRACKS,
  FULL_SIGHT,
  figureKeys,
  figureValue,
  type NodeTotals,
  PROGRESS_KEYS,
  PROGRESS_NAMES,
  type Progress,
  progressOf,
  type ResultNode,
  type Sight,
  type Track,
  type Unit,
} from '#domain';
import { ahead } from './ahead.ts';
import type { View } from './view.ts';

export interface ResultQuery {
  /** The unit to start from. */
  readonly unit: Unit;
  /** Steps down the tree; default 0. */
  readonly depth?: number | 'all';
  /** Only units of this level (0 = root) among them. */
  readonly level?: number;
  readonly contest?: Contest;
  readonly sight?: Sight;
}

/** The units a query asks for, ordered by the bytes of their codes. */
export function unitsOf(query: ResultQuery): Unit[] {
  const limit = query.depth === 'all' ? Number.POSITIVE_INFINITY : (query.depth ?? 0);
  const units: Unit[] = [];
  let row: readonly Unit[] = [query.unit];
  for (let step = 0; row.length > 0 && step <= limit; step += 1) {
    units.push(...row);
    row = row.flatMap((unit) => unit.children);
  }
  const wanted = query.level === undefined ? units : units.filter((unit) => unit.level === query.level);
  return wanted.sort((a, b) => compareBytes(a.code, b.code));
}

/** The nodes of a query, by unit code and contest id in byte order. Of national size at depth `all`: a stream. */
export async function* resultNodes(view: View, query: ResultQuery): AsyncGenerator<ResultNode> {
  const units = unitsOf(query);
  if (units.length > 50) await view.prepareTree();
  for await (const nodes of ahead(units, (unit) => nodesAt(view, unit, query))) yield* nodes;
}

async function nodesAt(view: View, unit: Unit, query: ResultQuery): Promise<ResultNode[]> {
  const { election } = view.served;
  const sight = query.sight ?? FULL_SIGHT;
  const nodes: ResultNode[] = [];
  const add = (contest: Contest, totals: NodeTotals): void => {
    const seesProgress = sight.progress(contest, unit.level);
    const seesResults = sight.results(contest, unit.level);
    if (!seesProgress && !seesResults) return;
    const progress = progressOf(election, contest, unit, totals);
    nodes.push({ unit, contest, totals, progress, seesProgress, seesResults });
  };
  if (query.contest) {
    if (election.contestAt(query.contest, unit)) add(query.contest, await view.totals(unit, query.contest));
    return nodes;
  }
  for (const [contest, totals] of await view.totalsAt(unit)) add(contest, totals);
  return nodes.sort((a, b) => compareBytes(a.contest.id, b.contest.id));
}

/* ------------------------------------------------------------ keys and rows */

export interface Row {
  readonly unit: string;
  readonly contest: string;
  readonly track: Track | '';
  readonly key: string;
  readonly value: number;
}

/** The rows of a node, in the order of the CSV: progress first (its track is empty), then the tracks by name. */
export function rowsOf(node: ResultNode, tracks: readonly Track[]): Row[] {
  const rows: Row[] = [];
  const unit = node.unit.code;
  const contest = node.contest.id;
  if (node.seesProgress)
    for (const name of PROGRESS_KEYS)
      rows.push({ unit, contest, track: '', key: `progress.${name}`, value: node.progress[name] });
  if (!node.seesResults) return rows;
  for (const track of tracks)
    for (const key of figureKeys(node.contest)) {
      const value = figureValue(node.totals[track], key);
      if (value !== null) rows.push({ unit, contest, track, key: key.key, value });
    }
  return rows;
}

/* ------------------------------------------------------------ CSV and fingerprint */

/** The long form, in chunks of about 64 kB; rows sorted by their bytes, header included. */
export async function* resultsCsv(
  view: View,
  query: ResultQuery,
  tracks: readonly Track[] = DEFAULT_TRACKS,
): AsyncGenerator<string> {
  const sorted = [...new Set(tracks)].filter((track) => (query.sight ?? FULL_SIGHT).track(track)).sort(compareBytes);
  let chunk = CSV_HEADER;
  for await (const node of resultNodes(view, query)) {
    chunk += csvOf(node, sorted);
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** SHA-256 (lower-case hex) over the bytes of `results --depth all --format csv`, of everything or of one contest. */
export async function fingerprint(view: View, contest?: Contest): Promise<string> {
  const hash = createHash('sha256');
  const query: ResultQuery = { unit: view.served.election.root, depth: 'all', ...(contest && { contest }) };
  for await (const chunk of resultsCsv(view, query)) hash.update(chunk);
  return hash.digest('hex');
}

/* ------------------------------------------------------------ bodies */

/** A body at a unit: fields and progress over its contests, no votes. */
export interface BodyNode {
  readonly unit: Unit;
  readonly body: string;
  readonly progress: Progress;
  readonly seesProgress: boolean;
  readonly tracks: Readonly<Record<Track, { readonly sheets: number; readonly values: ReadonlyMap<string, number> }>>;
}

/** The nodes of a query added up over the contests of a body. */
export async function* bodyNodes(view: View, query: ResultQuery, body: string): AsyncGenerator<BodyNode> {
  for await (const nodes of byUnit(resultNodes(view, query))) {
    const mine = nodes.filter((node) => node.contest.row.body === body);
    if (mine.length > 0) yield addBody(mine, body);
  }
}

async function* byUnit(nodes: AsyncIterable<ResultNode>): AsyncGenerator<ResultNode[]> {
  let group: ResultNode[] = [];
  for await (const node of nodes) {
    if (group[0] && group[0].unit !== node.unit) {
      yield group;
      group = [];
    }
    group.push(node);
  }
  if (group.length > 0) yield group;
}

function addBody(nodes: readonly ResultNode[], body: string): BodyNode {
  const progress = Object.fromEntries(
    PROGRESS_NAMES.map((name) => [name, nodes.reduce((sum, node) => sum + node.progress[name], 0)]),
  ) as Progress;
  const track = (name: Track): { sheets: number; values: Map<string, number> } => {
    const values = new Map<string, number>();
    let sheets = 0;
    for (const node of nodes) {
      if (!node.seesResults) continue;
      sheets += node.totals[name].sheets;
      for (const key of figureKeys(node.contest)) {
        const value = key.source === 'votes' ? null : figureValue(node.totals[name], key);
        if (value !== null) values.set(key.key, (values.get(key.key) ?? 0) + value);
      }
    }
    return { sheets, values };
  };
  return {
    unit: nodes[0]!.unit,
    body,
    progress,
    seesProgress: nodes.every((node) => node.seesProgress),
    tracks: { provisional: track('provisional'), verified: track('verified'), all: track('all') },
  };
}

/** The long form of a body: its id stands in the contest column. */
export async function* bodyCsv(
  view: View,
  query: ResultQuery,
  body: string,
  tracks: readonly Track[] = DEFAULT_TRACKS,
): AsyncGenerator<string> {
  const sorted = [...new Set(tracks)].filter((track) => (query.sight ?? FULL_SIGHT).track(track)).sort(compareBytes);
  yield CSV_HEADER;
  for await (const node of bodyNodes(view, query, body)) {
    const head = `${node.unit.code},${body},`;
    const lines: string[] = [];
    if (node.seesProgress)
      for (const name of PROGRESS_KEYS) lines.push(`${head},progress.${name},${node.progress[name]}\n`);
    for (const track of sorted) {
      const keys = [...node.tracks[track].values.keys()].sort(compareBytes);
      for (const key of keys) lines.push(`${head}${track},${key},${node.tracks[track].values.get(key)}\n`);
    }
    yield lines.join('');
  }
}
