/** A progress bar with rate and remaining time, on a terminal, for what takes longer than a second. */
import cliProgress from 'cli-progress';
import type { Io } from './io.ts';

const SHOWN_AFTER_MS = 1_000;

export interface ProgressTask {
  /** `done` of `total`, in whatever measures the way; `count`: what the rate is told of, default `done`. */
  readonly update: (done: number, total: number, count?: number) => void;
  readonly end: () => void;
}

const NO_TASK: ProgressTask = { update: () => undefined, end: () => undefined };

/** Starts a task; nothing is shown where nobody watches. `what`: what is counted, e.g. "lines". */
export function startProgress(io: Io, enabled: boolean, label: string, what: string): ProgressTask {
  return enabled && io.isTerminal ? new Bar(io, label, what) : NO_TASK;
}

class Bar implements ProgressTask {
  /** When the first update came. */
  #started: number | undefined;
  readonly #bar: cliProgress.SingleBar;
  #shown = false;

  constructor(io: Io, label: string, what: string) {
    const format = `${label} {bar} {percentage}% · {count} ${what} · {rate} ${what}/s · {eta_formatted} left`;
    this.#bar = new cliProgress.SingleBar(
      { stream: io.stderr as NodeJS.WriteStream, format, hideCursor: true, clearOnComplete: true, etaBuffer: 50 },
      cliProgress.Presets.shades_classic,
    );
  }

  readonly update = (done: number, total: number, count = done): void => {
    this.#started ??= performance.now();
    const elapsed = performance.now() - this.#started;
    if (!this.#shown && elapsed < SHOWN_AFTER_MS) return;
    const payload = { count, rate: Math.round((count * 1000) / elapsed) };
    if (!this.#shown) {
      this.#shown = true;
      this.#bar.start(total, done, payload);
    }
    this.#bar.setTotal(total);
    this.#bar.update(done, payload);
  };

  readonly end = (): void => {
    if (this.#shown) this.#bar.stop();
  };
}
