/**
 * Tells the changes feed what this process's workers have written: batches in their order, and positions. A feed that
 * can't keep up, or can't be reached, holds no worker up: batches are left out then, and the next position says so.
 */
import type { ElectionId } from '#domain';
import type { Broadcast, Message } from '#event-log';
import type { Changes } from '../shard-worker.ts';
import { encodeChanges, encodePointer, encodePosition, type Reached } from './messages.ts';

export interface TellerOptions {
  /** Told that messages could not be sent, and of recovery (null). */
  readonly onFault?: (election: ElectionId, error: Error | null) => void;
}

/** More bytes than this waiting to be sent are too many. */
const MOST_WAITING_BYTES = 32_000_000;
/** At most so many bytes are sent at once. */
const ROUND_BYTES = 2_000_000;

interface Queue {
  waiting: Message[];
  bytes: number;
  isSending: boolean;
  isFaulty: boolean;
}

export class Teller {
  readonly #broadcast: Broadcast;
  readonly #options: TellerOptions;
  readonly #queues = new Map<ElectionId, Queue>();
  /** Messages left out since the start. */
  dropped = 0;

  constructor(broadcast: Broadcast, options: TellerOptions = {}) {
    this.#broadcast = broadcast;
    this.#options = options;
  }

  batch(changes: Changes): void {
    this.#put(
      changes.election,
      encodeChanges(changes).map((value) => ({ shard: changes.shard, value })),
    );
  }

  position(election: ElectionId, reached: Reached): void {
    this.#put(election, [{ shard: reached.shard, value: encodePosition(reached) }]);
  }

  pointer(election: ElectionId): void {
    this.#put(election, [{ shard: 0, value: encodePointer() }]);
  }

  #put(election: ElectionId, messages: readonly Message[]): void {
    const queue = this.#queues.get(election) ?? { waiting: [], bytes: 0, isSending: false, isFaulty: false };
    this.#queues.set(election, queue);
    const bytes = bytesOf(messages);
    if (queue.bytes + bytes > MOST_WAITING_BYTES) {
      this.dropped += messages.length;
      return;
    }
    queue.waiting.push(...messages);
    queue.bytes += bytes;
    if (!queue.isSending) void this.#send(election, queue);
  }

  async #send(election: ElectionId, queue: Queue): Promise<void> {
    queue.isSending = true;
    while (queue.waiting.length > 0) {
      const round = takeRound(queue);
      try {
        await this.#broadcast.publish(election, round);
        if (queue.isFaulty) this.#options.onFault?.(election, null);
        queue.isFaulty = false;
      } catch (error) {
        this.dropped += round.length;
        queue.isFaulty = true;
        this.#options.onFault?.(election, error instanceof Error ? error : new Error(String(error)));
      }
    }
    queue.isSending = false;
  }
}

function takeRound(queue: Queue): Message[] {
  let count = 0;
  let bytes = 0;
  while (count < queue.waiting.length && (count === 0 || bytes + queue.waiting[count]!.value.length <= ROUND_BYTES)) {
    bytes += queue.waiting[count]!.value.length;
    count += 1;
  }
  queue.bytes -= bytes;
  return queue.waiting.splice(0, count);
}

function bytesOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { value }) => sum + value.length, 0);
}
