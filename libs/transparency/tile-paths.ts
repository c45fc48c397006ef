/** Where tiles and entry bundles lie, and how wide they are in a tree of a size (C2SP tlog-tiles). */

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;

/** A tile of a level (0: leaf hashes), the `index`th one, with so many hashes: 256 where it is full. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** e.g. `tile/0/x001/234/067`, partial: `tile/0/x001/234/067.p/12` */
export function tilePath({ level, index, width }: TilePlace): string {
  return `tile/${level}/${numberPath(index)}${partOf(width)}`;
}

/** e.g. `tile/entries/x001/234/067`, partial: `tile/entries/x001/234/067.p/12` */
export function entriesPath(index: number, width: number): string {
  return `tile/entries/${numberPath(index)}${partOf(width)}`;
}

function partOf(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}

/** Groups of three digits, all but the last marked with an x. */
function numberPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** The width of a tile (of a bundle: level 0) in a tree of so many leaves; 0 where the tree does not reach it. */
export function widthAt(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** How many bundles a tree of so many leaves has. */
export function bundlesOf(size: number): number {
  return Math.ceil(size / TILE_WIDTH);
}

/** What a path of the log names; null where it is no tile's or bundle's, or not the one way to write it. */
export function parseTilePath(path: string): (Omit<TilePlace, 'level'> & { level: number | 'entries' }) | null {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!match) return null;
  const [, levelText, numbers, widthText] = match as unknown as [string, string, string, string | undefined];
  const index = Number(numbers.replaceAll(/[x/]/g, ''));
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText);
  const level = levelText === 'entries' ? levelText : Number(levelText);
  const written = level === 'entries' ? entriesPath(index, width) : tilePath({ level, index, width });
  return written === path ? { level, index, width } : null;
}
