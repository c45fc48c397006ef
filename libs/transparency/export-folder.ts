/** What lies where in an export, and its description, `export.json` (docs/reference/verify-yourself.md). */
import { type ElectionId, isObject } from '#domain';

export const EXPORT_FILES = {
  /** Written last: an export without it was interrupted. */
  description: 'export.json',
  definition: 'definition.json',
  head: 'head',
  results: 'results.csv',
  recordKeys: 'record-keys.ndjson',
  /** The rotations that led to the key, where there were any. */
  rotations: 'rotations',
} as const;

/** The folder of a shard's log: its checkpoint and tiles lie in it as C2SP tlog-tiles has them. */
export function shardFolder(shard: number): string {
  return `log/${shard}`;
}

export function checkpointPath(shard: number): string {
  return `${shardFolder(shard)}/checkpoint`;
}

/** The newest checkpoint of a shard that witnesses cosigned, with their signatures; seldom of the same size as the other. */
export function cosignedPath(shard: number): string {
  return `${shardFolder(shard)}/cosigned`;
}

export interface ExportDescription {
  readonly format: 1;
  readonly election: ElectionId;
  /** Digest of the definition. */
  readonly definition: string;
  /** Printed: how far the log goes, and what the results are as of. */
  readonly position: string;
  /** The verifier key of the election head; the same public key signs the checkpoints. */
  readonly key: string;
  /** Whether the events are there, or their hashes alone. */
  readonly log: 'entries' | 'hashes';
  /** Whether the results are all there are, or what the public may see of them. */
  readonly results: 'complete' | 'public';
  /** Of complete results. */
  readonly fingerprint: string | null;
}

/** null where the text is no description of an export. */
export function parseDescription(text: string): ExportDescription | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value) || value.format !== 1) return null;
  const { election, definition, position, key, log, results, fingerprint } = value;
  const texts = [election, definition, position, key];
  if (!texts.every((one) => typeof one === 'string') || (log !== 'entries' && log !== 'hashes')) return null;
  if ((results !== 'complete' && results !== 'public') || (fingerprint !== null && typeof fingerprint !== 'string'))
    return null;
  return value as unknown as ExportDescription;
}

/** A record that lies under another key than its event gives, so that the fold rejects it. */
export interface RecordKey {
  readonly shard: number;
  readonly offset: number;
  readonly key: string;
}

export function formatRecordKeys(keys: readonly RecordKey[]): string {
  return keys.map(({ shard, offset, key }) => `${JSON.stringify({ shard, offset, key })}\n`).join('');
}

/** null where the text is no such list. */
export function parseRecordKeys(text: string): RecordKey[] | null {
  const keys: RecordKey[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return null;
    }
    if (!isObject(value)) return null;
    const { shard, offset, key } = value;
    if (!Number.isSafeInteger(shard) || !Number.isSafeInteger(offset) || typeof key !== 'string') return null;
    keys.push({ shard: shard as number, offset: offset as number, key });
  }
  return keys;
}
