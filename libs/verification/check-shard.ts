/**
 * Checks one shard: reads its events (or their hashes), grows the tree anew, and holds it against every tile and the
 * root that was signed. Events are handed on in order as long as none is missing.
 */
import {
  bundlesOf,
  decodeEntries,
  entriesPath,
  type Hash,
  hashesOf,
  leafHash,
  sameHash,
  shardFolder,
  TILE_WIDTH,
  type Tile,
  TiledTree,
  type TreeHead,
  tilePath,
  widthAt,
} from '#transparency';
import { type Difference, differenceOf, tellDifference } from './differences.ts';
import type { Faults } from './faults.ts';
import type { ExportFiles } from './files.ts';

/** An older head of the shard that somebody kept, and where it came from. */
export interface KeptHead extends TreeHead {
  readonly from: string;
}

export interface ShardToCheck {
  readonly files: ExportFiles;
  readonly faults: Faults;
  readonly shard: number;
  readonly expected: TreeHead;
  readonly kept: readonly KeptHead[];
  /** Whether the events are there, or their hashes alone. */
  readonly withEntries: boolean;
  readonly onEvent: (offset: number, entry: Uint8Array) => void;
  readonly onProgress: (events: number) => void;
  /** The shard whose events are keyed as this one's is; null where that can't be told. */
  readonly shardOf: (entry: Uint8Array) => number | null;
}

/** Whether all events were there and were handed on. */
export async function checkShard(wanted: ShardToCheck): Promise<boolean> {
  return new ShardCheck(wanted).run();
}

class ShardCheck {
  readonly #wanted: ShardToCheck;
  readonly #base: string;
  readonly #tree: TiledTree;
  readonly #grown: Tile[] = [];
  readonly #damagedTiles: string[] = [];
  #differing = 0;
  #first: Difference | null = null;
  #isWhole = true;

  constructor(wanted: ShardToCheck) {
    this.#wanted = wanted;
    this.#base = shardFolder(wanted.shard);
    this.#tree = new TiledTree((tile) => this.#grown.push(tile));
  }

  async run(): Promise<boolean> {
    const { expected, withEntries, kept, faults, shard } = this.#wanted;
    for (const { size, from } of kept)
      if (size > expected.size)
        faults.add(
          'log-forked',
          `${shard}:${expected.size}`,
          `${from} is over ${size} events of shard ${shard}, this export over ${expected.size}: events were taken away since`,
        );
    this.#lookAtKept();
    for (let index = 0; this.#isWhole && index < bundlesOf(expected.size); index += 1)
      await (withEntries ? this.#readEvents(index) : this.#readHashes(index));
    if (this.#isWhole) await this.#checkTiles(this.#tree.unfinished());
    if (this.#isWhole || this.#first) await this.#judge();
    return this.#isWhole;
  }

  /** Grows the tree by the events of a bundle, and holds them against the tile of their hashes. */
  async #readEvents(index: number): Promise<void> {
    const { files, shard, onEvent, onProgress, expected } = this.#wanted;
    const first = index * TILE_WIDTH;
    const width = widthAt(0, index, expected.size);
    const path = `${this.#base}/${entriesPath(index, width)}`;
    const bytes = await files.read(path);
    if (!bytes)
      return this.#lost(
        'file-missing',
        path,
        `events ${shard}:${first} to ${shard}:${first + width - 1} are missing: there is no ${path}`,
      );
    const entries = decodeEntries(bytes);
    if (!entries)
      return this.#lost('file-malformed', path, `${path} (events from ${shard}:${first} on) is cut short or damaged`);
    const hashes = entries.map(leafHash);
    await this.#compareEvents(index, width, entries, hashes);
    if (entries.length !== width) {
      if (!this.#first) this.#lost('file-malformed', path, `${path} holds ${entries.length} events, not ${width}`);
      this.#isWhole = false;
      return;
    }
    for (const [i, hash] of hashes.entries()) {
      this.#append(hash);
      onEvent(first + i, entries[i]!);
    }
    await this.#checkTiles(this.#grown.splice(0));
    onProgress(width);
  }

  async #readHashes(index: number): Promise<void> {
    const { files, expected, onProgress } = this.#wanted;
    const width = widthAt(0, index, expected.size);
    const path = `${this.#base}/${tilePath({ level: 0, index, width })}`;
    const hashes = hashesOf((await files.read(path)) ?? new Uint8Array());
    if (hashes?.length !== width)
      return this.#lost(
        hashes?.length === 0 ? 'file-missing' : 'file-malformed',
        path,
        `${path} is missing, or has not ${width} hashes`,
      );
    for (const hash of hashes) this.#append(hash);
    await this.#checkTiles(this.#grown.splice(0));
    onProgress(width);
  }

  #lost(code: 'file-missing' | 'file-malformed', where: string, message: string): void {
    this.#wanted.faults.add(code, where, message);
    this.#isWhole = false;
  }

  #append(hash: Hash): void {
    this.#tree.append(hash);
    this.#lookAtKept();
  }

  /** Whether the log went on from the older heads that somebody kept. */
  #lookAtKept(): void {
    const { kept, faults, shard } = this.#wanted;
    for (const { size, root, from } of kept)
      if (size === this.#tree.size && !sameHash(root, this.#tree.root()))
        faults.add(
          'log-forked',
          `${shard}:${size}`,
          `the first ${size} events of shard ${shard} are not those that ${from} was signed over: history was rewritten, or another one was shown`,
        );
  }

  async #compareEvents(index: number, width: number, entries: Uint8Array[], hashes: Hash[]): Promise<void> {
    const tile = await this.#wanted.files.read(`${this.#base}/${tilePath({ level: 0, index, width })}`);
    const told = tile && hashesOf(tile);
    if (told?.length !== width) return;
    const difference = differenceOf(hashes, told);
    if (!difference) return;
    this.#differing += difference.count;
    if (this.#first) return;
    const offset = index * TILE_WIDTH + difference.at;
    this.#first = { ...difference, at: offset, homeShard: this.#homeOf(entries[difference.at]) };
  }

  #homeOf(entry: Uint8Array | undefined): number | null {
    const home = entry ? this.#wanted.shardOf(entry) : null;
    return home === this.#wanted.shard ? null : home;
  }

  async #checkTiles(tiles: readonly Tile[]): Promise<void> {
    for (const tile of tiles) {
      const path = `${this.#base}/${tilePath(tile)}`;
      const found = await this.#wanted.files.read(path);
      if (!found || Buffer.compare(found, tile.bytes) !== 0) this.#damagedTiles.push(path);
    }
  }

  /** Says what is wrong, once all is read: events, where the tiles give the root that was signed; else the tiles. */
  async #judge(): Promise<void> {
    const { expected, faults, shard, withEntries } = this.#wanted;
    if (this.#tree.size === expected.size && sameHash(this.#tree.root(), expected.root)) {
      for (const path of this.#damagedTiles)
        faults.add(
          'tile-damaged',
          path,
          `${path} is missing or damaged; the events it is about are as they were signed`,
        );
      return;
    }
    if (this.#first && (await this.#tilesGiveRoot()))
      return tellDifference(faults, shard, this.#first, this.#differing);
    if (this.#first) tellDifference(faults, shard, this.#first, this.#differing);
    const what = withEntries ? 'the events of' : 'the hashes of the events of';
    faults.add(
      'log-rewritten',
      `log/${shard}`,
      `${what} shard ${shard} do not give the root that was signed over ${expected.size} events: the log and its tiles were changed together`,
    );
  }

  async #tilesGiveRoot(): Promise<boolean> {
    const { files, expected } = this.#wanted;
    const tree = new TiledTree();
    for (let index = 0; index < bundlesOf(expected.size); index += 1) {
      const width = widthAt(0, index, expected.size);
      const hashes = hashesOf(
        (await files.read(`${this.#base}/${tilePath({ level: 0, index, width })}`)) ?? new Uint8Array(),
      );
      if (hashes?.length !== width) return false;
      for (const hash of hashes) tree.append(hash);
    }
    return sameHash(tree.root(), expected.root);
  }
}
