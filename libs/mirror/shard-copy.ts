/**
 * Copies one shard: entry bundles, or the hashes of events that are not public, from where they are at hand (the copy,
 * what an interrupted run left, the server). The tree is grown from the first of them each time, so the copy is checked
 * as well as the server; its tiles are worked out here and not asked for.
 */

import type { ExportFolder } from '#documents';
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
import { MirrorError } from './mirror-error.ts';
import type { LogSource } from './source.ts';

export interface ShardToCopy {
  readonly source: LogSource;
  /** What was copied and checked before. */
  readonly copy: ExportFolder;
  /** Where what is new is put until all of it is checked. */
  readonly incoming: ExportFolder;
  readonly shard: number;
  readonly head: TreeHead;
  /** What the copy holds. */
  readonly before: TreeHead | null;
  /** What the server shows that witnesses cosigned. */
  readonly cosigned: TreeHead | null;
  readonly withEntries: boolean;
  readonly onEvents: (count: number) => void;
}

/** So many bundles are asked for at a time. */
const AT_A_TIME = 8;

export async function copyShard(wanted: ShardToCopy): Promise<void> {
  await new ShardCopy(wanted).run();
}

class ShardCopy {
  readonly #wanted: ShardToCopy;
  readonly #full: Tile[] = [];
  readonly #tree = new TiledTree((tile) => this.#full.push(tile));

  constructor(wanted: ShardToCopy) {
    this.#wanted = wanted;
  }

  async run(): Promise<void> {
    const { head, before, shard, source } = this.#wanted;
    if (before && before.size > head.size)
      throw this.#forked(`has ${head.size} events, and the copy ${before.size}: events were taken away`);
    this.#compare();
    const bundles = bundlesOf(head.size);
    for (let first = 0; first < bundles; first += AT_A_TIME) {
      const indexes = Array.from({ length: Math.min(AT_A_TIME, bundles - first) }, (_, i) => first + i);
      const read = await Promise.all(indexes.map((index) => this.#read(index)));
      for (const hashes of read) await this.#append(hashes);
    }
    if (!sameHash(this.#tree.root(), head.root))
      throw new MirrorError(
        'log-rewritten',
        `what ${source.address} and the copy hold of shard ${shard} does not give the root that was signed over ${head.size} events`,
      );
    for (const tile of this.#tree.unfinished()) await this.#putTile(tile);
  }

  async #append(hashes: readonly Hash[]): Promise<void> {
    for (const hash of hashes) {
      this.#tree.append(hash);
      this.#compare();
    }
    for (const tile of this.#full.splice(0)) await this.#putTile(tile);
    this.#wanted.onEvents(hashes.length);
  }

  /** The hashes of a bundle's events. */
  async #read(index: number): Promise<readonly Hash[]> {
    const { head, withEntries, shard } = this.#wanted;
    const width = widthAt(0, index, head.size);
    const path = withEntries ? entriesPath(index, width) : tilePath({ level: 0, index, width });
    const bytes = await this.#find(`${shardFolder(shard)}/${path}`);
    const hashes = withEntries ? decodeEntries(bytes)?.map(leafHash) : hashesOf(bytes);
    if (hashes?.length !== width)
      throw new MirrorError('file-malformed', `${path} of shard ${shard} does not hold ${width} events`);
    return hashes;
  }

  async #find(path: string): Promise<Uint8Array> {
    const { copy, incoming, source } = this.#wanted;
    const here = (await copy.read(path)) ?? (await incoming.read(path));
    if (here) return here;
    const sent = await source.read(path);
    if (!sent) throw new MirrorError('log-forked', `${source.address} no longer shows ${path}, which was public`);
    await incoming.put(path, sent);
    return sent;
  }

  /** With what was signed when the tree was as large as it is now. */
  #compare(): void {
    const { before, cosigned } = this.#wanted;
    for (const [head, what] of [
      [before, 'the copy was signed over'],
      [cosigned, 'its witnesses cosigned'],
    ] as const)
      if (head?.size === this.#tree.size && !sameHash(head.root, this.#tree.root()))
        throw this.#forked(`sends other events than ${what}: its first ${head.size} events have another root`);
  }

  #forked(what: string): MirrorError {
    const { shard, source } = this.#wanted;
    return new MirrorError('log-forked', `history was rewritten: shard ${shard} of ${source.address} ${what}`);
  }

  /** Tiles that the copy has are those of this tree, or its root would be another. */
  async #putTile(tile: Tile): Promise<void> {
    const { copy, incoming, shard } = this.#wanted;
    const path = `${shardFolder(shard)}/${tilePath(tile)}`;
    if (tile.width < TILE_WIDTH || !(await copy.has(path))) await incoming.put(path, tile.bytes);
  }
}
