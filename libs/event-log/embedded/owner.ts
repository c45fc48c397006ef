/**
 * One process owns a data folder at a time.
 *
 * The owner's record lies in an lmdb environment of its own, `<folder>/owner`: a write transaction there excludes
 * every other process, so of several that claim at once exactly one finds the place free. Whether an owner that did
 * not release the folder is still there is told by its process number and start; where these can't be seen (another
 * container on the same folder, or no `/proc`), by the file `beat`, which the owner touches every second.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, statSync, utimes } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Database, open, type RootDatabase } from 'lmdb';
import { livenessOf, type ProcessIdentity, thisProcess } from './process-identity.ts';

const BEAT_MS = 1_000;
/** An owner that can't be seen is gone when it was silent for so long. */
const SILENCE_MS = 10_000;
const KEY = 'owner';

interface OwnerRecord {
  /** Names this very claim. */
  readonly claim: string;
  readonly process: ProcessIdentity;
  readonly command: string;
  readonly url?: string;
  /** RFC 3339. */
  readonly since: string;
}

export interface ClaimOptions {
  /** Where the owner can be reached, if known already; else see `announce`. */
  readonly url?: string;
  /** What runs, for the message others get; default: the command line. */
  readonly command?: string;
}

export interface Ownership {
  /** Tells other processes where the owner can be reached. */
  announce(url: string): void;
  /** Gives the folder back; again is a no-op. */
  release(): Promise<void>;
}

export class FolderOwnedError extends Error {
  readonly code = 'folder-owned';
  readonly pid: number;
  readonly command: string;
  readonly url: string | undefined;
  /** RFC 3339. */
  readonly since: string;

  constructor(folder: string, owner: OwnerRecord) {
    const { pid } = owner.process;
    const way = owner.url
      ? `Use --url ${owner.url} to work through it, or stop it first.`
      : 'It has not announced its address yet: repeat in a moment, or stop it first.';
    super(`The data folder ${folder} is in use by process ${pid} (${owner.command}) since ${owner.since}. ${way}`);
    this.name = 'FolderOwnedError';
    this.pid = pid;
    this.command = owner.command;
    this.url = owner.url;
    this.since = owner.since;
  }
}

/** Claims of this very process, which it can see without asking the system. */
const own = new Set<string>();

/**
 * Makes this process the owner of a data folder (made where there is none).
 * Throws `FolderOwnedError` where another one, or an earlier claim of this one, owns it.
 */
export async function claimFolder(folder: string, options: ClaimOptions = {}): Promise<Ownership> {
  const path = join(folder, 'owner');
  const root = open<OwnerRecord, string>({ path, noSubdir: false, overlappingSync: false, encoding: 'json' });
  const beat = join(path, 'beat');
  const mine: OwnerRecord = {
    claim: randomUUID(),
    process: thisProcess(),
    command: options.command ?? process.argv.slice(1).join(' '),
    url: options.url,
    since: new Date().toISOString(),
  };
  try {
    closeSync(openSync(beat, 'a'));
    for (let gone: OwnerRecord | undefined; ; ) {
      const there = takePlace(root, mine, gone);
      if (!there) {
        own.add(mine.claim);
        return new HeldFolder(root, mine, beat);
      }
      if (await isAlive(there, beat)) throw new FolderOwnedError(folder, there);
      gone = there;
    }
  } catch (error) {
    await root.close();
    throw error;
  }
}

/** Puts the record where there is none, or still the one of an owner known to be gone; else returns the one there. */
function takePlace(
  root: Database<OwnerRecord, string>,
  mine: OwnerRecord,
  gone: OwnerRecord | undefined,
): OwnerRecord | undefined {
  return root.transactionSync(() => {
    const there = root.get(KEY);
    if (there && there.claim !== gone?.claim) return there;
    root.putSync(KEY, mine);
    return undefined;
  });
}

async function isAlive(owner: OwnerRecord, beat: string): Promise<boolean> {
  if (own.has(owner.claim)) return true;
  const liveness = livenessOf(owner.process);
  if (liveness !== 'unknown') return liveness === 'alive';
  const lastSign = () => Math.max(beatAt(beat), Date.parse(owner.since));
  const seen = lastSign();
  for (;;) {
    const last = lastSign();
    if (last !== seen) return true;
    if (Math.abs(Date.now() - last) > SILENCE_MS) return false;
    await delay(BEAT_MS / 4);
  }
}

/** When the owner touched the file last, milliseconds since 1970; 0 where there is none. */
function beatAt(beat: string): number {
  return statSync(beat, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

class HeldFolder implements Ownership {
  readonly #root: RootDatabase<OwnerRecord, string>;
  readonly #beating: NodeJS.Timeout;
  #record: OwnerRecord;
  #held = true;

  constructor(root: RootDatabase<OwnerRecord, string>, record: OwnerRecord, beat: string) {
    this.#root = root;
    this.#record = record;
    // Where it fails the disk is gone or going: that is for those to report who store something there.
    const touch = () => utimes(beat, new Date(), new Date(), () => undefined);
    touch();
    this.#beating = setInterval(touch, BEAT_MS).unref();
  }

  announce(url: string): void {
    if (!this.#held) return;
    this.#record = { ...this.#record, url };
    this.#root.transactionSync(() => {
      if (this.#isMine()) this.#root.putSync(KEY, this.#record);
    });
  }

  async release(): Promise<void> {
    if (!this.#held) return;
    this.#held = false;
    clearInterval(this.#beating);
    own.delete(this.#record.claim);
    this.#root.transactionSync(() => {
      if (this.#isMine()) this.#root.removeSync(KEY);
    });
    await this.#root.close();
  }

  #isMine(): boolean {
    return this.#root.get(KEY)?.claim === this.#record.claim;
  }
}
