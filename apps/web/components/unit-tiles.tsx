/** The units directly below as tiles of one size: who leads there in words and colour, or how far the count is. */
import type { ContestSummary } from '#wire';
import { shareHundredths } from '../figures/share.ts';
import { leaders } from '../figures/standing.ts';
import type { LiveNode } from '../live/part.ts';
import { useLocale } from '../text/locale.ts';
import { Bar } from './bar.tsx';

export interface Tile {
  readonly code: string;
  readonly name: string;
  readonly href: string;
  readonly node: LiveNode;
}

interface UnitTilesProps {
  readonly caption: string;
  readonly contest: ContestSummary;
  readonly tiles: readonly Tile[];
  readonly leaderThreshold: number;
}

export function UnitTiles({ caption, contest, tiles, leaderThreshold }: UnitTilesProps) {
  return (
    <ul class="unit-tiles" aria-label={caption} onKeyDown={moveByArrows}>
      {tiles.map((tile) => (
        <li key={tile.code}>
          <a class="unit-tile" href={tile.href}>
            <TileText tile={tile} contest={contest} leaderThreshold={leaderThreshold} />
          </a>
        </li>
      ))}
    </ul>
  );
}

interface TileTextProps extends Pick<UnitTilesProps, 'contest' | 'leaderThreshold'> {
  readonly tile: Tile;
}

function TileText({ tile: { name, node }, contest, leaderThreshold }: TileTextProps) {
  const { t, pages, count, share, nameOf } = useLocale();
  const { progress, totals } = node;
  const leading = firstOf(contest, node, leaderThreshold);
  return (
    <>
      <span class="unit-tile-name">{name}</span>
      {leading && <Swatch candidate={leading} contest={contest} />}
      {leading ? (
        <span class="unit-tile-text">
          {pages.tiles.leads(nameOf(leading))}
          <span class="unit-tile-figure">{share(totals?.votes[leading.number] ?? 0, totals?.shareOf)}</span>
        </span>
      ) : (
        <span class="unit-tile-text">
          {progress ? pages.tiles.received(progress.received, progress.stations) : t.none}
          <Bar value={progress ? shareHundredths(progress.counted, progress.stations) : null} />
        </span>
      )}
      {leading && progress && progress.counted < progress.stations && (
        <span class="unit-tile-more">{`${count(progress.counted)}/${count(progress.stations)}`}</span>
      )}
    </>
  );
}

/** Who has most votes among those who lead; nobody below the threshold, nor in a tie. */
function firstOf(
  contest: ContestSummary,
  { totals, progress }: LiveNode,
  leaderThreshold: number,
): ContestSummary['candidates'][number] | undefined {
  const leading = leaders({ ...contest, seats: 1 }, totals, progress, leaderThreshold);
  return contest.candidates.find(({ number }) => leading.has(number));
}

const COLORS = 8;

/** The candidate's own colour, or one of a palette by the place on the ballot; the name stands beside it. */
function Swatch({ candidate, contest }: { candidate: ContestSummary['candidates'][number]; contest: ContestSummary }) {
  const own = candidate.color && /^#[0-9a-f]{3,8}$/i.test(candidate.color) ? candidate.color : undefined;
  const place = contest.candidates.findIndex(({ number }) => number === candidate.number) % COLORS;
  return (
    <svg
      class={`unit-tile-colour unit-tile-colour-${place}`}
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect width="1" height="1" fill={own} />
    </svg>
  );
}

/** Arrow keys go from tile to tile, as they lie; Tab goes through them too. */
function moveByArrows(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('a')];
  const here = tiles.indexOf(document.activeElement as HTMLElement);
  const from = tiles[here];
  if (!from) return;
  const perRow = tiles.filter(({ offsetTop }) => offsetTop === tiles[0]!.offsetTop).length;
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -perRow, ArrowDown: perRow };
  const to = tiles[here + (steps[event.key] ?? 0)];
  if (!to || to === from) return;
  event.preventDefault();
  to.focus();
}
