/**
 * A room: everyone who watches the same thing with the same sight. It collects what changed since its last message and
 * tells it as absolute values at one position; a message that was missed costs nothing.
 */
import {
  type Contest,
  compareBytes,
  figureKeys,
  figureValue,
  type NodeTotals,
  type Position,
  PROGRESS_NAMES,
  type Progress,
  progressOf,
  type SheetView,
  type Sight,
  stationTotals,
  TRACKS,
  type Track,
  type Unit,
} from '#domain';
import { resultNodes, rowsOf, type View } from '#projection';
import type { ResultRow, WatchSnapshot } from '#wire';
import type { LiveTotals } from './live-totals.ts';

export interface RoomWish {
  readonly election: string;
  readonly unit: Unit;
  /** null: every contest at the unit. */
  readonly contest: Contest | null;
  readonly track: Track;
  readonly children: boolean;
  readonly isPublic: boolean;
}

export function roomName({ election, unit, contest, track, children, isPublic }: RoomWish): string {
  return ['totals', election, unit.code, contest?.id ?? '*', track, children ? 'c' : '-', isPublic ? 'p' : 'f'].join(
    '|',
  );
}

/** A node that changed since the last message. */
interface Touched {
  readonly unit: Unit;
  readonly contest: Contest;
  /** Tracks in which a changed sheet counted, before or after. */
  readonly tracks: Set<Track>;
  /** Of a station: what its sheet contributes now. */
  view: SheetView | null;
}

export type SnapshotRows = Pick<WatchSnapshot, 'totals' | 'children'>;

export interface RoomSnapshot {
  readonly position: Position;
  readonly answer: WatchSnapshot;
  /** What was seen: published figures change it. */
  readonly sightKey: string;
}

export class Room {
  readonly name: string;
  readonly wish: RoomWish;
  /** Where the last message left those in the room; what is touched since is told with the next. */
  told: Position;
  lastSentMs = 0;
  /** When somebody came in last. */
  joinedMs = 0;
  /** When the first of what is not told yet changed. */
  touchedMs = 0;
  timer: NodeJS.Timeout | null = null;
  /** Sockets on their way in: the room must not be dropped. */
  arriving = 0;
  /** While somebody reads a snapshot and kept being overtaken, messages wait. */
  paused = 0;
  /** What the last to arrive was given; good for the next one as long as no message went beyond it. */
  snapshot: RoomSnapshot | null = null;
  readonly #touched = new Map<string, Touched>();

  constructor(wish: RoomWish, at: Position) {
    this.name = roomName(wish);
    this.wish = wish;
    this.told = [...at];
  }

  get hasNews(): boolean {
    return this.#touched.size > 0;
  }

  /** The units whose nodes the room shows. */
  get units(): readonly Unit[] {
    return this.wish.children ? [this.wish.unit, ...this.wish.unit.children] : [this.wish.unit];
  }

  shows(contest: Contest): boolean {
    return this.wish.contest === null || this.wish.contest === contest;
  }

  touch(unit: Unit, contest: Contest, before: SheetView | null, after: SheetView): void {
    if (this.#touched.size === 0) this.touchedMs = Date.now();
    const key = `${unit.code}/${contest.id}`;
    let node = this.#touched.get(key);
    if (!node) {
      node = { unit, contest, tracks: new Set(), view: null };
      this.#touched.set(key, node);
    }
    for (const track of TRACKS) if (countsIn(before, track) || countsIn(after, track)) node.tracks.add(track);
    if (unit.isStation) node.view = after;
  }

  /** Rows of all that was touched, as far as it is seen, at the position of `live`; then forgets it. */
  take(live: LiveTotals, sight: Sight): ResultRow[] {
    const rows: ResultRow[] = [];
    for (const { unit, contest, tracks, view } of this.#touched.values()) {
      const totals = unit.isStation ? stationTotals(contest, unit, view) : live.totals(unit, contest);
      rows.push(...this.#rows(live, unit, contest, totals, sight, tracks.has(this.wish.track)));
    }
    this.#touched.clear();
    return rows;
  }

  /** What the room shows, from the totals in memory; null where it shows stations, whose sheets are not kept there. */
  present(live: LiveTotals, sight: Sight): SnapshotRows | null {
    if (this.units.some((unit) => unit.isStation)) return null;
    const rowsAt = (unit: Unit): ResultRow[] => {
      const contests = this.wish.contest ? [this.wish.contest] : live.served.election.contestsAt(unit);
      return [...contests]
        .filter((contest) => live.served.election.contestAt(contest, unit))
        .sort((a, b) => compareBytes(a.id, b.id))
        .flatMap((contest) => {
          const seesProgress = sight.progress(contest, unit.level);
          const seesResults = sight.results(contest, unit.level);
          if (!seesProgress && !seesResults) return [];
          const totals = live.totals(unit, contest);
          const progress = progressOf(live.served.election, contest, unit, totals);
          return rowsOf({ unit, contest, totals, progress, seesProgress, seesResults }, [this.wish.track]);
        });
    };
    return {
      totals: rowsAt(this.wish.unit),
      children: this.wish.children ? this.wish.unit.children.flatMap(rowsAt) : [],
    };
  }

  /** Every row of the room as a view has it; what is not seen (any more) is told as gone. */
  async everything(view: View, sight: Sight): Promise<ResultRow[]> {
    const rows: ResultRow[] = [];
    for (const unit of this.units)
      for (const contest of view.served.election.contestsAt(unit))
        if (this.shows(contest)) {
          const totals = await view.totals(unit, contest);
          rows.push(
            ...nodeRows(
              progressOf(view.served.election, contest, unit, totals),
              unit,
              contest,
              totals,
              sight,
              this.wish.track,
            ),
          );
        }
    return rows;
  }

  #rows(
    live: LiveTotals,
    unit: Unit,
    contest: Contest,
    totals: NodeTotals,
    sight: Sight,
    withFigures: boolean,
  ): ResultRow[] {
    const rows: ResultRow[] = [];
    if (sight.progress(contest, unit.level))
      rows.push(...progressRows(progressOf(live.served.election, contest, unit, totals), unit, contest, MOVING));
    if (withFigures && sight.results(contest, unit.level))
      rows.push(...figureRows(unit, contest, totals, this.wish.track));
    return rows;
  }
}

function countsIn(view: SheetView | null, track: Track): boolean {
  if (!view) return false;
  if (track === 'all') return view.held !== null || view.standing !== null;
  return view.standing !== null && (track === 'provisional' || view.verified);
}

/** Progress numbers that sheets move. */
const MOVING = PROGRESS_NAMES.filter((name) => name !== 'stations' && name !== 'registered');

function progressRows(
  progress: Progress,
  unit: Unit,
  contest: Contest,
  names: readonly (keyof Progress)[],
): ResultRow[] {
  return names.map((name) => ({
    unit: unit.code,
    contest: contest.id,
    track: '' as const,
    key: `progress.${name}`,
    value: progress[name],
  }));
}

/** All figures of a track, null where there are none: whoever merges them holds no other. */
function figureRows(unit: Unit, contest: Contest, totals: NodeTotals, track: Track): ResultRow[] {
  return figureKeys(contest).map((key) => ({
    unit: unit.code,
    contest: contest.id,
    track,
    key: key.key,
    value: figureValue(totals[track], key),
  }));
}

function nodeRows(
  progress: Progress,
  unit: Unit,
  contest: Contest,
  totals: NodeTotals,
  sight: Sight,
  track: Track,
): ResultRow[] {
  const seesProgress = sight.progress(contest, unit.level);
  const seesFigures = sight.results(contest, unit.level) && sight.track(track);
  const gone = (row: ResultRow): ResultRow => ({ ...row, value: null });
  const ofProgress = progressRows(progress, unit, contest, PROGRESS_NAMES);
  const ofFigures = figureRows(unit, contest, totals, track);
  return [...(seesProgress ? ofProgress : ofProgress.map(gone)), ...(seesFigures ? ofFigures : ofFigures.map(gone))];
}

/** The rows of a room as `GET …/results` has them, of the unit itself and of those below. */
export async function snapshotRows(view: View, wish: RoomWish, sight: Sight): Promise<SnapshotRows> {
  const rows = async (unit: Unit): Promise<ResultRow[]> => {
    if (wish.contest && !view.served.election.contestAt(wish.contest, unit)) return [];
    const found: ResultRow[] = [];
    for await (const node of resultNodes(view, { unit, sight, ...(wish.contest && { contest: wish.contest }) }))
      found.push(...rowsOf(node, [wish.track]));
    return found;
  };
  const children: ResultRow[] = [];
  if (wish.children) for (const child of wish.unit.children) children.push(...(await rows(child)));
  return { totals: await rows(wish.unit), children };
}
