/** The lmdb environment of the log: what it is made of and how it is opened. */
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';

/** What is kept of a log beside its records. */
export interface LogHead {
  /** Stands for the election in the records' keys. */
  readonly number: number;
  readonly shards: number;
  readonly identity: string;
}

export interface LogStore {
  readonly root: RootDatabase<unknown, string>;
  /** By election. */
  readonly heads: Database<LogHead, string>;
  readonly records: Database<Buffer, Uint8Array>;
  /** By [election, digest, number of the chunk]. */
  readonly definitions: Database<Buffer, [string, string, number]>;
}

/** Address space set aside; the file only takes what it holds. lmdb would grow a smaller map, moving it under readers. */
const MAP_BYTES = 2 ** 40;

/**
 * Opens `<folder>/log`. `overlappingSync: false` is what makes a commit durable before its promise resolves: pages are
 * written, `fdatasync`ed, then the meta page goes out through a descriptor opened with O_DSYNC. With lmdb-js' default
 * the promise may resolve before the sync.
 */
export function openLogStore(folder: string, mapSize = MAP_BYTES): LogStore {
  const root = open<unknown, string>({
    path: join(folder, 'log'),
    noSubdir: false,
    overlappingSync: false,
    mapSize,
    maxReaders: 512,
    eventTurnBatching: false,
  });
  return {
    root,
    heads: root.openDB<LogHead, string>('heads', { encoding: 'json' }),
    records: root.openDB<Buffer, Uint8Array>('records', { encoding: 'binary', keyEncoding: 'binary' }),
    definitions: root.openDB<Buffer, [string, string, number]>('definitions', { encoding: 'binary' }),
  };
}
