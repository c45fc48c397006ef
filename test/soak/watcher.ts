/**
 * A dashboard that wants to stay: connects to any gateway, asks for the snapshot whenever it missed something or was cut
 * off, and notes when each position reached it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LiveClient } from '../../apps/gateway/testing.ts';

export interface WatcherParts {
  readonly election: string;
  readonly unit: string;
  readonly contest: string;
  /** One of the gateways, dead or alive. */
  readonly gateway: () => string;
}

/** When everything before a position had reached the watcher. */
interface Heard {
  readonly at: number;
  readonly position: readonly number[];
}

const AGAIN_MS = 200;
const LOOK_MS = 20;

export class Watcher {
  readonly unit: string;
  readonly heard: Heard[] = [];
  /** How often it began anew. */
  began = 0;
  readonly #parts: WatcherParts;
  readonly #running: Promise<void>;
  #client: LiveClient | null = null;
  #isOver = false;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
    this.unit = parts.unit;
    this.#running = this.#run();
  }

  /** What it shows now, by `unit,contest,track,key`. */
  get rows(): ReadonlyMap<string, number> {
    return this.#client?.rows ?? new Map();
  }

  get position(): readonly number[] {
    return this.#client?.position ?? [];
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#running;
    this.#client?.close();
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const client = await this.#begin();
      if (!client) {
        await delay(AGAIN_MS);
        continue;
      }
      this.#client?.close();
      this.#client = client;
      while (!this.#isOver && client.socket.connected && client.refetched === 0) {
        this.#note(client.position);
        await delay(LOOK_MS);
      }
    }
  }

  /** null where no gateway answers, or it can't serve now. */
  async #begin(): Promise<LiveClient | null> {
    const { election, unit, contest, gateway } = this.#parts;
    let client: LiveClient | null = null;
    try {
      client = await LiveClient.connect(gateway());
      const { error } = await client.watch({ election, unit, contest, track: 'provisional' });
      if (error) throw new Error(error.title);
      this.began += 1;
      return client;
    } catch {
      client?.close();
      return null;
    }
  }

  #note(position: readonly number[]): void {
    if (String(this.heard.at(-1)?.position) !== String(position)) this.heard.push({ at: Date.now(), position });
  }
}
