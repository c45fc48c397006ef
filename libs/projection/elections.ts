/**
 * The elections that a log holds: definition, rules and log of each, found by reading the log (contracts §3, "Opening").
 */
import { randomUUID } from 'node:crypto';
import { compileRules, parseDefinition, type RuleBook } from '#definition';
import {
  type Actor,
  buildElection,
  decodeEvent,
  type Election,
  type ElectionId,
  encodeEvent,
  makeEvent,
} from '#domain';
import { type EventLog, type EventLogs, LogError } from '#event-log';

/** An election of the log, ready to be served. */
export interface ServedElection {
  readonly election: Election;
  readonly rules: RuleBook;
  readonly log: EventLog;
}

export interface PackageToOpen {
  readonly id: ElectionId;
  readonly shards: number;
  readonly rootUnit: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export type OpenOutcome =
  | { readonly outcome: 'opened' | 'already-open'; readonly served: ServedElection }
  /** Another package is open under that id. */
  | { readonly outcome: 'other-package'; readonly digest: string | null };

export class Elections {
  readonly #logs: EventLogs;
  readonly #served = new Map<ElectionId, ServedElection>();
  readonly #reading = new Map<ElectionId, Promise<ServedElection | undefined>>();

  constructor(logs: EventLogs) {
    this.#logs = logs;
  }

  /** undefined where no election of that id is open in every shard. */
  async find(id: ElectionId): Promise<ServedElection | undefined> {
    const known = this.#served.get(id);
    if (known) return known;
    const reading = this.#reading.get(id) ?? this.#read(id).finally(() => this.#reading.delete(id));
    this.#reading.set(id, reading);
    return reading;
  }

  async #read(id: ElectionId): Promise<ServedElection | undefined> {
    const log = await this.#logs.find(id);
    const digest = log && (await this.#openedDigest(log));
    const bytes = digest && (await this.#logs.getDefinition(id, digest));
    if (!log || !digest || !bytes) return undefined;
    for (let shard = 1; shard < log.shards; shard += 1)
      if ((await this.#openedDigest(log, shard, digest)) === null) return undefined;
    const election = buildElection(parseDefinition(bytes), digest);
    const served = { election, rules: compileRules(election), log };
    this.#served.set(id, served);
    return served;
  }

  /** The canonical bytes of an open election's definition. */
  async definitionBytes({ election }: ServedElection): Promise<Uint8Array> {
    const bytes = await this.#logs.getDefinition(election.definition.id, election.digest);
    if (!bytes) throw new Error(`the log of ${election.definition.id} has no definition ${election.digest}`);
    return bytes;
  }

  /** Every election that is open, by id. */
  async list(): Promise<ServedElection[]> {
    const ids = (await this.#logs.elections()).sort();
    const found = await Promise.all(ids.map((id) => this.find(id)));
    return found.filter((served) => served !== undefined);
  }

  /**
   * Opens an election, or finishes an opening that was interrupted. The definition goes first, then shard 0's `opened`,
   * read back before the other shards get theirs: the first valid one of shard 0 decides which package it is.
   */
  async open(pack: PackageToOpen, actor: Actor, now: Date): Promise<OpenOutcome> {
    const log = await this.#logFor(pack);
    if (log.shards !== pack.shards) return { outcome: 'other-package', digest: await this.#openedDigest(log) };
    await this.#logs.putDefinition(pack.id, pack.digest, pack.bytes);
    let appended = 0;
    for (let shard = 0; shard < pack.shards; shard += 1) {
      const decided = await this.#openedDigest(log, shard, pack.digest);
      if (decided === pack.digest) continue;
      if (decided !== null) return { outcome: 'other-package', digest: decided };
      const head = {
        id: randomUUID(),
        election: pack.id,
        subject: pack.id,
        time: now.toISOString(),
        definition: pack.digest,
      };
      const event = makeEvent('tally.election.opened.v1', head, { actor, id: pack.id, shards: pack.shards });
      await log.append([{ shard, key: pack.rootUnit, value: encodeEvent(event) }]);
      appended += 1;
      if (shard > 0) continue;
      const first = await this.#openedDigest(log);
      if (first !== pack.digest) return { outcome: 'other-package', digest: first };
    }
    const served = await this.find(pack.id);
    if (!served) throw new Error(`election ${pack.id} was opened but can't be read back`);
    return { outcome: appended > 0 ? 'opened' : 'already-open', served };
  }

  /** The log there is, or a new one; another opening at the same time may have made one of other shards. */
  async #logFor(pack: PackageToOpen): Promise<EventLog> {
    try {
      return (await this.#logs.find(pack.id)) ?? (await this.#logs.create(pack.id, pack.shards));
    } catch (error) {
      const made =
        error instanceof LogError && error.code === 'other-shards' ? await this.#logs.find(pack.id) : undefined;
      if (made) return made;
      throw error;
    }
  }

  /**
   * The digest of the first valid `opened` of a shard, null where there is none. Shard 0 decides for the election;
   * on the others only an `opened` of the `wanted` digest is looked for.
   */
  async #openedDigest(log: EventLog, shard = 0, wanted?: string): Promise<string | null> {
    for (let from = 0; ; ) {
      const records = await log.read(shard, from, { maxRecords: 500 });
      if (records.length === 0) return null;
      for (const record of records) {
        const decoded = decodeEvent(record.value);
        if (!decoded.ok || decoded.event.type !== 'tally.election.opened.v1') continue;
        const { event } = decoded;
        const { id, shards } = event.data as { id: string; shards: number };
        if (id !== log.election || shards !== log.shards) continue;
        if (shard > 0 && event.tallydefinition !== wanted) continue;
        if (await this.#logs.getDefinition(log.election, event.tallydefinition)) return event.tallydefinition;
      }
      from += records.length;
    }
  }
}
