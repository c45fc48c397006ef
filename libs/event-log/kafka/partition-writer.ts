/**
 * Appends to one partition: what waits together goes as one batch, with one batch under way at a time.
 *
 * Batches are numbered (Kafka's idempotence, KIP-98). A batch whose answer is lost is sent again, byte for byte, under
 * the same number until the deadline, so that it is stored once, and a broker that has it answers where it lies. After
 * the deadline its outcome is unknown, and what waits goes on under the name of a new producer: the old number can
 * never be given to other records. (kafkajs' own producer gives a number back after a failure and then to whatever is
 * sent next, which the broker takes for a repeat and drops.)
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LogError } from '../port.ts';
import { type Cluster, isTransient, pauses } from './cluster/cluster.ts';
import { failureOf, isLostNumber, leavesNothing } from './refusals.ts';
import { type BatchRecord, recordBytes, writeBatch } from './wire/record-batch.ts';
import { newProducer, type Partition, type Produced, type Producer, produce } from './wire/records.ts';

const ROUND_RECORDS = 1_000;
/** A broker refuses requests and batches of more than 1 MiB unless it is set otherwise. */
const ROUND_BYTES = 900_000;
/** Numbers of records within a producer's name; a new name long before they end. */
const MAX_SEQUENCE = 2 ** 30;

export interface Placed {
  readonly offset: number;
  /** As the broker stamped it. */
  readonly stamp: number;
}

interface Waiting {
  readonly records: readonly BatchRecord[];
  readonly placed: Placed[];
  /** Until when the first record must have been sent. */
  readonly sendBy: number;
  resolve(placed: Placed[]): void;
  reject(error: LogError): void;
}

/** What a round takes of an append. */
interface Part {
  readonly waiting: Waiting;
  readonly records: readonly BatchRecord[];
}

export class PartitionWriter {
  readonly #cluster: Cluster;
  readonly #partition: Partition;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #producer: Producer | null = null;
  #nextSequence = 0;

  constructor(cluster: Cluster, partition: Partition) {
    this.#cluster = cluster;
    this.#partition = partition;
  }

  /** Resolves once all records are on the in-sync replicas; throws `LogError`. The caller leaves the bytes as they are. */
  append(records: readonly BatchRecord[]): Promise<Placed[]> {
    return new Promise((resolve, reject) => {
      const sendBy = Date.now() + this.#cluster.settings.deadlineMs;
      this.#waiting.push({ records, placed: [], sendBy, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves once nothing waits any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Lets what is appended in the same turn gather before the first round.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const round = this.#takeRound();
      try {
        this.#settle(round, await this.#send(round.flatMap(({ records }) => records)));
      } catch (error) {
        this.#fail(round, error as LogError);
      }
      this.#refuseOverdue();
    }
    this.#running = null;
  }

  /** The records that come next, each with whom they belong to; of a large append only a part. */
  #takeRound(): Part[] {
    const round: Part[] = [];
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      const from = waiting.placed.length;
      let to = from;
      for (; to < waiting.records.length; to += 1) {
        const more = recordBytes(waiting.records[to]!);
        if (count > 0 && (count >= ROUND_RECORDS || bytes + more > ROUND_BYTES)) break;
        count += 1;
        bytes += more;
      }
      if (to > from) round.push({ waiting, records: waiting.records.slice(from, to) });
      if (to < waiting.records.length) break;
    }
    return round;
  }

  #settle(round: readonly Part[], { baseOffset, logTime }: Produced): void {
    let offset = baseOffset;
    for (const { waiting, records } of round) {
      for (let i = 0; i < records.length; i += 1) waiting.placed.push({ offset: offset++, stamp: logTime });
      if (waiting.placed.length < waiting.records.length) return;
      this.#waiting.shift();
      waiting.resolve(waiting.placed);
    }
  }

  /** An append of which a part was stored before is not as if it had never been. */
  #fail(round: readonly Part[], error: LogError): void {
    for (const { waiting } of round) {
      this.#waiting.shift();
      const partly = waiting.placed.length > 0;
      waiting.reject(partly ? new LogError('outcome-unknown', error.message, { cause: error }) : error);
    }
  }

  #refuseOverdue(): void {
    while (this.#waiting[0] && this.#waiting[0].sendBy < Date.now() && this.#waiting[0].placed.length === 0)
      this.#waiting
        .shift()!
        .reject(new LogError('log-unavailable', 'Kafka was too slow to be sent this; nothing of it was stored'));
  }

  async #send(records: readonly BatchRecord[]): Promise<Produced> {
    const deadline = Date.now() + this.#cluster.settings.deadlineMs;
    const tries = new Tries(this.#cluster, this.#partition, deadline);
    for (const pause of pauses()) {
      try {
        const producer = await this.#named();
        const produced = await tries.send(() =>
          writeBatch(records, { ...producer, first: this.#nextSequence }, Date.now()),
        );
        this.#nextSequence += records.length;
        return produced;
      } catch (error) {
        const renamed = isLostNumber(error) && tries.leftNothing;
        if (renamed) tries.begin();
        if (renamed || !isTransient(error)) this.#producer = null;
        if (Date.now() + pause > deadline || (!renamed && !isTransient(error))) {
          this.#producer = null;
          throw failureOf(error, tries.leftNothing);
        }
      }
      await delay(pause);
    }
    throw new Error('pauses never end');
  }

  async #named(): Promise<Producer> {
    if (this.#producer && this.#nextSequence < MAX_SEQUENCE) return this.#producer;
    this.#producer = await this.#cluster.askAny(newProducer());
    this.#nextSequence = 0;
    return this.#producer;
  }
}

/** Sends one batch until it is answered, and remembers whether it can be stored without that. */
class Tries {
  leftNothing = true;
  #batch: Buffer | null = null;
  readonly #cluster: Cluster;
  readonly #partition: Partition;
  readonly #deadline: number;

  constructor(cluster: Cluster, partition: Partition, deadline: number) {
    this.#cluster = cluster;
    this.#partition = partition;
    this.#deadline = deadline;
  }

  /** The batch is made at the first try only: a repeat must be the same. */
  async send(make: () => Buffer): Promise<Produced> {
    const leader = await this.#cluster.leaderOf(this.#partition);
    this.#batch ??= make();
    const timeoutMs = Math.max(1, Math.min(this.#cluster.settings.answerMs, this.#deadline - Date.now()));
    const request = produce(this.#partition, this.#batch, timeoutMs);
    try {
      return await this.#cluster.askThisLeader(leader, this.#partition, request, timeoutMs);
    } catch (error) {
      if (!leavesNothing(error)) this.leftNothing = false;
      throw error;
    }
  }

  /** The batch will be made anew, under another number. */
  begin(): void {
    this.#batch = null;
  }
}
