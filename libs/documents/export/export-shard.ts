/** Writes one shard of the log into an export: entry bundles, tiles, and the signed checkpoint. */
import type { KeyObject } from 'node:crypto';
import { type Election, keyOfRecord } from '#domain';
import type { EventLog, LogRecord } from '#event-log';
import {
  checkpointPath,
  encodeEntries,
  entriesPath,
  entryOf,
  formatCheckpoint,
  type KeyChain,
  leafHash,
  openNoteBy,
  parseCheckpoint,
  type RecordKey,
  sameHash,
  shardFolder,
  shardOrigin,
  signNote,
  TILE_WIDTH,
  type Tile,
  TiledTree,
  type TreeHead,
  tilePath,
} from '#transparency';
import { ExportError, type ExportFolder } from './export-folder.ts';

export interface ShardToExport {
  readonly election: Election;
  readonly log: EventLog;
  readonly shard: number;
  /** How many records. */
  readonly size: number;
  /** Whether the events are written, or their hashes alone. */
  readonly withEntries: boolean;
  readonly key: KeyObject;
  /** The keys of the election until now: one of them signed what an earlier export left. */
  readonly chain: KeyChain;
  readonly onRecords: (count: number) => void;
}

export interface ExportedShard extends TreeHead {
  readonly recordKeys: readonly RecordKey[];
}

/** Always reads the shard from its first record on: what is signed is what the log holds, whatever lies in the folder. */
export async function exportShard(folder: ExportFolder, wanted: ShardToExport): Promise<ExportedShard> {
  const { election, shard, size, withEntries, key } = wanted;
  const base = shardFolder(shard);
  const before = await earlierCheckpoint(folder, wanted);
  const full: Tile[] = [];
  const tree = new TiledTree((tile) => full.push(tile));
  const recordKeys: RecordKey[] = [];
  let bundle: Uint8Array[] = [];
  const append = (record: LogRecord): void => {
    const entry = entryOf(record.value);
    bundle.push(entry);
    tree.append(leafHash(entry));
    const given = keyOfRecord(election, entry);
    if (given !== null && given !== record.key) recordKeys.push({ shard, offset: record.offset, key: record.key });
    if (before && before.size === tree.size && !sameHash(before.root, tree.root())) throw otherHistory(folder, shard);
  };
  for await (const record of recordsOf(wanted)) {
    append(record);
    if (bundle.length < TILE_WIDTH) continue;
    await writeFull(folder, base, full, withEntries ? bundle : null);
    wanted.onRecords(bundle.length);
    bundle = [];
  }
  await writePartial(folder, base, tree, withEntries ? bundle : null);
  wanted.onRecords(bundle.length);
  const head = { size, root: tree.root() };
  const origin = shardOrigin(election.definition.id, shard);
  await folder.put(checkpointPath(shard), signNote(formatCheckpoint({ origin, ...head }), { name: origin, key }));
  return { ...head, recordKeys };
}

async function* recordsOf({ log, shard, size }: ShardToExport): AsyncGenerator<LogRecord> {
  for (let next = 0; next < size; ) {
    const records = await log.read(shard, next, { maxRecords: Math.min(4 * TILE_WIDTH, size - next) });
    if (records.length === 0) throw new ExportError(`The log of shard ${shard} ends at ${next}, before ${size}.`);
    yield* records;
    next += records.length;
  }
}

async function writeFull(folder: ExportFolder, base: string, tiles: Tile[], entries: Uint8Array[] | null) {
  for (const tile of tiles.splice(0)) {
    const path = `${base}/${tilePath(tile)}`;
    await folder.keep(path, tile.bytes);
    await folder.remove(`${path}.p`);
    if (tile.level > 0 || !entries) continue;
    const bundle = `${base}/${entriesPath(tile.index, TILE_WIDTH)}`;
    await folder.keep(bundle, encodeEntries(entries));
    await folder.remove(`${bundle}.p`);
  }
}

/** The right edge of the tree; what was its edge at an earlier export goes. */
async function writePartial(folder: ExportFolder, base: string, tree: TiledTree, entries: Uint8Array[] | null) {
  const replace = async (path: string, bytes: Uint8Array): Promise<void> => {
    await folder.remove(path.slice(0, path.lastIndexOf('/')));
    await folder.put(path, bytes);
  };
  for (const tile of tree.unfinished()) {
    await replace(`${base}/${tilePath(tile)}`, tile.bytes);
    if (tile.level === 0 && entries)
      await replace(`${base}/${entriesPath(tile.index, tile.width)}`, encodeEntries(entries));
  }
}

/** The checkpoint of an earlier export into the folder: the log must go on from it. */
async function earlierCheckpoint(folder: ExportFolder, wanted: ShardToExport): Promise<TreeHead | null> {
  const { election, shard, size, chain } = wanted;
  const note = await folder.text(checkpointPath(shard));
  if (note === undefined) return null;
  const opened = openNoteBy(chain, note, shardOrigin(election.definition.id, shard));
  const checkpoint = opened.ok ? parseCheckpoint(opened.text) : null;
  if (!checkpoint)
    throw new ExportError(
      `${folder.path} holds an export that was signed with another key. Export into an empty folder.`,
    );
  if (checkpoint.size > size)
    throw new ExportError(
      `${folder.path} holds ${checkpoint.size} events of shard ${shard}, and the log has ${size}: the log lost some, or it is another one. Export into an empty folder.`,
    );
  return checkpoint;
}

function otherHistory(folder: ExportFolder, shard: number): ExportError {
  return new ExportError(
    `${folder.path} holds another history of shard ${shard} than the log. Export into an empty folder.`,
  );
}
