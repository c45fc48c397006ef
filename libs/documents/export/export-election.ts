/**
 * Exports an election into a folder: anybody who has it can check it without the server (`tally verify`).
 *
 * The log is streamed from its first record; memory stays small. An export that was interrupted, or an older one of the
 * same log, is carried on: files that never change are compared and left, the others are written anew.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { type Election, formatPosition, type Position } from '#domain';
import type { EventLog } from '#event-log';
import {
  cosignedPath,
  EXPORT_FILES,
  type ExportDescription,
  formatHead,
  formatRecordKeys,
  formatVerifier,
  headOrigin,
  type KeyChain,
  openChain,
  publicKeyOf,
  shardFolder,
  signNote,
} from '#transparency';
import { ExportError, ExportFolder } from './export-folder.ts';
import { type ExportedShard, exportShard } from './export-shard.ts';

export interface ElectionToExport {
  readonly election: Election;
  /** The definition's canonical bytes. */
  readonly definition: Uint8Array;
  readonly log: EventLog;
  readonly position: Position;
  /** The long form of everything, as far as it is to be handed out, at the position. */
  readonly results: AsyncIterable<string>;
  /** Whether that is all there is, so that its hash is the fingerprint. */
  readonly isComplete: boolean;
  /** Whether the events are handed out, or their hashes alone. */
  readonly withEntries: boolean;
  readonly key: KeyObject;
  /** The notes of the rotations that led to the key, one after the other. */
  readonly rotations?: string;
  /** By shard: the newest checkpoint that witnesses cosigned, not beyond the position; null where none did. */
  readonly cosigned?: readonly (string | null)[];
  readonly onProgress?: (events: number, total: number) => void;
}

/** Throws `ExportError` where the folder holds anything but an export of this very log. */
export async function exportElection(path: string, wanted: ElectionToExport): Promise<ExportDescription> {
  const folder = new ExportFolder(path);
  await mustBeForThis(folder, wanted);
  await folder.remove(EXPORT_FILES.description);
  await folder.put(EXPORT_FILES.definition, wanted.definition);
  const fingerprint = await writeResults(folder, wanted);
  const signer = { name: headOrigin(wanted.election.definition.id), key: wanted.key };
  const verifier = { name: signer.name, publicKey: publicKeyOf(wanted.key) };
  const { rotations = '' } = wanted;
  const opened = openChain(verifier, rotations);
  if (!opened.ok) throw new ExportError(`The key can't sign this export: ${opened.problem}.`);
  const shards = await writeLog(folder, { ...wanted, chain: opened.chain });
  for (const [shard, note] of (wanted.cosigned ?? []).entries())
    if (note !== null) await folder.put(cosignedPath(shard), note);
  const keys = await writeRecordKeys(folder, wanted, shards);
  const { election } = wanted;
  const { id } = election.definition;
  const head = formatHead({ election: id, definition: election.digest, shards, keys, fingerprint });
  await folder.put(EXPORT_FILES.head, signNote(head, signer));
  if (rotations !== '') await folder.put(EXPORT_FILES.rotations, rotations);
  const description: ExportDescription = {
    format: 1,
    election: id,
    definition: election.digest,
    position: formatPosition(wanted.position),
    key: formatVerifier(verifier),
    log: wanted.withEntries ? 'entries' : 'hashes',
    results: wanted.isComplete ? 'complete' : 'public',
    fingerprint,
  };
  await folder.put(EXPORT_FILES.description, `${JSON.stringify(description, null, 2)}\n`);
  return description;
}

async function mustBeForThis(folder: ExportFolder, { definition, election, withEntries }: ElectionToExport) {
  const names = await folder.names();
  if (names.length === 0) return;
  const found = await folder.read(EXPORT_FILES.definition);
  // The first file of an export may have been all but there.
  const isBegun = names.every((name) => name === `${EXPORT_FILES.definition}.part`);
  if (!isBegun && (!found || Buffer.compare(found, definition) !== 0))
    throw new ExportError(
      `${folder.path} is not empty, and holds no export of ${election.definition.id}. Export into a new folder.`,
    );
  if (withEntries) return;
  for (let shard = 0; shard < election.definition.shards; shard += 1)
    if (await folder.has(`${shardFolder(shard)}/tile/entries`))
      throw new ExportError(
        `${folder.path} holds an earlier export with the events, which are not public now. Export into a new folder.`,
      );
}

/** The fingerprint; null where the results are not complete. */
async function writeResults(folder: ExportFolder, { results, isComplete }: ElectionToExport): Promise<string | null> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<string> {
    for await (const chunk of results) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await folder.put(EXPORT_FILES.results, hashed());
  return isComplete ? hash.digest('hex') : null;
}

async function writeLog(
  folder: ExportFolder,
  wanted: ElectionToExport & { readonly chain: KeyChain },
): Promise<ExportedShard[]> {
  const { position, onProgress, ...parts } = wanted;
  const total = position.reduce((sum, size) => sum + size, 0);
  const shards: ExportedShard[] = [];
  let done = 0;
  const onRecords = (count: number): void => {
    done += count;
    onProgress?.(done, total);
  };
  for (const [shard, size] of position.entries())
    shards.push(await exportShard(folder, { ...parts, shard, size, onRecords }));
  return shards;
}

/** The hash of the list of records under other keys than their events give; null where there are none. */
async function writeRecordKeys(
  folder: ExportFolder,
  { withEntries }: ElectionToExport,
  shards: readonly ExportedShard[],
): Promise<string | null> {
  const list = shards.flatMap(({ recordKeys }) => recordKeys);
  if (list.length === 0) return null;
  const text = formatRecordKeys(list);
  if (withEntries) await folder.put(EXPORT_FILES.recordKeys, text);
  return createHash('sha256').update(text).digest('hex');
}
