/**
 * Grows the tree of one shard over the exact bytes of its records.
 *
 * Leaves are added in memory as records come; what has grown is stored a few times a second at most, by one write at a
 * time. After a crash the tree is taken up from where it was stored, and what is missing is read from the log: so the
 * tree is the same for all batch edges and all crash points.
 */
import { type Election, keyOfRecord } from '#domain';
import type { EventLog, LogRecord } from '#event-log';
import { entryOf, hashesOf, leafHash, type RecordKey, sameHash, TILE_WIDTH, type Tile, TiledTree } from '#transparency';
import { type ElectionTree, type Growth, type TreeEdge, TreeError } from './port.ts';

export interface ShardTreeParts {
  readonly election: Election;
  readonly log: EventLog;
  readonly shard: number;
  readonly store: ElectionTree;
  /** What has grown is stored at most so often, milliseconds; default 100. */
  readonly everyMs?: number;
  /** Told of faults that are waited out, and that they are over (null). */
  readonly onFault?: (error: Error | null) => void;
}

const STORE_EVERY_MS = 100;
const AGAIN_MS = 1_000;
const READ_RECORDS = 2_048;

export class ShardTree {
  readonly #parts: ShardTreeParts;
  #tree = new TiledTree();
  #full: Tile[] = [];
  #recordKeys: RecordKey[] = [];
  /** Leaves that are stored; null until that is known. */
  #stored: number | null = null;
  /** The log is known to have so many records. */
  #known = 0;
  /** What is done, one after another. */
  #turn: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isFaulty = false;
  #isClosed = false;

  constructor(parts: ShardTreeParts) {
    this.#parts = parts;
  }

  /** Takes the tree up, and reads what it lacks of the first `records`. Faults are told, and waited out later. */
  async begin(records: number): Promise<void> {
    this.#known = Math.max(this.#known, records);
    this.#store();
    await this.#turn;
  }

  /**
   * The next records of the shard. Some may be there already, as when two versions of a model are made side by side.
   * `mayStray`: whether a record may lie under another key than its event gives; one that the fold accepts does not.
   */
  add(records: readonly LogRecord[], mayStray: (index: number) => boolean): void {
    const first = records[0]?.offset ?? 0;
    this.#known = Math.max(this.#known, first + records.length);
    // Where some are missing in between, all are read from the log.
    if (this.#stored !== null && first <= this.#tree.size)
      for (let i = this.#tree.size - first; i < records.length; i += 1) this.#append(records[i]!, mayStray(i));
    if (this.#stored !== this.#tree.size || this.#tree.size < this.#known) this.#storeSoon();
  }

  /** Stores what has grown; nothing is stored any more afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#store();
    await this.#turn;
  }

  #append(record: LogRecord, mayStray: boolean): void {
    const { election, shard } = this.#parts;
    const entry = entryOf(record.value);
    this.#tree.append(leafHash(entry));
    if (!mayStray) return;
    const given = keyOfRecord(election, entry);
    if (given !== null && given !== record.key)
      this.#recordKeys.push({ shard, offset: record.offset, key: record.key });
  }

  #storeSoon(ms = this.#parts.everyMs ?? STORE_EVERY_MS): void {
    if (this.#timer || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#store();
    }, ms);
  }

  #store(): void {
    this.#turn = this.#turn
      .then(() => this.#storeNow())
      .then(
        () => this.#tell(null),
        (error: Error) => {
          this.#stored = null;
          this.#tell(error);
          this.#storeSoon(AGAIN_MS);
        },
      );
  }

  #tell(error: Error | null): void {
    if (error !== null || this.#isFaulty) this.#parts.onFault?.(error);
    this.#isFaulty = error !== null;
  }

  async #storeNow(): Promise<void> {
    if (this.#stored === null) await this.#takeUp();
    do {
      if (this.#tree.size < this.#known && !this.#isClosed) await this.#readOn();
      await this.#storeGrowth();
    } while (this.#tree.size < this.#known && !this.#isClosed);
  }

  async #storeGrowth(): Promise<void> {
    const from = this.#stored!;
    if (from === this.#tree.size) return;
    const growth: Growth = {
      shard: this.#parts.shard,
      from,
      tiles: this.#full,
      recordKeys: this.#recordKeys,
      edge: edgeOf(this.#tree),
    };
    this.#full = [];
    this.#recordKeys = [];
    if ((await this.#parts.store.grow(growth)) === 'grown') this.#stored = growth.edge.size;
    else await this.#takeUp();
  }

  /** Takes the tree up from where it is stored, if it is one of this log. */
  async #takeUp(): Promise<void> {
    const { store, shard } = this.#parts;
    const edge = await store.edge(shard);
    await this.#mustBeOfThisLog(edge);
    this.#full = [];
    this.#recordKeys = [];
    this.#tree = TiledTree.from(edge, (tile) => this.#full.push(tile));
    this.#stored = edge.size;
  }

  /** Adds some of what the log has beyond the tree. */
  async #readOn(): Promise<void> {
    const { log, shard } = this.#parts;
    const maxRecords = Math.min(READ_RECORDS, this.#known - this.#tree.size);
    const records = await log.read(shard, this.#tree.size, { maxRecords });
    if (records.length === 0)
      throw new TreeError('other-log', `shard ${shard} ends at ${this.#tree.size}, before ${this.#known}`);
    // Some may have been added meanwhile.
    for (const record of records) if (record.offset === this.#tree.size) this.#append(record, true);
  }

  /** The last records of the tree are at hand in the log, so that a tree of another one is noticed. */
  async #mustBeOfThisLog({ size, levels }: TreeEdge): Promise<void> {
    const { log, shard } = this.#parts;
    const last = hashesOf(levels[0] ?? new Uint8Array()) ?? [];
    const from = size - last.length;
    const records = last.length > 0 ? await log.read(shard, from, { maxRecords: TILE_WIDTH }) : [];
    const isOfThis = last.every((hash, i) => records[i] && sameHash(leafHash(entryOf(records[i].value)), hash));
    if (isOfThis && size <= (await log.end(shard))) return;
    throw new TreeError(
      'other-log',
      `the tree of shard ${shard} is over ${size} records that are not those of the log: ` +
        'it belongs to another log, or the log lost some. Restore that log, or move the trees away.',
    );
  }
}

function edgeOf(tree: TiledTree): TreeEdge {
  const levels: Uint8Array[] = [];
  for (const { level, bytes } of tree.unfinished()) levels[level] = bytes;
  return { size: tree.size, levels: Array.from(levels, (bytes) => bytes ?? new Uint8Array()) };
}
