/** All logs of a data folder, in one lmdb environment. */
import type { ElectionId } from '#domain';
import { type EventLog, type EventLogs, LogError } from '../port.ts';
import { hasDefinition, readDefinition, writeDefinition } from './definitions.ts';
import { EmbeddedLog } from './embedded-log.ts';
import { GroupCommit } from './group-commit.ts';
import { type LogHead, type LogStore, openLogStore } from './store.ts';
import { failureNow } from './store-errors.ts';

export interface EmbeddedLogsOptions {
  /** Milliseconds since 1970; for tests. */
  readonly clock?: () => number;
  /** Address space that lmdb maps at first, in bytes; it grows where a log needs more. */
  readonly mapSize?: number;
}

/** Opens the logs in `<folder>/log`, making the folder where there is none. The caller owns the folder (`claimFolder`). */
export async function openEmbeddedLogs(folder: string, options: EmbeddedLogsOptions = {}): Promise<EventLogs> {
  const store = openLogStore(folder, options.mapSize);
  return new EmbeddedLogs(store, new GroupCommit(store, options.clock ?? Date.now));
}

class EmbeddedLogs implements EventLogs {
  readonly #store: LogStore;
  readonly #committer: GroupCommit;
  readonly #open = new Map<ElectionId, EmbeddedLog>();
  #closing: Promise<void> | null = null;

  constructor(store: LogStore, committer: GroupCommit) {
    this.#store = store;
    this.#committer = committer;
  }

  async elections(): Promise<ElectionId[]> {
    this.#mustBeOpen();
    return [...this.#store.heads.getKeys()];
  }

  async find(election: ElectionId): Promise<EventLog | undefined> {
    this.#mustBeOpen();
    const open = this.#open.get(election);
    if (open) return open;
    const head = this.#store.heads.get(election);
    return head && this.#opened(election, head);
  }

  async create(election: ElectionId, shards: number): Promise<EventLog> {
    this.#mustBeOpen();
    if (!Number.isInteger(shards) || shards < 1 || shards > 65_536)
      throw new LogError('unknown-shard', `a log has 1 to 65,536 shards, not ${shards}`);
    const head = this.#headOrNew(election, shards);
    if (head.shards !== shards)
      throw new LogError('other-shards', `the log of ${election} has ${head.shards} shards, not ${shards}`);
    return this.#open.get(election) ?? this.#opened(election, head);
  }

  async putDefinition(election: ElectionId, digest: string, bytes: Uint8Array): Promise<void> {
    this.#mustBeOpen();
    if (hasDefinition(this.#store, election, digest)) return;
    await writeDefinition(this.#store, election, digest, bytes);
  }

  async getDefinition(election: ElectionId, digest: string): Promise<Uint8Array | undefined> {
    this.#mustBeOpen();
    return readDefinition(this.#store, election, digest);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const log of this.#open.values()) log.close();
    await this.#committer.close();
    await this.#store.root.close();
  }

  #opened(election: ElectionId, head: LogHead): EmbeddedLog {
    const log = new EmbeddedLog(election, head, this.#store, this.#committer);
    this.#open.set(election, log);
    return log;
  }

  /** The head of a log; where there is none, it is stored, durable when this returns. */
  #headOrNew(election: ElectionId, shards: number): LogHead {
    const { root, heads } = this.#store;
    const known = heads.get(election);
    if (known) return known;
    try {
      return root.transactionSync(() => {
        const there = heads.get(election);
        if (there) return there;
        const head: LogHead = { number: heads.getKeysCount(), shards };
        heads.putSync(election, head);
        return head;
      });
    } catch (error) {
      const { kind, cause } = failureNow(error, this.#store.dataFile);
      if (kind === 'full') throw new LogError('log-full', `no room for the log of ${election}`, { cause });
      throw new LogError('log-unavailable', `no log of ${election} could be made (${String(cause)})`, { cause });
    }
  }

  #mustBeOpen(): void {
    if (this.#closing) throw new LogError('log-unavailable', 'the logs are closed');
  }
}
