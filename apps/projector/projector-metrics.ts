/** What a projector writes, how far it is behind its log, and what it had to reject: with an alarm where no api would have sent it. */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { RejectionCode } from '#domain';
import type { Changes, Elections, Workers } from '#projection';
import type { AttemptDoc } from '#read-model';
import { AttemptMetrics, HttpMetrics } from '../api/index.ts';

/** What the projector's modules work with. */
export interface ProjectorParts {
  readonly elections: Elections;
  readonly workers: Workers;
  /** Faults that are being waited out, by `election/shard` or what else is affected. */
  readonly faults: ReadonlyMap<string, Error>;
  readonly dropped: () => number;
  readonly log: Logger;
}

export const PROJECTOR = Symbol('PROJECTOR');

/** An api refuses such things before they reach the log: another program has written to the topic. */
const FOREIGN: ReadonlySet<RejectionCode> = new Set([
  'unreadable',
  'other-definition',
  'wrong-shard',
  'bad-structure',
] as const);

@Injectable()
export class ProjectorMetrics {
  readonly #log: Logger;
  readonly #attempts: AttemptMetrics;
  readonly #foreign: Counter<'election' | 'shard'>;
  readonly #batches: Histogram<'election'>;

  constructor(@Inject(PROJECTOR) parts: ProjectorParts, @Inject(HttpMetrics) { registry }: HttpMetrics) {
    this.#log = parts.log;
    const registers = [registry];
    this.#attempts = new AttemptMetrics(registry);
    this.#foreign = new Counter({
      name: 'tally_foreign_records_total',
      help: 'Records of the log that no api can have written: alarm on any',
      labelNames: ['election', 'shard'],
      registers,
    });
    this.#batches = new Histogram({
      name: 'tally_batch_records',
      help: 'Records a batch',
      labelNames: ['election'],
      buckets: [1, 10, 100, 500, 1_000, 2_000],
      registers,
    });
    gauges(parts, registers);
  }

  /** Counts a batch of a current version, and logs what became of each event. */
  count({ election, shard, attempts }: Changes): void {
    this.#batches.observe({ election }, attempts.length);
    for (const attempt of attempts) {
      this.#attempts.count(election, attempt);
      if (attempt.rejection) this.#reject(election, shard, attempt, attempt.rejection);
      else this.#log.debug({ election, shard, offset: attempt.offset, event: attempt.id }, 'folded');
    }
  }

  #reject(election: string, shard: number, attempt: AttemptDoc, reason: RejectionCode): void {
    const { offset, id, detail } = attempt;
    const entry = { election, shard, offset, event: id, reason, detail };
    if (FOREIGN.has(reason)) {
      this.#foreign.inc({ election, shard: String(shard) });
      this.#log.error(entry, 'a record that no api can have written: rejected, and the shard goes on');
    } else this.#log.info(entry, 'rejected');
  }
}

function gauges({ elections, workers, faults, dropped }: ProjectorParts, registers: HttpMetrics['registry'][]): void {
  new Gauge({
    name: 'tally_projection_lag_events',
    help: 'Records of the log that this worker has not folded yet',
    labelNames: ['election', 'version', 'shard'],
    registers,
    async collect() {
      this.reset();
      for (const { election, version, shard, position } of workers.states) {
        const served = await elections.find(election);
        if (!served) continue;
        const behind = Math.max(0, (await served.log.end(shard)) - position);
        this.set({ election, version: String(version), shard: String(shard) }, behind);
      }
    },
  });
  new Gauge({
    name: 'tally_slots',
    help: 'Slots of shards that this process holds',
    registers,
    collect() {
      this.set(workers.slots);
    },
  });
  new Gauge({
    name: 'tally_faults',
    help: 'Faults that are being waited out',
    registers,
    collect() {
      this.set(faults.size);
    },
  });
  new Gauge({
    name: 'tally_feed_dropped',
    help: 'Messages of the changes feed that were left out since the start',
    registers,
    collect() {
      this.set(dropped());
    },
  });
}
