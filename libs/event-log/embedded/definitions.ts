/**
 * Definitions beside the log, in chunks: a package of tens of megabytes would else need that much contiguous room in
 * the file. All chunks are put in one transaction, so either none or all are there.
 */
import { LogError } from '../port.ts';
import type { LogStore } from './store.ts';
import { failureOf } from './store-errors.ts';

const CHUNK_BYTES = 512 * 1024;

export function hasDefinition(store: LogStore, election: string, digest: string): boolean {
  return store.definitions.doesExist([election, digest, 0]);
}

/** Durable when resolved. An empty definition has one empty chunk. */
export async function writeDefinition(
  store: LogStore,
  election: string,
  digest: string,
  bytes: Uint8Array,
): Promise<void> {
  const copy = Buffer.from(bytes);
  try {
    await store.definitions.batch(() => {
      for (let chunk = 0; chunk === 0 || chunk * CHUNK_BYTES < copy.length; chunk += 1) {
        const part = copy.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES);
        store.definitions.put([election, digest, chunk], part);
      }
    });
  } catch (error) {
    const { kind, cause } = await failureOf(error, store.dataFile);
    if (kind === 'full')
      throw new LogError('log-full', 'no room for the definition; nothing of it was stored', { cause });
    throw new LogError('outcome-unknown', `the definition could not be stored (${String(cause)}); repeat`, { cause });
  }
}

export function readDefinition(store: LogStore, election: string, digest: string): Uint8Array | undefined {
  if (!hasDefinition(store, election, digest)) return undefined;
  const range = store.definitions.getRange({
    start: [election, digest, 0],
    end: [election, digest, Number.MAX_SAFE_INTEGER],
  });
  return Buffer.concat([...range.map(({ value }) => value)]);
}
