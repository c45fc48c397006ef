/**
 * Takes a copy of an election's log from a server, or brings one up to date.
 *
 * What arrives is put aside (`incoming`) until all of it is checked; only then does it become part of the copy. A run that
 * was interrupted goes on with what it put aside. Where the server is found wrong, the copy stays as it was, and what was
 * sent is left beside it (`refused-…`) as evidence.
 */
import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ExportFolder } from '#documents';
import { formatPosition } from '#domain';
import {
  checkpointPath,
  cosignedPath,
  type ElectionHead,
  EXPORT_FILES,
  type ExportDescription,
  electionOfHead,
  formatRecordKeys,
  formatVerifier,
  isSameVerifier,
  type KeyChain,
  openChain,
  openNoteBy,
  parseCheckpoint,
  parseDescription,
  parseRecordKeys,
  parseVerifier,
  sameHash,
  shardOrigin,
  splitKeys,
  type Verifier,
} from '#transparency';
import { findCosigned } from './cosigned.ts';
import { chooseHead, openedHead } from './heads.ts';
import { MirrorError } from './mirror-error.ts';
import { settle } from './settle.ts';
import { copyShard } from './shard-copy.ts';
import { type LogSource, readText } from './source.ts';

export interface MirrorOptions {
  readonly folder: string;
  /** The verifier key that the election is known by; without it the copy's, and at first the server's, is believed. */
  readonly key?: Verifier;
  /** Whether the newest events are wanted where no fingerprint was signed over them yet. */
  readonly newest?: boolean;
  readonly onProgress?: (events: number, total: number) => void;
}

export interface MirrorOutcome {
  readonly description: ExportDescription;
  /** Events that the copy did not have before. */
  readonly added: number;
}

/** Throws `MirrorError` where the server, or the folder, is not as it must be. */
export async function mirror(source: LogSource, options: MirrorOptions): Promise<MirrorOutcome> {
  const copying = new Copying(source, options);
  try {
    return await copying.run();
  } catch (error) {
    if (error instanceof MirrorError && (await copying.keepEvidence()))
      throw new MirrorError(error.code, `${error.message}. What was sent is kept in ${copying.evidence}`);
    throw error;
  }
}

const INCOMING = 'incoming';

class Copying {
  readonly evidence: string;
  readonly #source: LogSource;
  readonly #options: MirrorOptions;
  readonly #copy: ExportFolder;
  readonly #incoming: ExportFolder;
  #isTaking = false;

  constructor(source: LogSource, options: MirrorOptions) {
    this.#source = source;
    this.#options = options;
    this.#copy = new ExportFolder(options.folder);
    this.#incoming = new ExportFolder(join(options.folder, INCOMING));
    this.evidence = join(options.folder, `refused-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  }

  /** Whether there was anything to keep: what this run was sent, with what an interrupted one had put aside. */
  async keepEvidence(): Promise<boolean> {
    if (!this.#isTaking || (await this.#incoming.names()).length === 0) return false;
    await rename(this.#incoming.path, this.evidence);
    return true;
  }

  async run(): Promise<MirrorOutcome> {
    // Its description is put aside last: all that lies with it was checked, and only its moving was interrupted.
    if (await this.#incoming.has(EXPORT_FILES.description)) await settle(this.#incoming, this.#copy);
    const known = await this.#known();
    const { chain, rotations } = await this.#keys(known);
    const verifier = chain.at(-1)!;
    const before = known && openedHead(await this.#copy.text(EXPORT_FILES.head), chain, this.#copy.path);
    const chosen = await chooseHead(this.#source, chain, before?.head ?? null, this.#options.newest === true);
    const { head } = chosen;
    if (before && before.head.definition !== head.definition)
      throw new MirrorError(
        'other-definition',
        `${this.#source.address} shows the definition ${head.definition}, and the copy is of ${before.head.definition}`,
      );
    this.#isTaking = true;
    await this.#incoming.put(EXPORT_FILES.head, chosen.note);
    await this.#takeDefinition(head);
    const log = await this.#takeShards(head, before?.head ?? null, known?.log ?? null, chain);
    await this.#takeCheckpoints(head, chain);
    if (log === 'entries') await this.#takeRecordKeys(head);
    await this.#takeResults(head);
    if (rotations !== '') await this.#incoming.put(EXPORT_FILES.rotations, rotations);
    const description = describe(head, verifier, log);
    await this.#incoming.put(`heads/${eventsOf(head)}${head.fingerprint === null ? '' : '-results'}`, chosen.note);
    await this.#incoming.put(EXPORT_FILES.description, `${JSON.stringify(description, null, 2)}\n`);
    await settle(this.#incoming, this.#copy);
    if (head.fingerprint === null) await this.#copy.remove(EXPORT_FILES.results);
    return { description, added: eventsOf(head) - (before ? eventsOf(before.head) : 0) };
  }

  /** What the folder holds; null where it is new. */
  async #known(): Promise<ExportDescription | null> {
    const text = await this.#copy.text(EXPORT_FILES.description);
    const found = text === undefined ? null : parseDescription(text);
    const others = (await this.#copy.names()).filter((name) => name !== INCOMING && !name.startsWith('refused-'));
    if (found || others.length === 0) return found;
    throw new MirrorError('not-an-export', `${this.#copy.path} is not empty, and holds no copy. Use a new folder.`);
  }

  /**
   * The keys of the server: one that was given must be among them, and those of the copy be the first. Each is followed by
   * the next because it said so.
   */
  async #keys(known: ExportDescription | null): Promise<{ chain: KeyChain; rotations: string }> {
    const { key: told, rotations } = splitKeys((await readText(this.#source, 'log/key')) ?? '');
    const own = parseVerifier(told);
    if (!own || electionOfHead(own.name) === null)
      throw new MirrorError('file-malformed', `${this.#source.address} names no key of an election: ${told}`);
    const opened = openChain(own, rotations);
    if (!opened.ok)
      throw new MirrorError('rotation-broken', `of the keys of ${this.#source.address}, ${opened.problem}`);
    const { chain } = opened;
    const { key: given } = this.#options;
    const other = (whose: string, key: Verifier): MirrorError =>
      new MirrorError(
        'other-key',
        `${this.#source.address} signs with the key ${told}; ${whose} ${formatVerifier(key)}, which it does not follow`,
      );
    if (given && !chain.some((one) => isSameVerifier(one, given))) throw other('the one that was given is', given);
    for (const [i, one] of (await this.#keysOfCopy(known)).entries())
      if (!chain[i] || !isSameVerifier(chain[i], one)) throw other('the copy was signed with', one);
    return { chain, rotations };
  }

  async #keysOfCopy(known: ExportDescription | null): Promise<KeyChain> {
    const key = known && parseVerifier(known.key);
    if (!key) return [];
    const opened = openChain(key, (await this.#copy.text(EXPORT_FILES.rotations)) ?? '');
    return opened.ok ? opened.chain : [key];
  }

  async #takeDefinition(head: ElectionHead): Promise<void> {
    if (await this.#copy.has(EXPORT_FILES.definition)) return;
    const bytes = await this.#source.read('log/definition');
    const digest = bytes && createHash('sha256').update(bytes).digest('hex');
    if (!bytes || digest !== head.definition)
      throw new MirrorError(
        'other-definition',
        `the definition of ${this.#source.address} has the digest ${digest}, and ${head.definition} was signed`,
      );
    await this.#incoming.put(EXPORT_FILES.definition, bytes);
  }

  async #takeShards(
    head: ElectionHead,
    before: ElectionHead | null,
    was: ExportDescription['log'] | null,
    chain: KeyChain,
  ): Promise<ExportDescription['log']> {
    const withEntries = was === 'entries' || (await this.#seesEvents(head));
    const total = eventsOf(head);
    let done = 0;
    const parts = { source: this.#source, copy: this.#copy, incoming: this.#incoming, withEntries };
    for (const [shard, tree] of head.shards.entries()) {
      const cosigned = await findCosigned(this.#source, head, shard, chain);
      if (cosigned) await this.#incoming.put(cosignedPath(shard), cosigned.note);
      await copyShard({
        ...parts,
        shard,
        head: tree,
        before: before?.shards[shard] ?? null,
        cosigned,
        onEvents: (count) => {
          done += count;
          this.#options.onProgress?.(done, total);
        },
      });
    }
    return withEntries ? 'entries' : 'hashes';
  }

  /** Whether the first event, which opens the election, is shown. */
  async #seesEvents(head: ElectionHead): Promise<boolean> {
    const shard = head.shards.findIndex(({ size }) => size > 0);
    return shard < 0 || (await this.#source.read(`log/${shard}/tile/entries/000.p/1`)) !== null;
  }

  async #takeCheckpoints(head: ElectionHead, chain: KeyChain): Promise<void> {
    for (const [shard, { size, root }] of head.shards.entries()) {
      const path = checkpointPath(shard);
      const note = await readText(this.#source, path, { size: String(size) });
      const opened = openNoteBy(chain, note ?? '', shardOrigin(head.election, shard));
      const checkpoint = opened.ok ? parseCheckpoint(opened.text) : null;
      if (checkpoint?.size !== size || !sameHash(checkpoint.root, root))
        throw new MirrorError('bad-signature', `${path} of ${this.#source.address} does not say what its head says`);
      await this.#incoming.put(path, note!);
    }
  }

  async #takeRecordKeys(head: ElectionHead): Promise<void> {
    if (head.keys === null) return;
    const text = await readText(this.#source, 'log/record-keys');
    const all = text === null ? null : parseRecordKeys(text);
    const keys = formatRecordKeys(all?.filter(({ shard, offset }) => offset < (head.shards[shard]?.size ?? 0)) ?? []);
    if (createHash('sha256').update(keys).digest('hex') !== head.keys)
      throw new MirrorError(
        'record-keys-changed',
        `${this.#source.address} has another list of records under other keys than it signed`,
      );
    await this.#incoming.put(EXPORT_FILES.recordKeys, keys);
  }

  /** Results come with a head that names their fingerprint. */
  async #takeResults(head: ElectionHead): Promise<void> {
    if (head.fingerprint === null) return;
    const at = formatPosition(head.shards.map(({ size }) => size));
    const hash = createHash('sha256');
    const decoder = new TextDecoder();
    const sent = this.#source.stream('results.csv', { at });
    async function* hashed(): AsyncGenerator<string> {
      for await (const chunk of sent) {
        hash.update(chunk);
        yield decoder.decode(chunk, { stream: true });
      }
    }
    await this.#incoming.put(EXPORT_FILES.results, hashed());
    const fingerprint = hash.digest('hex');
    if (fingerprint !== head.fingerprint)
      throw new MirrorError(
        'fingerprint-differs',
        `the results of ${this.#source.address} at ${at} have the fingerprint ${fingerprint}, and ${head.fingerprint} was signed`,
      );
  }
}

function describe(head: ElectionHead, verifier: Verifier, log: ExportDescription['log']): ExportDescription {
  return {
    format: 1,
    election: head.election,
    definition: head.definition,
    position: formatPosition(head.shards.map(({ size }) => size)),
    key: formatVerifier(verifier),
    log,
    results: head.fingerprint === null ? 'public' : 'complete',
    fingerprint: head.fingerprint,
  };
}

function eventsOf({ shards }: Pick<ElectionHead, 'shards'>): number {
  return shards.reduce((sum, { size }) => sum + size, 0);
}
