/**
 * The log of events: append-only, sharded, durable before acknowledged (contracts §3).
 *
 * Small enough for Kafka and for one folder on a laptop. An adapter promises what `contract.ts` checks:
 * - offsets of a shard are 0, 1, 2 … without a gap; order within a shard is the order of appending;
 * - a record is durable before `append` resolves; after any crash a prefix of each shard is there, nothing half-written;
 * - log time never goes back within a shard (it is the larger of the clock and the previous record's);
 * - what was read once is read again, byte for byte.
 */
import type { ElectionId, UnitCode } from '#domain';

export interface NewRecord {
  readonly shard: number;
  readonly key: UnitCode;
  readonly value: Uint8Array;
}

export interface LogRecord {
  readonly offset: number;
  /** When the log stored it, milliseconds since 1970. */
  readonly logTime: number;
  readonly key: UnitCode;
  readonly value: Uint8Array;
}

/** Where an appended record lies. */
export interface Appended {
  readonly shard: number;
  readonly offset: number;
  readonly logTime: number;
}

export interface ReadOptions {
  /** At most so many records; default 1,000. */
  readonly maxRecords?: number;
  /** Stops after the record that passes so many bytes of values; default 4 MiB. At least one record is returned if there is one. */
  readonly maxBytes?: number;
  /** Waits so many milliseconds for a first record where there is none yet; default 0. */
  readonly waitMs?: number;
  /** Ends a wait early; `read` then returns what there is. */
  readonly signal?: AbortSignal;
}

/** The log of one election. */
export interface EventLog {
  readonly election: ElectionId;
  readonly shards: number;
  /**
   * Appends records, in the order given within a shard, and resolves once all are durable. Concurrent calls are
   * flushed together. Throws `LogError`; on `outcome-unknown` the records may or may not be there.
   */
  append(records: readonly NewRecord[]): Promise<Appended[]>;
  /** Records of a shard from an offset on, in order; empty at the end. */
  read(shard: number, from: number, options?: ReadOptions): Promise<LogRecord[]>;
  /** The offset that the next record of the shard will get. */
  end(shard: number): Promise<number>;
}

/** All logs of one installation, and the definitions they were opened with. */
export interface EventLogs {
  elections(): Promise<ElectionId[]>;
  /** undefined where there is no such log. */
  find(election: ElectionId): Promise<EventLog | undefined>;
  /** Makes the log, or returns the one there is; throws `LogError` (`other-shards`) where it has another number of shards. */
  create(election: ElectionId, shards: number): Promise<EventLog>;
  /** Keeps a definition's bytes under its digest (lower-case hex SHA-256); again is a no-op. Durable when resolved. */
  putDefinition(election: ElectionId, digest: string, bytes: Uint8Array): Promise<void>;
  getDefinition(election: ElectionId, digest: string): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** A message of a broadcast: what is new, and since when. */
export interface Message {
  readonly shard: number;
  readonly value: Uint8Array;
}

/**
 * Word of what is new in an election, for every process that listens. Only a hint: messages are not kept for long, and
 * whoever missed some reads the read model. Within a shard they are heard in the order in which one sender sent them.
 */
export interface Broadcast {
  /** Resolves once every listener will hear them; throws `LogError`. A message has at most 900,000 bytes. */
  publish(election: ElectionId, messages: readonly Message[]): Promise<void>;
  /**
   * Hears every message whose `publish` began after this resolved, however often the connection is lost; some may be
   * heard twice. Returns what ends it.
   */
  listen(election: ElectionId, hear: (message: Message) => void): Promise<() => Promise<void>>;
}

/**
 * Shares work out among the processes that are alive: slots 0 … `slots` − 1, each held by one of them most of the time.
 * For a moment two may hold one, or none: whoever works on a slot must bear another one doing the same.
 */
export interface Shares {
  /**
   * Joins. `hold` is told of all slots that are this process's from now on, again after every change, and of an empty
   * set where it has lost touch. Returns what leaves, so that others take over at once.
   */
  join(slots: number, hold: (slots: ReadonlySet<number>) => void): Promise<() => Promise<void>>;
}

export type LogErrorCode =
  /** The disk or the map is full; nothing of the append was stored. */
  | 'log-full'
  /** The store can't be reached or is closed. */
  | 'log-unavailable'
  /** No confirmation in time; repeat with the same event ids. */
  | 'outcome-unknown'
  /** The log has another number of shards than asked for. */
  | 'other-shards'
  /** What is stored is not what was: records are missing or do not match their checksum. */
  | 'log-damaged'
  /** Something of the log's name is there that is not one, or is set so that it could lose records. */
  | 'wrong-topic'
  /** A record is larger than an event may be. */
  | 'record-too-large'
  /** There is no log of that election. */
  | 'unknown-log'
  /** A shard that the log does not have. */
  | 'unknown-shard';

export class LogError extends Error {
  readonly code: LogErrorCode;
  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogError';
    this.code = code;
  }
}
