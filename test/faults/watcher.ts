/** Somebody who watches a town on whichever gateway answers, and notes where a figure or a position went back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LiveClient } from '../../apps/gateway/testing.ts';
import type { Place } from './arena.ts';
import { ROOT } from './town.ts';

const LOOK_MS = 100;
/** A watcher that hears nothing for so long asks anew. */
const SILENCE_MS = 3_000;

export class Watcher {
  readonly #urls: readonly string[];
  readonly #place: Place;
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;
  #held: readonly number[] = [];
  /** Sheets received, as last shown. */
  received = 0;
  /** What it saw that no watcher should see. */
  readonly complaints: string[] = [];
  /** How often it had to connect or ask anew. */
  begun = 0;

  constructor(urls: readonly string[], place: Place) {
    this.#urls = urls;
    this.#place = place;
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const client = await LiveClient.connect(this.#urls[this.begun++ % this.#urls.length]!).catch(() => null);
      if (client) await this.#follow(client).finally(() => client.close());
      await this.#pause();
    }
  }

  async #follow(client: LiveClient): Promise<void> {
    const position = this.#held.map((offset, shard) => `${shard}:${offset}`).join(',');
    const wish = { ...this.#place, unit: ROOT, track: 'provisional' as const };
    const snapshot = await client.watch({ ...wish, ...(position && { position }) }).catch(() => null);
    if (!snapshot || snapshot.error) return;
    let heard = -1;
    let since = Date.now();
    while (!this.#over.signal.aborted && client.socket.connected && client.refetched === 0) {
      this.#look(client);
      const now = client.messages.length + client.positions.length;
      if (now > heard) since = Date.now();
      else if (Date.now() - since > SILENCE_MS) return;
      heard = now;
      await this.#pause();
    }
  }

  #look(client: LiveClient): void {
    const { position } = client;
    if (this.#held.some((offset, shard) => offset > position[shard]!))
      this.complaints.push(`position went back from ${this.#held.join()} to ${position.join()}`);
    const received = client.rows.get(`${ROOT},${this.#place.contest},,progress.received`) ?? 0;
    if (received < this.received) this.complaints.push(`received went back from ${this.received} to ${received}`);
    this.#held = [...position];
    this.received = received;
  }

  #pause(): Promise<void> {
    return sleep(LOOK_MS, undefined, { signal: this.#over.signal }).catch(() => undefined);
  }
}
