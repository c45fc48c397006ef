/** A broadcast and shares within one process, which lose and delay what a test tells them to. */
import type { Broadcast, Message, Shares } from '#event-log';

export class MemoryBroadcast implements Broadcast {
  readonly #listeners = new Map<string, Set<(message: Message) => void>>();
  /** Whether a message gets lost. */
  loses: (message: Message) => boolean = () => false;

  async publish(election: string, messages: readonly Message[]): Promise<void> {
    await Promise.resolve();
    for (const message of messages) {
      if (this.loses(message)) continue;
      for (const hear of [...(this.#listeners.get(election) ?? [])]) hear(message);
    }
  }

  async listen(election: string, hear: (message: Message) => void): Promise<() => Promise<void>> {
    const listeners = this.#listeners.get(election) ?? new Set();
    this.#listeners.set(election, listeners.add(hear));
    return async () => {
      listeners.delete(hear);
    };
  }
}

type Hold = (slots: ReadonlySet<number>) => void;

/** Slots go round the members; `everyone`: each member holds all of them, as in the moment before one knows it lost them. */
export class MemoryShares implements Shares {
  readonly #members: Hold[] = [];
  readonly #everyone: boolean;
  #slots = 0;

  constructor({ everyone = false } = {}) {
    this.#everyone = everyone;
  }

  async join(slots: number, hold: Hold): Promise<() => Promise<void>> {
    this.#slots = slots;
    this.#members.push(hold);
    this.#share();
    return async () => {
      const place = this.#members.indexOf(hold);
      if (place < 0) return;
      this.#members.splice(place, 1);
      hold(new Set());
      this.#share();
    };
  }

  #share(): void {
    this.#members.forEach((hold, place) => {
      const all = Array.from({ length: this.#slots }, (_, slot) => slot);
      hold(new Set(this.#everyone ? all : all.filter((slot) => slot % this.#members.length === place)));
    });
  }
}
