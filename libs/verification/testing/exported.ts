/** Exports of written histories, and a working copy that a test damages and mends again. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportElection } from '#documents';
import { canonicalBytes } from '#domain';
import {
  bundlesOf,
  decodeEntries,
  encodeEntries,
  entriesPath,
  leafHash,
  makeSigningKey,
  readSigningKey,
  shardFolder,
  TILE_WIDTH,
  TiledTree,
  tilePath,
  widthAt,
} from '#transparency';
import type { Author } from '../../../test/kit/author.ts';
import { MemoryLog } from '../../../test/kit/memory-log.ts';

export const KEY = readSigningKey(makeSigningKey())!;

export interface ExportAs {
  readonly key?: typeof KEY;
  readonly rotations?: string;
  readonly withEntries?: boolean;
  readonly log?: MemoryLog;
  /** The long form of the results, where the log holds what the plain count does not read. */
  readonly results?: string;
}

/** Exports what an author wrote. The results are those of the plain count, which shares nothing with the fold. */
export async function exported(author: Author, folder: string, more: ExportAs = {}) {
  const { definition } = author.election;
  const log = more.log ?? new MemoryLog(definition.id, definition.shards, author.records);
  const position = await Promise.all(Array.from({ length: log.shards }, (_, shard) => log.end(shard)));
  async function* results(): AsyncGenerator<string> {
    yield more.results ?? author.plain.csv();
  }
  return exportElection(folder, {
    election: author.election,
    definition: canonicalBytes(definition),
    log,
    position,
    results: results(),
    isComplete: true,
    withEntries: more.withEntries ?? true,
    key: more.key ?? KEY,
    rotations: more.rotations ?? '',
  });
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tally-verify-'));
}

/** The files of an export, each of which can be changed, and all of them put back. */
export class Copy {
  readonly folder: string;
  readonly sizes: readonly number[];
  readonly #original: ReadonlyMap<string, Buffer>;
  readonly #touched = new Set<string>();

  private constructor(folder: string, sizes: readonly number[], original: ReadonlyMap<string, Buffer>) {
    this.folder = folder;
    this.sizes = sizes;
    this.#original = original;
  }

  static async of(folder: string, sizes: readonly number[]): Promise<Copy> {
    const original = new Map<string, Buffer>();
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const whole = join(entry.parentPath, entry.name);
      original.set(whole.slice(folder.length + 1), await readFile(whole));
    }
    return new Copy(folder, sizes, original);
  }

  get paths(): string[] {
    return [...this.#original.keys()].sort();
  }

  bytes(path: string): Buffer {
    const bytes = this.#original.get(path);
    if (!bytes) throw new Error(`no ${path} in the export`);
    return bytes;
  }

  text(path: string): string {
    return this.bytes(path).toString('utf8');
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    this.#touched.add(path);
    await writeFile(join(this.folder, path), content);
  }

  async remove(path: string): Promise<void> {
    this.#touched.add(path);
    await rm(join(this.folder, path));
  }

  async mend(): Promise<void> {
    for (const path of this.#touched) {
      const original = this.#original.get(path);
      if (original) await writeFile(join(this.folder, path), original);
      else await rm(join(this.folder, path));
    }
    this.#touched.clear();
  }

  bundlePath(shard: number, index: number): string {
    return `${shardFolder(shard)}/${entriesPath(index, widthAt(0, index, this.sizes[shard]!))}`;
  }

  entries(shard: number): Uint8Array[] {
    const bundles = Array.from({ length: bundlesOf(this.sizes[shard]!) }, (_, i) =>
      this.bytes(this.bundlePath(shard, i)),
    );
    return bundles.flatMap((bytes) => decodeEntries(bytes)!);
  }

  /** Writes events into the bundles there are; what is too many goes into the last. */
  async writeEntries(shard: number, entries: readonly Uint8Array[]): Promise<void> {
    const bundles = bundlesOf(this.sizes[shard]!);
    for (let i = 0; i < bundles; i += 1) {
      const end = i === bundles - 1 ? entries.length : (i + 1) * TILE_WIDTH;
      await this.write(this.bundlePath(shard, i), encodeEntries(entries.slice(i * TILE_WIDTH, end)));
    }
  }

  /** Makes the tiles fit events that were changed; the number of events is as it was. */
  async writeTiles(shard: number, entries: readonly Uint8Array[]): Promise<void> {
    const full: [string, Uint8Array][] = [];
    const tree = new TiledTree((tile) => full.push([tilePath(tile), tile.bytes]));
    for (const entry of entries) tree.append(leafHash(entry));
    for (const tile of tree.unfinished()) full.push([tilePath(tile), tile.bytes]);
    for (const [path, bytes] of full) await this.write(`${shardFolder(shard)}/${path}`, bytes);
  }
}
