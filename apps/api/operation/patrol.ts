/**
 * The patrol: goes from unit to unit, always, and checks that what the read model says of each follows from what lies
 * below it and from the log. It takes a small share of one process, and tells what it finds with the place.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import type { ElectionId } from '#domain';
import { checkUnit, type Mismatch, type ServedElection } from '#projection';
import { Desk } from '../http/desk.ts';
import { HttpMetrics } from './http-metrics.ts';
import { ToldOnce } from './told-once.ts';

/** It rests for so many times as long as a check took, … */
const RESTS = 50;
/** … and at least so long, milliseconds. */
const LEAST_MS = 100;

/** Told where something does not follow. */
export class PatrolError extends Error {
  override readonly name = 'PatrolError';
  readonly election: ElectionId;
  readonly mismatch: Mismatch;
  constructor(election: ElectionId, mismatch: Mismatch) {
    const { unit, contest, what, at } = mismatch;
    const why = {
      totals: 'the totals are not the sums of those below',
      sheet: 'the sheet is not what its attempts give',
      attempt: `the attempt ${at} is not what the log has there`,
    }[what];
    super(
      `${election}, ${contest} at ${unit}: ${why}. The read model was changed or lost something: tally replay --switch`,
    );
    this.election = election;
    this.mismatch = mismatch;
  }
}

@Injectable()
export class Patrol implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #desk: Desk;
  readonly #checked: Counter<'election'>;
  /** Where each election's next check is, and what was found in its last whole tour and in this one. */
  readonly #tours = new Map<ElectionId, { next: number; before: number; found: number }>();
  readonly #told: ToldOnce;
  #timer: NodeJS.Timeout | null = null;
  #walking: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(@Inject(Desk) desk: Desk, @Inject(HttpMetrics) { registry }: HttpMetrics) {
    this.#desk = desk;
    this.#told = new ToldOnce(desk.services.report);
    const registers = [registry];
    const tours = this.#tours;
    this.#checked = new Counter({
      name: 'tally_patrol_units_total',
      help: 'Units whose figures were checked against what lies below them',
      labelNames: ['election'],
      registers,
    });
    new Gauge({
      name: 'tally_patrol_mismatches',
      help: 'Figures that do not follow from what lies below them or from the log, on the last tour',
      labelNames: ['election'],
      registers,
      collect() {
        for (const [election, { before, found }] of tours) this.set({ election }, Math.max(before, found));
      },
    });
  }

  onApplicationBootstrap(): void {
    this.#rest(LEAST_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.#isOver = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#walking;
  }

  #rest(ms: number): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#walking = this.#walk();
    }, ms).unref();
  }

  async #walk(): Promise<void> {
    const begun = performance.now();
    try {
      for (const served of await this.#desk.services.elections.list()) await this.#checkNext(served);
      this.#told.over();
    } catch (error) {
      // The tour goes on where it was.
      this.#told.fault(error);
    }
    this.#rest(Math.max(LEAST_MS, RESTS * (performance.now() - begun)));
  }

  async #checkNext(served: ServedElection): Promise<void> {
    const { election } = served;
    const { id } = election.definition;
    if (!(await this.#desk.services.projection.model(id))) return;
    const tour = this.#tours.get(id) ?? { next: 0, before: 0, found: 0 };
    this.#tours.set(id, tour);
    const mismatches = await this.#desk.reading(served, (view) => checkUnit(view, election.units[tour.next]!));
    this.#checked.inc({ election: id });
    for (const mismatch of mismatches) this.#desk.services.report?.(new PatrolError(id, mismatch));
    tour.found += mismatches.length;
    tour.next += 1;
    if (tour.next < election.units.length) return;
    Object.assign(tour, { next: 0, before: tour.found, found: 0 });
  }
}
