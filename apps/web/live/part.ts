/**
 * What the page knows of results: nodes that are true at one position. The totals of the unit and the table below it
 * are two parts, since two requests may be answered at two positions; each says its own.
 */
import type { Progress, Track } from '#domain';
import type { ResultRow, ResultsAnswer, SpelledTotals } from '#wire';
import { isNotBeyond, judgeMessage, type Position, readPosition, type Verdict } from './position.ts';

/** One contest at one unit, in one track. */
export interface LiveNode {
  readonly unit: string;
  readonly published: boolean;
  /** Absent where progress is not public. */
  readonly progress?: Progress;
  /** Absent where no sheet is counted: nothing received is not zero. */
  readonly totals?: SpelledTotals;
}

export interface Part {
  readonly position: Position;
  readonly asOf: string | null;
  readonly nodes: ReadonlyMap<string, LiveNode>;
  /** What shares were shares of in the last answer over HTTP, where that is one of the two defaults. */
  readonly divisor: Divisor | null;
  /** Whether only an answer over HTTP can settle it: what a share is now a share of, or why figures are gone. */
  readonly isUnsure: boolean;
}

/** The defaults of `shareOf` (contracts §1): the field with role `valid`, else the sum of votes. */
export type Divisor = 'valid' | 'votes';

/** What a part is about: rows of other units, contests and tracks are none of its business. */
export interface Scope {
  readonly contest: string;
  readonly track: Track;
  /** The form's field with role `valid`. */
  readonly validField: string | undefined;
  readonly includes: (unit: string) => boolean;
}

/** The key of the row that carries `shareOf`, where the feed sends it. */
const SHARE_OF = 'shareOf';

export function partOfAnswer(answer: ResultsAnswer, scope: Scope): Part | null {
  const position = readPosition(answer.position);
  if (!position) return null;
  const nodes = new Map<string, LiveNode>();
  for (const node of answer.nodes) {
    if (node.contest !== scope.contest || !scope.includes(node.unit)) continue;
    const totals = node.tracks[scope.track];
    nodes.set(node.unit, {
      unit: node.unit,
      published: node.published,
      ...(node.progress && { progress: node.progress }),
      ...(totals && { totals }),
    });
  }
  return { position, asOf: answer.asOf, nodes, divisor: divisorOf(nodes, scope), isUnsure: false };
}

function divisorOf(nodes: ReadonlyMap<string, LiveNode>, scope: Scope): Divisor | null {
  const all = [...nodes.values()].flatMap(({ totals }) => (totals ? [totals] : []));
  const fits = (divisor: Divisor): boolean => all.every((totals) => divide(totals, divisor, scope) === totals.shareOf);
  const divisor = scope.validField === undefined ? 'votes' : 'valid';
  return all.length > 0 && fits(divisor) ? divisor : null;
}

function divide({ fields, votes }: SpelledTotals, divisor: Divisor, { validField = '' }: Scope): number | undefined {
  const whole = divisor === 'valid' ? fields[validField] : Object.values(votes).reduce((sum, value) => sum + value, 0);
  return whole === 0 ? undefined : whole;
}

/** Where figures came without their divisor: the default one where it fitted so far, else none until the next answer. */
function withDivisors(nodes: Map<string, LiveNode>, divisor: Divisor | null, scope: Scope): boolean {
  let isGuessed = false;
  for (const [unit, node] of nodes) {
    const { totals } = node;
    if (!totals || totals.shareOf !== undefined) continue;
    isGuessed = true;
    const shareOf = divisor === null ? undefined : divide(totals, divisor, scope);
    if (shareOf !== undefined) nodes.set(unit, { ...node, totals: { ...totals, shareOf } });
  }
  return isGuessed;
}

/** The later of two snapshots; the one at hand where the other would take any shard back. */
export function takeSnapshot(own: Part | null, next: Part | null): Part | null {
  if (!own || !next) return next ?? own;
  return isNotBeyond(own.position, next.position) ? next : own;
}

/** Rows of a full snapshot (acknowledgement of `watch`), as a part; `published` and `shareOf` are kept where they are not said. */
export function partOfRows(
  head: { readonly position: string; readonly asOf: string | null },
  rows: readonly ResultRow[],
  scope: Scope,
  own: Part | null,
): Part | null {
  const position = readPosition(head.position);
  if (!position) return null;
  const mine = rows.filter((row) => concerns(row, scope));
  const emptied = new Map<string, LiveNode>();
  for (const [unit, { published, progress }] of own?.nodes ?? [])
    emptied.set(unit, { unit, published, ...(progress && { progress }) });
  const nodes = changeNodes(emptied, mine);
  for (const [unit, node] of nodes) {
    const before = own?.nodes.get(unit)?.totals;
    const same = before && node.totals && node.totals.shareOf === undefined && sameFigures(node.totals, before);
    if (same) nodes.set(unit, { ...node, totals: before });
  }
  const divisor = own?.divisor ?? null;
  return { position, asOf: head.asOf, nodes, divisor, isUnsure: withDivisors(nodes, divisor, scope) };
}

export interface FeedMessage {
  readonly from: string;
  readonly to: string;
  readonly asOf: string | null;
  readonly changes: readonly ResultRow[];
}

/** Applies a message by the rule of the feed; the part is unchanged unless the verdict is `apply`. */
export function applyMessage(
  own: Part,
  message: FeedMessage,
  scope: Scope,
): { readonly verdict: Verdict; readonly part: Part } {
  const from = readPosition(message.from);
  const to = readPosition(message.to);
  if (!from || !to) return { verdict: 'refetch', part: own };
  const verdict = judgeMessage(own.position, from, to);
  if (verdict !== 'apply') return { verdict, part: own };
  const mine = message.changes.filter((row) => concerns(row, scope));
  const nodes = changeNodes(own.nodes, mine);
  const isGuessed = withDivisors(nodes, own.divisor, scope);
  const isUnsure = isGuessed || own.isUnsure || [...nodes.values()].some(isGone);
  return { verdict, part: { position: to, asOf: message.asOf, nodes, divisor: own.divisor, isUnsure } };
}

/** Sheets are counted but no figures are told: kept back again, or a message that another one completes. */
function isGone({ published, progress, totals }: LiveNode): boolean {
  return published && totals === undefined && (progress?.counted ?? 0) > 0;
}

function concerns(row: ResultRow, scope: Scope): boolean {
  return row.contest === scope.contest && scope.includes(row.unit) && (row.track === '' || row.track === scope.track);
}

function sameFigures(a: SpelledTotals, b: SpelledTotals): boolean {
  return sameNumbers(a.fields, b.fields) && sameNumbers(a.votes, b.votes);
}

function sameNumbers(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

interface NodeInChange {
  published: boolean;
  progress: Record<string, number>;
  fields: Record<string, number>;
  votes: Record<string, number>;
  present: Record<string, number>;
  shareOf: number | undefined;
}

function changeNodes(nodes: ReadonlyMap<string, LiveNode>, rows: readonly ResultRow[]): Map<string, LiveNode> {
  const changed = new Map(nodes);
  const byUnit = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const own = byUnit.get(row.unit);
    if (own) own.push(row);
    else byUnit.set(row.unit, [row]);
  }
  for (const [unit, own] of byUnit) changed.set(unit, changeNode(unit, nodes.get(unit), own));
  return changed;
}

function changeNode(unit: string, before: LiveNode | undefined, rows: readonly ResultRow[]): LiveNode {
  const node: NodeInChange = {
    published: before?.published ?? true,
    progress: { ...before?.progress },
    fields: { ...before?.totals?.fields },
    votes: { ...before?.totals?.votes },
    present: { ...before?.totals?.present },
    shareOf: before?.totals?.shareOf,
  };
  const figures = rows.filter((row) => row.track !== '' && row.key !== SHARE_OF);
  if (figures.length > 0) node.shareOf = undefined;
  if (figures.some(({ value }) => value !== null)) node.published = true;
  for (const row of rows) changeFigure(node, row);
  const { published, progress, fields, votes, present, shareOf } = node;
  const hasFigures = Object.keys(fields).length > 0 || Object.keys(votes).length > 0;
  return {
    unit,
    published,
    ...(Object.keys(progress).length > 0 && { progress: progress as Progress }),
    ...(hasFigures && { totals: { fields, votes, present, ...(shareOf !== undefined && { shareOf }) } }),
  };
}

function changeFigure(node: NodeInChange, { track, key, value }: ResultRow): void {
  if (track !== '' && key === SHARE_OF) {
    node.shareOf = value ?? undefined;
    return;
  }
  const dot = key.indexOf('.');
  const name = key.slice(dot + 1);
  const into = figuresNamed(node, key.slice(0, dot));
  if (!into) return;
  if (value === null) delete into[name];
  else into[name] = value;
}

function figuresNamed(node: NodeInChange, kind: string): Record<string, number> | null {
  switch (kind) {
    case 'progress':
      return node.progress;
    case 'field':
      return node.fields;
    case 'votes':
      return node.votes;
    case 'present':
      return node.present;
    default:
      return null;
  }
}
