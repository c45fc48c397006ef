/**
 * The long form of results (contracts §4): the keys of a contest's figures, their values, and the lines of a node. The
 * fingerprint covers these bytes (contracts §7).
 */
import type { Contest, Unit } from './election.ts';
import { type NodeTotals, PROGRESS_NAMES, type Progress, type Track, type TrackTotals } from './totals.ts';

export const CSV_HEADER = 'unit,contest,track,key,value\n';
/** The tracks of CSV and JSON by default, and of the fingerprint. */
export const DEFAULT_TRACKS: readonly Track[] = ['provisional', 'verified'];

/** A contest at a unit, as far as the viewer may see. */
export interface ResultNode {
  readonly unit: Unit;
  readonly contest: Contest;
  readonly totals: NodeTotals;
  readonly progress: Progress;
  readonly seesProgress: boolean;
  readonly seesResults: boolean;
}

/** Identifiers are ASCII, so comparing by UTF-16 code unit is comparing by bytes. */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type KeySource = 'field' | 'votes' | 'present';

export interface FigureKey {
  readonly key: string;
  readonly source: KeySource;
  /** Place in `sums`, or in `present`. */
  readonly place: number;
  /** For an optional field: its place in `present`; -1 otherwise. */
  readonly presentPlace: number;
}

const keysOf = new WeakMap<Contest, readonly FigureKey[]>();
/** The names of the progress numbers in byte order. */
export const PROGRESS_KEYS = [...PROGRESS_NAMES].sort(compareBytes);

/** The figure keys of a contest in byte order. */
export function figureKeys(contest: Contest): readonly FigureKey[] {
  const known = keysOf.get(contest);
  if (known) return known;
  const { layout } = contest;
  const keys: FigureKey[] = [];
  layout.fields.forEach(({ id }, place) => {
    const presentPlace = layout.optional.indexOf(place);
    keys.push({ key: `field.${id}`, source: 'field', place, presentPlace });
    if (presentPlace >= 0) keys.push({ key: `present.${id}`, source: 'present', place: presentPlace, presentPlace });
  });
  layout.candidates.forEach((number, i) => {
    keys.push({ key: `votes.${number}`, source: 'votes', place: layout.fields.length + i, presentPlace: -1 });
  });
  keys.sort((a, b) => compareBytes(a.key, b.key));
  keysOf.set(contest, keys);
  return keys;
}

/** The value of a figure key in a track; null where it has none (no counted sheet, or an optional field nobody stated). */
export function figureValue(track: TrackTotals, key: FigureKey): number | null {
  if (track.sheets === 0) return null;
  if (key.source === 'present') return track.present[key.place]!;
  if (key.presentPlace >= 0 && track.present[key.presentPlace] === 0) return null;
  return track.sums[key.place]!;
}

/** The lines of a node, in order: progress first (its track is empty), then the tracks, which come sorted. */
export function csvOf(node: ResultNode, tracks: readonly Track[]): string {
  const head = `${node.unit.code},${node.contest.id},`;
  let text = '';
  if (node.seesProgress) for (const name of PROGRESS_KEYS) text += `${head},progress.${name},${node.progress[name]}\n`;
  if (!node.seesResults) return text;
  for (const track of tracks) {
    const totals = node.totals[track];
    if (totals.sheets === 0) continue;
    for (const key of figureKeys(node.contest)) {
      const value = figureValue(totals, key);
      if (value !== null) text += `${head}${track},${key.key},${value}\n`;
    }
  }
  return text;
}
