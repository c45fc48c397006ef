/**
 * The election head: one signed note over the heads of all shards and the definition digest, and, where results are
 * public, their fingerprint at that position. Whoever keeps one can hold all that is published later against it.
 *
 *     tally/<election>/head
 *     definition <hex>
 *     shard 0 <leaves> <root>
 *     shard 1 <leaves> <root>
 *     keys <hex>            (only where records lie under other keys than their events give, see docs/reference)
 *     fingerprint <hex>     (only where it is told)
 */
import type { ElectionId } from '#domain';
import { formatHash, parseHash, parseSize } from './checkpoint.ts';
import { electionOfHead, headOrigin } from './origins.ts';
import type { TreeHead } from './proofs.ts';

export interface ElectionHead {
  readonly election: ElectionId;
  /** Lower-case hex SHA-256. */
  readonly definition: string;
  /** Every shard's, in order. */
  readonly shards: readonly TreeHead[];
  /** SHA-256 of the list of records that lie under another key than their event gives; null where there are none. */
  readonly keys: string | null;
  readonly fingerprint: string | null;
}

export function formatHead({ election, definition, shards, keys, fingerprint }: ElectionHead): string {
  const lines = [
    headOrigin(election),
    `definition ${definition}`,
    ...shards.map(({ size, root }, shard) => `shard ${shard} ${size} ${formatHash(root)}`),
    ...(keys === null ? [] : [`keys ${keys}`]),
    ...(fingerprint === null ? [] : [`fingerprint ${fingerprint}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** From the text of an opened note; null where it is no election head. */
export function parseHead(text: string): ElectionHead | null {
  const lines = text.split('\n');
  if (lines.pop() !== '') return null;
  const election = electionOfHead(lines.shift() ?? '');
  const definition = takeHex('definition', lines);
  const shards: TreeHead[] = [];
  while (lines[0]?.startsWith('shard ')) {
    const head = parseShard(lines.shift()!, shards.length);
    if (!head) return null;
    shards.push(head);
  }
  const keys = takeHex('keys', lines);
  const fingerprint = takeHex('fingerprint', lines);
  if (election === null || definition === null || shards.length === 0 || lines.length > 0) return null;
  return { election, definition, shards, keys, fingerprint };
}

function takeHex(name: string, lines: string[]): string | null {
  const match = new RegExp(`^${name} ([0-9a-f]{64})$`).exec(lines[0] ?? '');
  if (!match) return null;
  lines.shift();
  return match[1]!;
}

function parseShard(line: string, shard: number): TreeHead | null {
  const [, number, sizeText = '', rootText = '', ...rest] = line.split(' ');
  const size = parseSize(sizeText);
  const root = parseHash(rootText);
  return number !== String(shard) || size === null || root === null || rest.length > 0 ? null : { size, root };
}
