/** How many watch, and how many could not keep up. */
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { HttpMetrics } from '../api/index.ts';

/**
 * `address`: too many of one; `silent`: said nothing, or answered no ping; `malformed`: too large, or no message at all;
 * `flood`: said too much.
 */
const REASONS = ['address', 'silent', 'malformed', 'flood'] as const;
export type Reason = (typeof REASONS)[number];

@Injectable()
export class GatewayMetrics {
  readonly #slow: Counter;
  readonly #cut: Counter;
  readonly #turnedAway: Counter<'reason'>;
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
    this.#turnedAway = new Counter({
      name: 'tally_sockets_turned_away_total',
      help: 'Connections of the live feed that were refused or ended for what they did',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of REASONS) this.#turnedAway.inc({ reason }, 0);
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

  turnAway(reason: Reason): void {
    this.#turnedAway.inc({ reason });
  }
}
