/** How many watch, and how many could not keep up. */
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { HttpMetrics } from '../api/index.ts';

@Injectable()
export class GatewayMetrics {
  readonly #slow: Counter;
  readonly #cut: Counter;
  #sockets: () => number = () => 0;

  constructor(@Inject(HttpMetrics) { registry }: HttpMetrics) {
    const registers = [registry];
    const sockets = (): number => this.#sockets();
    new Gauge({
      name: 'tally_sockets',
      help: 'Connected clients of the live feed',
      registers,
      collect() {
        this.set(sockets());
      },
    });
    this.#slow = new Counter({
      name: 'tally_sockets_slow_total',
      help: 'Times a client got no messages until it had caught up',
      registers,
    });
    this.#cut = new Counter({
      name: 'tally_sockets_cut_total',
      help: 'Clients cut off: too slow for too long, or with a token that was revoked',
      registers,
    });
  }

  countSockets(count: () => number): void {
    this.#sockets = count;
  }

  slow(): void {
    this.#slow.inc();
  }

  cut(): void {
    this.#cut.inc();
  }
}
