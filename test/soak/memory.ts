/** Resident memory of processes over time, and how fast it grows: the slope of the straight line that fits best. */
import { readFileSync } from 'node:fs';

export interface Point {
  readonly hours: number;
  readonly megabytes: number;
}

/** Resident megabytes of a process; NaN where it is gone. Linux. */
export function residentMegabytes(pid: number): number {
  try {
    const pages = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(pages) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Megabytes an hour, by least squares; NaN of fewer than two moments. */
export function slopeOf(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number): number => points.reduce((sum, one) => sum + of(one), 0) / points.length;
  const hours = mean((point) => point.hours);
  const megabytes = mean((point) => point.megabytes);
  const spread = points.reduce((sum, point) => sum + (point.hours - hours) ** 2, 0);
  const together = points.reduce((sum, point) => sum + (point.hours - hours) * (point.megabytes - megabytes), 0);
  return together / spread;
}

export interface Slope {
  /** Megabytes an hour. */
  readonly perHour: number;
  /** Megabytes. */
  readonly last: number;
  /** Over how long it was followed. */
  readonly hours: number;
}

/** Notes the memory of processes that are there from the beginning to the end. */
export class MemoryWatch {
  readonly #pids: ReadonlyMap<string, number>;
  readonly #points = new Map<string, Point[]>();
  readonly #began = Date.now();

  constructor(pids: ReadonlyMap<string, number>) {
    this.#pids = pids;
  }

  look(): void {
    for (const [name, pid] of this.#pids) {
      const megabytes = residentMegabytes(pid);
      const points = this.#points.get(name) ?? [];
      this.#points.set(name, points);
      if (Number.isFinite(megabytes)) points.push({ hours: (Date.now() - this.#began) / 3_600_000, megabytes });
    }
  }

  /** By process: of the later part of the run, when it has warmed up. */
  slopes(from: number): Map<string, Slope> {
    return new Map(
      [...this.#points].map(([name, points]) => {
        const later = points.slice(Math.floor(points.length * from));
        const hours = (later.at(-1)?.hours ?? 0) - (later[0]?.hours ?? 0);
        return [name, { perHour: slopeOf(later), last: later.at(-1)?.megabytes ?? Number.NaN, hours }];
      }),
    );
  }
}
