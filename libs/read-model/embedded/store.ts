/** The lmdb environment of one version of a model: what it is made of and how it is opened. */
import { type Database, type DatabaseOptions, type GetOptions, open, type RootDatabase } from 'lmdb';
import { readShardAndOffset, writeKey } from './keys.ts';

/** Databases of one environment, so that a batch is one transaction. Keys in the order given, see `keys.ts`. */
export interface ModelStore {
  readonly path: string;
  readonly root: RootDatabase<unknown, string>;
  /** By shard. */
  readonly shards: Table;
  /** Blocks of attempts, by shard, first offset. */
  readonly attempts: Table;
  /** By station, contest, shard, offset; values are empty. Both codes are empty where no sheet is concerned. */
  readonly attemptsOn: Table;
  /** Lists of offsets, by unit, contest, shard, first offset. */
  readonly changesOf: Table;
  /** By station, contest. */
  readonly sheets: Table;
  /** By unit, contest, shard. */
  readonly totals: Table;
  /** By unit, contest, shard, offset. */
  readonly states: Table;
  /** By kind, shard, offset, subject. */
  readonly notes: Table;
}

export type Table = Database<Buffer, (string | number)[]> & {
  /** As in lmdb-js, whose types leave out the options. */
  getBinaryFast(key: (string | number)[], options?: GetOptions): Buffer | undefined;
};

/** Address space set aside; the file only takes what it holds. lmdb would grow a smaller map, moving it under readers. */
const MAP_BYTES = 2 ** 40;

/**
 * Opens or makes the environment. Nothing is synced: after a killed process the system still has every write, in
 * order; for a machine that went down see `trust.ts`. Without turn batching lmdb-js keeps no second promise for a
 * commit, whose rejection (on a full disk) nobody could handle.
 */
export function openModelStore(path: string): ModelStore {
  const root = open<unknown, string>({
    path,
    noSubdir: false,
    noSync: true,
    eventTurnBatching: false,
    mapSize: MAP_BYTES,
    maxReaders: 1_024,
  });
  const table = (name: string): Table => root.openDB(name, TABLE);
  return {
    path,
    root,
    shards: table('shards'),
    attempts: table('attempts'),
    attemptsOn: table('attemptsOn'),
    changesOf: table('changesOf'),
    sheets: table('sheets'),
    totals: table('totals'),
    states: table('states'),
    notes: table('notes'),
  };
}

/** What comes back as a key is only [shard, offset] at its end. */
const KEY_ENCODER = { writeKey, readKey: readShardAndOffset };
const TABLE: DatabaseOptions & { keyEncoder: typeof KEY_ENCODER } = { encoding: 'binary', keyEncoder: KEY_ENCODER };
