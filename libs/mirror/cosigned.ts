/** What witnesses cosigned, where the server shows it. */
import {
  cosignedPath,
  type ElectionHead,
  type KeyChain,
  openNoteBy,
  parseCheckpoint,
  shardOrigin,
  type TreeHead,
} from '#transparency';
import { MirrorError } from './mirror-error.ts';
import type { LogSource } from './source.ts';

export interface CosignedCheckpoint extends TreeHead {
  readonly note: string;
}

/** Of a shard; null where nothing is shown, or it is beyond the head: the next copy has it. */
export async function findCosigned(
  source: LogSource,
  { election, shards }: ElectionHead,
  shard: number,
  chain: KeyChain,
): Promise<CosignedCheckpoint | null> {
  const path = cosignedPath(shard);
  const bytes = await source.find(path);
  if (!bytes) return null;
  const note = Buffer.from(bytes).toString('utf8');
  const opened = openNoteBy(chain, note, shardOrigin(election, shard));
  const checkpoint = opened.ok ? parseCheckpoint(opened.text) : null;
  if (!checkpoint)
    throw new MirrorError('bad-signature', `${path} of ${source.address} is no checkpoint that this election signed`);
  const { size, root } = checkpoint;
  return size > (shards[shard]?.size ?? 0) ? null : { size, root, note };
}
