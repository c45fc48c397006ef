/** What became of attempts, counted: for every process that hears of them. */
import { Counter, type Registry } from 'prom-client';
import type { ElectionId } from '#domain';
import type { AttemptDoc } from '#read-model';

export class AttemptMetrics {
  readonly #attempts: Counter<'election' | 'outcome'>;
  readonly #rejections: Counter<'election' | 'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#attempts = new Counter({
      name: 'tally_attempts_total',
      help: 'Attempts folded',
      labelNames: ['election', 'outcome'],
      registers,
    });
    this.#rejections = new Counter({
      name: 'tally_rejections_total',
      help: 'Attempts rejected, by reason',
      labelNames: ['election', 'reason'],
      registers,
    });
  }

  count(election: ElectionId, { outcome, rejection }: AttemptDoc): void {
    this.#attempts.inc({ election, outcome });
    if (rejection) this.#rejections.inc({ election, reason: rejection });
  }
}
