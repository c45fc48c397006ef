/** The lmdb environment of the log: what it is made of and how it is opened. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { RecordBytes } from './record-bytes.ts';

/** What is kept of a log beside its records. */
export interface LogHead {
  /** Stands for the election in the records' keys. */
  readonly number: number;
  readonly shards: number;
}

export interface LogStore {
  /** Where the environment's pages lie. */
  readonly dataFile: string;
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
 * the promise may resolve before the sync. Without turn batching lmdb-js keeps no second promise for a commit, whose
 * rejection (on a full disk) nobody could handle.
 */
export function openLogStore(folder: string, mapSize = MAP_BYTES): LogStore {
  const path = join(folder, 'log');
  const root = open<unknown, string>({
    path,
    noSubdir: false,
    overlappingSync: false,
    mapSize,
    maxReaders: 512,
    eventTurnBatching: false,
  });
  for (const directory of [path, folder]) syncDirectory(directory);
  // lmdb-js takes an encoder of one's own; its types leave it out.
  const recordOptions = { encoding: 'binary' as const, keyEncoding: 'binary' as const, encoder: new RecordBytes() };
  return {
    dataFile: join(path, 'data.mdb'),
    root,
    heads: root.openDB<LogHead, string>('heads', { encoding: 'json' }),
    records: root.openDB<Buffer, Uint8Array>('records', recordOptions),
    definitions: root.openDB<Buffer, [string, string, number]>('definitions', { encoding: 'binary' }),
  };
}

/** So that a file just made is still listed after the machine went down. Windows can't open directories, nor needs it. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
