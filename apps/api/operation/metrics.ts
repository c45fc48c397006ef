/** What came in and was rejected, how far behind the read model is, how old the newest figure is. */
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { ElectionId } from '#domain';
import type { Changes } from '#projection';
import { SERVICES, type Services } from '../services.ts';
import { AttemptMetrics } from './attempt-metrics.ts';
import { HttpMetrics } from './http-metrics.ts';
import { lagOf } from './lag.ts';

@Injectable()
export class Metrics implements OnModuleDestroy {
  readonly #services: Services;
  readonly #unsubscribe: () => void;
  readonly #attempts: AttemptMetrics;
  /** Log time of the newest record that was heard of, milliseconds. */
  readonly #newest = new Map<ElectionId, number>();

  constructor(@Inject(SERVICES) services: Services, @Inject(HttpMetrics) { registry }: HttpMetrics) {
    this.#services = services;
    const registers = [registry];
    this.#attempts = new AttemptMetrics(registry);
    this.#lagGauges(registers);
    this.#ageGauge(registers);
    this.#unsubscribe = services.projection.subscribe((changes) => this.#count(changes));
  }

  #lagGauges(registers: HttpMetrics['registry'][]): void {
    const eachShard = (set: (labels: { election: string; shard: string }, events: number) => void): Promise<void> =>
      this.#lag(set);
    new Gauge({
      name: 'tally_projection_lag_events',
      help: 'Records of the log that are not folded yet',
      labelNames: ['election', 'shard'],
      registers,
      async collect() {
        await eachShard((labels, events) => this.set(labels, events));
      },
    });
    const eachElection = (set: (election: string, seconds: number) => void): Promise<void> => this.#lagSeconds(set);
    new Gauge({
      name: 'tally_projection_lag_seconds',
      help: 'Age of the oldest record that is not folded yet',
      labelNames: ['election'],
      registers,
      async collect() {
        await eachElection((election, seconds) => this.set({ election }, seconds));
      },
    });
  }

  #ageGauge(registers: HttpMetrics['registry'][]): void {
    const newest = this.#newest;
    new Gauge({
      name: 'tally_newest_figure_age_seconds',
      help: 'Time since the newest record that this process has heard of was logged',
      labelNames: ['election'],
      registers,
      collect() {
        for (const [election, at] of newest) this.set({ election }, Math.max(0, Date.now() - at) / 1_000);
      },
    });
  }

  async #lag(set: (labels: { election: string; shard: string }, events: number) => void): Promise<void> {
    for (const { election, log } of await this.#services.elections.list()) {
      const position = this.#services.projection.position(election.definition.id);
      for (let shard = 0; shard < log.shards; shard += 1)
        set(
          { election: election.definition.id, shard: String(shard) },
          Math.max(0, (await log.end(shard)) - (position[shard] ?? 0)),
        );
    }
  }

  async #lagSeconds(set: (election: string, seconds: number) => void): Promise<void> {
    for (const served of await this.#services.elections.list()) {
      const { id } = served.election.definition;
      set(id, (await lagOf(served, this.#services.projection.position(id))).ms / 1_000);
    }
  }

  #count({ election, attempts, asOf }: Changes): void {
    this.#newest.set(election, Math.max(asOf, this.#newest.get(election) ?? 0));
    for (const attempt of attempts) this.#attempts.count(election, attempt);
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
  }
}
