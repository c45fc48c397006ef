/** How far the projection is behind the log, as an api tells it in its metrics. */

export class Lag {
  readonly events: number[] = [];
  readonly seconds: number[] = [];
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Nothing is noted where the api can't tell. */
  async look(): Promise<void> {
    const text = await fetch(this.#url, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.text(),
      () => '',
    );
    note(text, 'tally_projection_lag_events', this.events);
    note(text, 'tally_projection_lag_seconds', this.seconds);
  }
}

function note(text: string, metric: string, values: number[]): void {
  const found = [...text.matchAll(new RegExp(`^${metric}\\{[^}]*\\} (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
  if (found.length > 0) values.push(Math.max(...found));
}
