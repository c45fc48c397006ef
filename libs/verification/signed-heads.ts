/** Opens what was signed: the election head and each shard's checkpoint. */
import {
  checkpointPath,
  type ElectionHead,
  type KeyChain,
  type NoteProblem,
  openNoteBy,
  parseCheckpoint,
  parseHead,
  sameHash,
  shardOrigin,
  type TreeHead,
  type Verifier,
} from '#transparency';
import type { FaultCode, Faults } from './faults.ts';
import type { ExportFiles } from './files.ts';

const WHY: Readonly<Record<NoteProblem, [FaultCode, string]>> = {
  malformed: ['file-malformed', 'is not a signed note'],
  'other-key': ['other-key', 'is not signed with the key of this election: it is of another key or another election'],
  'bad-signature': ['bad-signature', 'was changed after it was signed: the signature does not hold'],
};

/** The text of a signed file; undefined where it is missing or not signed, which is told. */
export async function openSigned(
  { files, faults }: { files: ExportFiles; faults: Faults },
  path: string,
  name: string,
  chain: KeyChain,
): Promise<string | undefined> {
  const note = await files.text(path);
  if (note === undefined) {
    faults.add('file-missing', path, `${path} is missing`);
    return undefined;
  }
  const opened = openNoteBy(chain, note, name);
  if (opened.ok) return opened.text;
  const [code, why] = WHY[opened.problem];
  faults.add(code, path, `${path} ${why}`);
  return undefined;
}

export async function openHead(
  at: { files: ExportFiles; faults: Faults },
  path: string,
  verifier: Verifier,
): Promise<ElectionHead | undefined> {
  const text = await openSigned(at, path, verifier.name, [verifier]);
  if (text === undefined) return undefined;
  const head = parseHead(text);
  if (!head) at.faults.add('file-malformed', path, `${path} is signed, but is no election head`);
  return head ?? undefined;
}

/**
 * Checks that a shard's checkpoint is signed and says what the election head says. Any key of the chain may have signed
 * it, as caches keep what an older one did; what it says is bound by the head.
 */
export async function checkCheckpoint(
  at: { files: ExportFiles; faults: Faults },
  { election, shard, chain }: { election: string; shard: number; chain: KeyChain },
  expected: TreeHead,
): Promise<void> {
  const path = checkpointPath(shard);
  const origin = shardOrigin(election, shard);
  const text = await openSigned(at, path, origin, chain);
  if (text === undefined) return;
  const checkpoint = parseCheckpoint(text);
  if (checkpoint?.origin !== origin)
    return at.faults.add('file-malformed', path, `${path} is signed, but is no checkpoint of shard ${shard}`);
  if (checkpoint.size !== expected.size || !sameHash(checkpoint.root, expected.root))
    at.faults.add(
      'checkpoint-differs',
      path,
      `${path} is over ${checkpoint.size} events, the election head over ${expected.size}${checkpoint.size === expected.size ? ' others' : ''}: they are not of one moment`,
    );
}
