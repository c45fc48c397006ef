/**
 * Connections to MongoDB, and its errors in the port's words.
 *
 * What is acknowledged has to last: writes wait for a majority and its journals, reads go to the primary and see what a
 * majority has. The driver repeats no write by itself: ours are guarded, and whoever gave them repeats them. Every call
 * ends in bounded time, whatever becomes of the server.
 */
import mongoose, { type Connection, mongo } from 'mongoose';
import { ModelError } from '../port.ts';
import { watchHeartbeats } from './watchdog.ts';

export interface MongoOptions {
  /** `mongodb://…` or `mongodb+srv://…`, with TLS and credentials where needed. */
  readonly uri: string;
  readonly database: string;
  /** How long a server is looked for, as when another one becomes the primary, before a call fails; default 10,000. */
  readonly selectionTimeoutMs?: number;
  /** How long a server may take to connect and to answer; default 30,000. */
  readonly answerTimeoutMs?: number;
}

/** So often the driver looks where the servers are, at least. */
const HEARTBEAT_MS = 10_000;

/** Looking for a server, waiting for a connection, and its answer: of the most patient connection of this process. */
let longestCallMs = 0;

/** Resolves once the server was reached; throws `ModelError`. The connection comes back by itself whenever it is lost. */
export async function connectMongo(options: MongoOptions): Promise<Connection> {
  const { uri, database, selectionTimeoutMs = 10_000, answerTimeoutMs = 30_000 } = options;
  const connection = mongoose.createConnection();
  try {
    await connection.openUri(uri, {
      dbName: database,
      appName: 'tally',
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      retryWrites: false,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      heartbeatFrequencyMS: HEARTBEAT_MS,
      serverSelectionTimeoutMS: selectionTimeoutMs,
      connectTimeoutMS: answerTimeoutMs,
      socketTimeoutMS: answerTimeoutMs,
      waitQueueTimeoutMS: answerTimeoutMs,
    });
  } catch (error) {
    await connection.destroy();
    throw errorOf(error);
  }
  longestCallMs = Math.max(longestCallMs, selectionTimeoutMs + 2 * answerTimeoutMs);
  watchHeartbeats(connection, { answerTimeoutMs, heartbeatMs: HEARTBEAT_MS });
  return connection;
}

/** Server codes for "no room left on the disk". */
const FULL = new Set([14_031, 12_501]);
/** Cursor not found, query plan killed, no such collection: as when a collection is dropped while it is read. */
const DROPPED = new Set([43, 175, 26]);
const DUPLICATE_KEY = 11_000;

/** A driver's error in the port's words; others are given back as they are. */
export function errorOf(error: unknown): unknown {
  // The driver (7.8.0) does not say a socket's error in words of its own where it waits for one to drain.
  const isSockets = error instanceof Error && 'syscall' in error;
  if (!isSockets && !(error instanceof mongo.MongoError) && !(error instanceof mongoose.Error)) return error;
  if (hasCode(error, FULL)) return new ModelError('model-full', 'the disk of MongoDB is full', { cause: error });
  return new ModelError('model-unavailable', `MongoDB: ${error.message}`, { cause: error });
}

export function saysDropped(error: unknown): boolean {
  return hasCode(error, DROPPED) || (error instanceof mongo.MongoServerError && error.message === 'ns not found');
}

export function saysDuplicate(error: unknown): boolean {
  return hasCode(error, new Set([DUPLICATE_KEY]));
}

function hasCode(error: unknown, codes: ReadonlySet<number>): boolean {
  return error instanceof mongo.MongoServerError && codes.has(Number(error.code));
}

/** Does what may meet the driver's errors, and says them in the port's words: for actions of several calls. */
export async function inWords<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw errorOf(error);
  }
}

/** The same for one call of the driver, which is given up in time. */
export function told<T>(call: () => Promise<T>): Promise<T> {
  return inWords(() => inTime(call()));
}

/**
 * A call of the driver that is given up where the driver waits for ever: its own limits hold for servers that are
 * slow or silent, and not where it waits for a socket to drain that is destroyed already (see `watchdog.ts`).
 */
export function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new ModelError('model-unavailable', 'MongoDB: no answer in time'));
    timer = setTimeout(giveUp, longestCallMs);
  });
  return Promise.race([call, late]).finally(() => clearTimeout(timer));
}
