/**
 * Totals of a node (a contest at a unit): figures summed in three tracks, and progress, over the stations below.
 *
 * A node's totals are sums of what its sheets contribute. A shard keeps its part of each node; parts are added when
 * read. Everything is an array of whole numbers in the contest's layout, so adding and comparing are loops.
 */
import type { Contest, Election, Unit } from './election.ts';
import { type FigureLayout, type Figures, NOT_STATED } from './figures.ts';
import type { SheetView } from './sheet.ts';

/** `verified`: verified sheets; `provisional`: accepted and verified; `all`: these, a held revision in the place of what stands. */
export type Track = 'provisional' | 'verified' | 'all';
export const TRACKS: readonly Track[] = ['provisional', 'verified', 'all'];

export interface TrackTotals {
  /** How many sheets are counted; where 0 there are no figures ("nothing received is not zero"). */
  readonly sheets: number;
  /** By place in the layout. */
  readonly sums: readonly number[];
  /** For each optional field, in the order of `layout.optional`: how many counted sheets stated it. */
  readonly present: readonly number[];
}

/** The progress numbers that sheets move, in the order of contracts §4. */
export const PROGRESS_COUNTS = [
  'received',
  'counted',
  'verified',
  'held',
  'disputed',
  'awaiting',
  'returned',
  'annulled',
  'sealed',
  'closed',
  'registeredCounted',
] as const;
export type ProgressCount = (typeof PROGRESS_COUNTS)[number];

/** All thirteen, over the stations of the contest at or below the unit. */
export type Progress = Readonly<Record<'stations' | ProgressCount | 'registered', number>>;
export const PROGRESS_NAMES = [
  'stations',
  'received',
  'counted',
  'verified',
  'held',
  'disputed',
  'awaiting',
  'returned',
  'annulled',
  'sealed',
  'closed',
  'registered',
  'registeredCounted',
] as const satisfies readonly (keyof Progress)[];

export interface NodeTotals {
  readonly provisional: TrackTotals;
  readonly verified: TrackTotals;
  readonly all: TrackTotals;
  /** In the order of `PROGRESS_COUNTS`. */
  readonly progress: readonly number[];
}

/** Numbers are changed through `own` alone. */
type MutableTrack = { sheets: number; sums: readonly number[]; present: readonly number[] };

/**
 * Zeros by number, shared by all tracks that count nothing: a nation has a hundred thousand nodes, and nothing is
 * verified on most of them. A track takes numbers of its own when the first sheet counts in it.
 */
const zeros: (readonly number[])[] = [];

function zerosOf(length: number): readonly number[] {
  zeros[length] ??= new Array<number>(length).fill(0);
  return zeros[length];
}

/** The track's own numbers, to be changed. */
function own(track: MutableTrack): { readonly sums: number[]; readonly present: number[] } {
  const { sums, present } = track;
  if (sums === zeros[sums.length]) track.sums = sums.slice();
  if (present === zeros[present.length]) track.present = present.slice();
  return track as MutableTrack & { sums: number[]; present: number[] };
}

/** Totals under construction: adds and takes away what sheets contribute. */
export interface Accumulator {
  readonly provisional: MutableTrack;
  readonly verified: MutableTrack;
  readonly all: MutableTrack;
  readonly progress: number[];
}

export function emptyTotals(layout: FigureLayout): Accumulator {
  const track = (): MutableTrack => ({
    sheets: 0,
    sums: zerosOf(layout.length),
    present: zerosOf(layout.optional.length),
  });
  return {
    provisional: track(),
    verified: track(),
    all: track(),
    progress: new Array<number>(PROGRESS_COUNTS.length).fill(0),
  };
}

/**
 * Adds (`sign` 1) or takes away (-1) what a sheet contributes. `registered`: voters expected at its station in this
 * contest, undefined where the package does not say.
 */
export function addSheet(
  into: Accumulator,
  layout: FigureLayout,
  view: SheetView,
  registered: number | undefined,
  sign: 1 | -1,
): void {
  if (view.standing) {
    addFigures(into.provisional, layout, view.standing, sign);
    if (view.verified) addFigures(into.verified, layout, view.standing, sign);
  }
  const inAll = view.held ?? view.standing;
  if (inAll) addFigures(into.all, layout, inAll, sign);
  const p = into.progress;
  if (view.revision > 0 && view.status !== 'annulled') p[0]! += sign;
  if (view.standing) {
    p[1]! += sign;
    p[10]! += sign * (registered ?? 0);
    if (view.verified) p[2]! += sign;
  }
  const place = STATUS_PLACE[view.status];
  if (place !== undefined) p[place]! += sign;
  if (view.sealed) p[8]! += sign;
  if (view.closed) p[9]! += sign;
}

const STATUS_PLACE: Partial<Record<SheetView['status'], number>> = {
  held: 3,
  disputed: 4,
  'awaiting-second': 5,
  returned: 6,
  annulled: 7,
};

function addFigures(track: MutableTrack, layout: FigureLayout, figures: Figures, sign: 1 | -1): void {
  track.sheets += sign;
  const { sums, present } = own(track);
  for (let i = 0; i < figures.length; i += 1) {
    const value = figures[i]!;
    if (value !== NOT_STATED) sums[i]! += sign * value;
  }
  const { optional } = layout;
  for (let i = 0; i < optional.length; i += 1) if (figures[optional[i]!] !== NOT_STATED) present[i]! += sign;
}

/** Adds the parts of a node (one a shard at most) into its totals. */
export function addTotals(into: Accumulator, part: NodeTotals): void {
  for (const name of TRACKS) {
    if (part[name].sheets === 0) continue;
    into[name].sheets += part[name].sheets;
    const { sums, present } = own(into[name]);
    addEach(sums, part[name].sums);
    addEach(present, part[name].present);
  }
  addEach(into.progress, part.progress);
}

function addEach(into: number[], values: readonly number[]): void {
  for (let i = 0; i < values.length; i += 1) into[i]! += values[i]!;
}

/** A frozen copy of totals under construction. */
export function copyTotals(totals: NodeTotals): NodeTotals {
  const track = ({ sheets, sums, present }: TrackTotals): TrackTotals => ({
    sheets,
    sums: sums === zeros[sums.length] ? sums : sums.slice(),
    present: present === zeros[present.length] ? present : present.slice(),
  });
  return {
    provisional: track(totals.provisional),
    verified: track(totals.verified),
    all: track(totals.all),
    progress: totals.progress.slice(),
  };
}

/** The thirteen progress numbers of a contest at a unit. */
export function progressOf(election: Election, contest: Contest, unit: Unit, totals: NodeTotals): Progress {
  const known = election.contestAt(contest, unit) ?? { stations: 0, registered: 0 };
  const counts = Object.fromEntries(PROGRESS_COUNTS.map((name, i) => [name, totals.progress[i] ?? 0]));
  return { stations: known.stations, ...counts, registered: known.registered } as Progress;
}
