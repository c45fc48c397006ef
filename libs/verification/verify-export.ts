/** Verifies an export: definition, signatures, each tree, and all results counted anew. */
import { createHash } from 'node:crypto';
import { parseDefinition } from '#definition';
import { buildElection, type Election, formatPosition, keyOfRecord, shardOf } from '#domain';
import {
  type ElectionHead,
  EXPORT_FILES,
  type ExportDescription,
  electionOfHead,
  formatVerifier,
  headOrigin,
  isSameVerifier,
  type KeyChain,
  openChain,
  openNoteBy,
  parseDescription,
  parseHead,
  parseRecordKeys,
  parseVerifier,
  type Verifier,
} from '#transparency';
import { type CheckedDevices, DeviceChecks } from './check-devices.ts';
import { type CheckedReceipt, checkReceipts, type KeptReceipt } from './check-receipts.ts';
import { type CheckedResults, checkResults } from './check-results.ts';
import { checkShard } from './check-shard.ts';
import { type KeptNote, openCosigned, openOwnCosigned, type Witnessed } from './cosigned.ts';
import { type Fault, Faults } from './faults.ts';
import { ExportFiles } from './files.ts';
import { Recount } from './recount.ts';
import { checkCheckpoint, openHead } from './signed-heads.ts';

export interface VerifyOptions {
  /** The verifier key that the election is known by; without it the export's own is believed. */
  readonly key?: Verifier;
  /** Election heads that somebody kept: the export's log must go on from them. */
  readonly heads?: readonly KeptNote[];
  /** Checkpoints that witnesses cosigned: the log must go on from them. */
  readonly cosigned?: readonly KeptNote[];
  /** The witnesses that are known; each cosigned checkpoint must be signed by one of them. */
  readonly witnesses?: readonly Verifier[];
  /** Receipts that somebody kept: their events must lie in the log. */
  readonly receipts?: readonly KeptReceipt[];
  readonly onProgress?: (events: number, total: number) => void;
}

export interface VerifyReport {
  readonly election: string | null;
  readonly definition: string | null;
  readonly position: string | null;
  /** The key that signed, as a verifier key. */
  readonly key: string | null;
  /** How often the key was exchanged for another, which it named. */
  readonly rotations: number;
  /** Whether that is the key asked for, or followed it. */
  readonly keyWasGiven: boolean;
  readonly log: ExportDescription['log'] | null;
  readonly results: ExportDescription['results'] | null;
  readonly events: number;
  readonly accepted: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Records rejected for the key that the operator says they lie under, which no tree proves. */
  readonly recordKeys: number;
  /** Signatures of devices; null where the events are not there. */
  readonly devices: CheckedDevices | null;
  readonly headsKept: number;
  readonly receipts: readonly CheckedReceipt[];
  readonly witnessed: readonly Witnessed[];
  /** Names of the witnesses that are known, and of which nothing was found. */
  readonly notWitnessed: readonly string[];
  /** null where the log is not there, or not whole, to count anew. */
  readonly counted: CheckedResults | null;
  readonly faults: readonly Fault[];
  readonly moreFaults: readonly { readonly code: string; readonly count: number }[];
}

export async function verifyExport(folder: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  return new Verification(folder, options).run();
}

class Verification {
  readonly #files: ExportFiles;
  readonly #options: VerifyOptions;
  readonly #faults = new Faults();
  #description: ExportDescription | null = null;
  #verifier: Verifier | null = null;
  #chain: KeyChain = [];
  #head: ElectionHead | undefined;
  #recount: Recount | null = null;
  #deviceChecks: DeviceChecks | null = null;
  #devices: CheckedDevices | null = null;
  #recordKeys = new Map<string, string>();
  #events = 0;
  #receipts: readonly CheckedReceipt[] = [];
  #witnessed: readonly Witnessed[] = [];

  constructor(folder: string, options: VerifyOptions) {
    this.#files = new ExportFiles(folder);
    this.#options = options;
  }

  async run(): Promise<VerifyReport> {
    const description = await this.#readDescription();
    if (!description) return this.#report(null);
    this.#verifier = await this.#chooseKey(description);
    if (!this.#verifier) return this.#report(null);
    this.#head = await openHead(this.#at, EXPORT_FILES.head, this.#verifier);
    if (!this.#head) return this.#report(null);
    this.#compareWithHead(description, this.#head);
    const election = await this.#readDefinition(this.#head);
    if (election) this.#startCounting(election);
    await this.#readRecordKeys(description, this.#head);
    const isWhole = await this.#checkShards(description, this.#head);
    if (isWhole && description.log === 'entries') this.#devices = this.#deviceChecks?.end() ?? null;
    const parts = { ...this.#at, head: this.#head, chain: this.#chain, withEntries: description.log === 'entries' };
    this.#receipts = await checkReceipts(parts, this.#options.receipts ?? []);
    return this.#report(isWhole ? await this.#checkResults(description, this.#head) : null);
  }

  #startCounting(election: Election): void {
    const checks = new DeviceChecks(election, this.#faults);
    this.#recount = new Recount(election, (place, event, isAccepted) => checks.take(place, event, isAccepted));
    this.#deviceChecks = checks;
  }

  get #at(): { files: ExportFiles; faults: Faults } {
    return { files: this.#files, faults: this.#faults };
  }

  async #readDescription(): Promise<ExportDescription | null> {
    const path = EXPORT_FILES.description;
    const text = await this.#files.text(path);
    this.#description = text === undefined ? null : parseDescription(text);
    if (text === undefined)
      this.#faults.add(
        'not-an-export',
        path,
        `there is no ${path}: this is no export, or one that was interrupted (export again to carry it on)`,
      );
    else if (!this.#description) this.#faults.add('file-malformed', path, `${path} does not describe an export`);
    return this.#description;
  }

  /** The export's own key, which must be the one that was given, or follow it through rotations that are signed. */
  async #chooseKey({ key }: ExportDescription): Promise<Verifier | null> {
    const own = parseVerifier(key);
    const path = EXPORT_FILES.description;
    if (!own) this.#faults.add('file-malformed', path, `the key in ${path} is no verifier key`);
    this.#chain = own ? await this.#openChain(own) : [];
    const given = this.#options.key;
    if (!given || this.#chain.some((one) => isSameVerifier(one, given))) return own;
    this.#chain = [given];
    if (own)
      this.#faults.add(
        'other-key',
        path,
        `${path} names the key ${key}, not the one that was given, ${formatVerifier(given)}`,
      );
    return given;
  }

  async #openChain(own: Verifier): Promise<KeyChain> {
    const path = EXPORT_FILES.rotations;
    const opened = openChain(own, (await this.#files.text(path)) ?? '');
    if (opened.ok) return opened.chain;
    this.#faults.add('rotation-broken', path, `in ${path}, ${opened.problem}`);
    return [own];
  }

  #compareWithHead(description: ExportDescription, head: ElectionHead): void {
    const path = EXPORT_FILES.description;
    const differs = (
      code: 'other-election' | 'other-definition' | 'checkpoint-differs' | 'fingerprint-differs',
      what: string,
      told: string | null,
      signed: string | null,
    ): void => {
      if (told !== signed) this.#faults.add(code, path, `${path} names the ${what} ${told}, the signed head ${signed}`);
    };
    differs('other-election', 'election', description.election, head.election);
    differs('other-definition', 'definition', description.definition, head.definition);
    differs(
      'checkpoint-differs',
      'position',
      description.position,
      formatPosition(head.shards.map(({ size }) => size)),
    );
    differs('fingerprint-differs', 'fingerprint', description.fingerprint, head.fingerprint);
  }

  async #readDefinition(head: ElectionHead): Promise<Election | null> {
    const path = EXPORT_FILES.definition;
    const bytes = await this.#files.read(path);
    if (!bytes) this.#faults.add('file-missing', path, `${path} is missing`);
    if (!bytes) return null;
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== head.definition) {
      this.#faults.add(
        'other-definition',
        path,
        `${path} has the digest ${digest}, and ${head.definition} was signed: it is another definition, or it was changed`,
      );
      return null;
    }
    const election = buildElection(parseDefinition(bytes), digest);
    const { id, shards } = election.definition;
    if (id === head.election && shards === head.shards.length) return election;
    this.#faults.add(
      'other-election',
      path,
      `${path} is of ${id} with ${shards} shards, the signed head of ${head.election} with ${head.shards.length}`,
    );
    return null;
  }

  async #readRecordKeys({ log }: ExportDescription, head: ElectionHead): Promise<void> {
    if (log === 'hashes') return;
    const path = EXPORT_FILES.recordKeys;
    const text = await this.#files.text(path);
    const hash = text === undefined ? null : createHash('sha256').update(text).digest('hex');
    const keys = parseRecordKeys(text ?? '');
    if (hash !== head.keys || !keys)
      return this.#faults.add(
        'record-keys-changed',
        path,
        `${path} is not the list of records under other keys that was signed`,
      );
    this.#recordKeys = new Map(keys.map(({ shard, offset, key }) => [`${shard}:${offset}`, key]));
  }

  async #checkShards({ log }: ExportDescription, head: ElectionHead): Promise<boolean> {
    const { onProgress } = this.#options;
    const total = head.shards.reduce((sum, { size }) => sum + size, 0);
    const election = this.#recount?.election;
    const kept = this.#openKept(head);
    const { cosigned = [], witnesses = [] } = this.#options;
    const parts = { faults: this.#faults, head, chain: this.#chain, witnesses };
    const own = await openOwnCosigned(parts, this.#files);
    this.#witnessed = [...openCosigned(parts, cosigned), ...own.witnessed];
    let isWhole = true;
    for (const [shard, expected] of head.shards.entries()) {
      await checkCheckpoint(this.#at, { election: head.election, shard, chain: this.#chain }, expected);
      const isThere = await checkShard({
        ...this.#at,
        shard,
        expected,
        kept: [
          ...kept.flatMap(({ from, head: { shards } }) => (shards[shard] ? [{ from, ...shards[shard] }] : [])),
          ...this.#witnessed.filter((one) => one.shard === shard),
          ...own.signed.filter((one) => one.shard === shard && !this.#witnessed.some(({ from }) => from === one.from)),
        ],
        withEntries: log === 'entries',
        onEvent: (offset, entry) =>
          this.#recount?.add(shard, offset, entry, this.#recordKeys.get(`${shard}:${offset}`) ?? null),
        onProgress: (count) => {
          this.#events += count;
          onProgress?.(this.#events, total);
        },
        shardOf: (entry) => {
          const key = election ? keyOfRecord(election, entry) : null;
          return key === null ? null : shardOf(key, head.shards.length);
        },
      });
      isWhole &&= isThere;
    }
    return isWhole;
  }

  /** The kept heads that a key of the chain signed for the same election; others are told. */
  #openKept(head: ElectionHead): { from: string; head: ElectionHead }[] {
    return (this.#options.heads ?? []).flatMap(({ from, note }) => {
      const opened = openNoteBy(this.#chain, note, headOrigin(head.election));
      const kept = opened.ok ? parseHead(opened.text) : null;
      if (!kept) this.#faults.add('other-key', from, `${from} is no election head signed with this election's key`);
      else if (kept.definition !== head.definition)
        this.#faults.add(
          'other-definition',
          from,
          `${from} is over the definition ${kept.definition}, this export over ${head.definition}`,
        );
      else return [{ from, head: kept }];
      return [];
    });
  }

  async #checkResults({ log, results }: ExportDescription, head: ElectionHead): Promise<CheckedResults | null> {
    if (!this.#recount || log === 'hashes' || results === 'public') return null;
    const counted = await checkResults(this.#files, this.#faults, this.#recount);
    if (counted.fingerprint !== head.fingerprint)
      this.#faults.add(
        'fingerprint-differs',
        EXPORT_FILES.head,
        `the fingerprint that was signed is ${head.fingerprint}, the results counted anew have ${counted.fingerprint}`,
      );
    return counted;
  }

  #report(counted: CheckedResults | null): VerifyReport {
    const head = this.#head;
    return {
      election: head?.election ?? (this.#verifier && electionOfHead(this.#verifier.name)),
      definition: head?.definition ?? null,
      position: head ? formatPosition(head.shards.map(({ size }) => size)) : null,
      key: this.#verifier && formatVerifier(this.#verifier),
      rotations: Math.max(0, this.#chain.length - 1),
      keyWasGiven: this.#options.key !== undefined,
      log: this.#description?.log ?? null,
      results: this.#description?.results ?? null,
      events: this.#events,
      accepted: this.#recount?.accepted ?? 0,
      rejected: Object.fromEntries(this.#recount?.rejected ?? []),
      recordKeys: this.#recordKeys.size,
      devices: this.#devices,
      headsKept: this.#options.heads?.length ?? 0,
      receipts: this.#receipts,
      witnessed: this.#witnessed,
      notWitnessed: (this.#options.witnesses ?? [])
        .map(({ name }) => name)
        .filter((name) => !this.#witnessed.some(({ by }) => by === name)),
      counted,
      faults: this.#faults.list,
      moreFaults: this.#faults.more(),
    };
  }
}
