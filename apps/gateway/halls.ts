/** All elections that somebody watches, fed by the projection; totals are read into memory when first asked for. */
import type { Changes, Projection } from '#projection';
import { ProblemError } from '../api/http/problems.ts';
import type { Services } from '../api/services.ts';
import { ElectionHall, type HallOutput } from './election-hall.ts';
import { HallFreeze } from './hall-freeze.ts';
import { LiveTotals } from './live-totals.ts';

interface Loading {
  readonly hall: Promise<ElectionHall>;
  /** Batches published while the totals are read. */
  readonly buffer: Changes[];
}

export class Halls {
  readonly #services: Services;
  readonly #output: HallOutput;
  readonly #ready = new Map<string, ElectionHall>();
  readonly #loading = new Map<string, Loading>();
  readonly #unsubscribe: () => void;

  constructor(services: Services, output: HallOutput, onChanges: (changes: Changes) => void) {
    this.#services = services;
    this.#output = output;
    this.#unsubscribe = services.projection.subscribe((changes) => {
      this.#ready.get(changes.election)?.take(changes);
      this.#loading.get(changes.election)?.buffer.push(changes);
      onChanges(changes);
    });
  }

  get all(): Iterable<ElectionHall> {
    return this.#ready.values();
  }

  get projection(): Projection {
    return this.#services.projection;
  }

  ready(election: string): ElectionHall | undefined {
    return this.#ready.get(election);
  }

  /** Throws a problem where there is no such election. */
  async of(election: string): Promise<ElectionHall> {
    const ready = this.#ready.get(election);
    if (ready) return ready;
    const known = this.#loading.get(election);
    if (known) return known.hall;
    const buffer: Changes[] = [];
    const hall = this.#load(election, buffer);
    this.#loading.set(election, { hall, buffer });
    try {
      return await hall;
    } finally {
      this.#loading.delete(election);
    }
  }

  async #load(election: string, buffer: Changes[]): Promise<ElectionHall> {
    const served = await this.#services.elections.find(election);
    const model = served && (await this.projection.model(election));
    if (!served || !model) throw new ProblemError('unknown-election', `There is no election "${election}".`);
    const live = await LiveTotals.load(served, model);
    const freeze = new HallFreeze(this.#services, served);
    const hall = new ElectionHall(live, freeze, () => this.projection.model(election), this.#output);
    await hall.look();
    this.#loading.delete(election);
    this.#ready.set(election, hall);
    for (const changes of buffer) hall.take(changes);
    return hall;
  }

  close(): void {
    this.#unsubscribe();
    for (const hall of this.#ready.values()) hall.close();
  }
}
