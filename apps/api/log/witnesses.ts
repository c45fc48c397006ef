/** The witnesses that are asked to cosign the log: each by itself, so that none waits for another, and the log for none. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Counter } from 'prom-client';
import { HttpMetrics } from '../operation/http-metrics.ts';
import { SERVICES, type Services } from '../services.ts';
import { WitnessRounds } from './witness-rounds.ts';

@Injectable()
export class Witnesses implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #services: Services;
  readonly #asked: Counter<'election' | 'witness' | 'outcome'>;
  readonly #end = new AbortController();
  #running: Promise<void>[] = [];

  constructor(@Inject(SERVICES) services: Services, @Inject(HttpMetrics) { registry }: HttpMetrics) {
    this.#services = services;
    this.#asked = new Counter({
      name: 'tally_witness_answers_total',
      help: 'Checkpoints that a witness was asked to cosign: cosigned, or it was away, refuses, or answers what is wrong',
      labelNames: ['election', 'witness', 'outcome'],
      registers: [registry],
    });
  }

  onApplicationBootstrap(): void {
    const services = this.#services;
    this.#running = (services.witnesses ?? []).map((witness) => {
      const labels = { witness: witness.verifier.name };
      const onOutcome = (election: string, outcome: string): void =>
        void this.#asked.inc({ ...labels, election, outcome });
      return new WitnessRounds({ services, witness, onOutcome }).run(this.#end.signal);
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.#end.abort();
    await Promise.all(this.#running);
  }
}
