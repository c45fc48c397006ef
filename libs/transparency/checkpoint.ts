/** Checkpoints of a log (C2SP tlog-checkpoint): origin, number of leaves and root, each on a line, as a signed note. */
import { HASH_BYTES, type Hash } from './hashing.ts';
import type { TreeHead } from './proofs.ts';

export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${formatHash(root)}\n`;
}

/** From the text of an opened note; lines after the third are extensions, passed over. null where it is none. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, sizeText, rootText, ...rest] = text.split('\n');
  if (!origin || sizeText === undefined || rootText === undefined || rest.at(-1) !== '') return null;
  const size = parseSize(sizeText);
  const root = parseHash(rootText);
  return size === null || root === null ? null : { origin, size, root };
}

export function formatHash(hash: Hash): string {
  return Buffer.from(hash).toString('base64');
}

/** null where the text is not the one way to write a hash in base64. */
export function parseHash(text: string): Hash | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === HASH_BYTES && bytes.toString('base64') === text ? bytes : null;
}

/** null where the text is not the one way to write a whole number. */
export function parseSize(text: string): number | null {
  return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : null;
}
