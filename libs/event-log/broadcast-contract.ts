/** What every adapter of the broadcast promises, as a suite: `broadcastContract('Kafka', makeHarness)`. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ElectionId } from '#domain';
import type { Broadcast, Message } from './port.ts';

export interface BroadcastHarness {
  /** A process's own access; several are open at a time. */
  open(): Promise<Broadcast>;
  /** Makes an election with so many shards. */
  makeElection(shards: number): Promise<ElectionId>;
  dispose(): Promise<void>;
}

const PATIENCE_MS = 20_000;

export function broadcastContract(name: string, makeHarness: () => Promise<BroadcastHarness>): void {
  describe(`broadcast: ${name}`, () => {
    let harness: BroadcastHarness;
    let election: ElectionId;
    let sender: Broadcast;
    let listener: Broadcast;
    beforeEach(async () => {
      harness = await makeHarness();
      election = await harness.makeElection(3);
      [sender, listener] = await Promise.all([harness.open(), harness.open()]);
    });
    afterEach(() => harness.dispose());

    it('is heard by everyone who listened before, within a shard in the order of sending', async () => {
      const ears = [new Ear(), new Ear(), new Ear()];
      await listener.listen(election, ears[0]!.hear);
      await listener.listen(election, ears[1]!.hear);
      await sender.listen(election, ears[2]!.hear);
      for (let i = 0; i < 30; i += 1)
        await sender.publish(election, [
          message(i % 3, `${i}a`),
          message(i % 3, `${i}b`),
          message((i + 1) % 3, `${i}c`),
        ]);
      for (const ear of ears) {
        await ear.heard(90);
        for (const shard of [0, 1, 2]) {
          const inOrder = Array.from({ length: 30 }, (_, i) => [
            ...(i % 3 === shard ? [`${i}a`, `${i}b`] : []),
            ...((i + 1) % 3 === shard ? [`${i}c`] : []),
          ]).flat();
          expect(ear.ofShard(shard)).toEqual(inOrder);
        }
      }
    });

    it('is not heard of before listening, nor after it has ended', async () => {
      await sender.publish(election, [message(0, 'before')]);
      const ear = new Ear();
      const end = await listener.listen(election, ear.hear);
      await sender.publish(election, [message(0, 'during')]);
      await ear.heard(1);
      await end();
      await end();
      const later = new Ear();
      await listener.listen(election, later.hear);
      await sender.publish(election, [message(0, 'after')]);
      await later.heard(1);
      expect(ear.ofShard(0)).toEqual(['during']);
      expect(later.ofShard(0)).toEqual(['after']);
    });

    it('is of one election', async () => {
      const other = await harness.makeElection(1);
      const [ear, otherEar] = [new Ear(), new Ear()];
      await listener.listen(election, ear.hear);
      await listener.listen(other, otherEar.hear);
      await sender.publish(election, [message(0, 'one')]);
      await sender.publish(other, [message(0, 'two')]);
      await Promise.all([ear.heard(1), otherEar.heard(1)]);
      expect([ear.ofShard(0), otherEar.ofShard(0)]).toEqual([['one'], ['two']]);
    });

    it('carries any bytes, none, and 900,000', async () => {
      const ear = new Ear();
      await listener.listen(election, ear.hear);
      const values = [Buffer.alloc(0), Buffer.from([0, 255, 128, 10]), Buffer.alloc(900_000, 'x')];
      await sender.publish(
        election,
        values.map((value) => ({ shard: 1, value })),
      );
      await ear.heard(3);
      expect(ear.messages.map(({ value }, i) => Buffer.from(value).equals(values[i]!))).toEqual([true, true, true]);
    });

    it('refuses a larger message and a shard there is not, and sends nothing then', async () => {
      const ear = new Ear();
      await listener.listen(election, ear.hear);
      const large = { shard: 0, value: Buffer.alloc(900_001) };
      await expect(sender.publish(election, [message(0, 'a'), large])).rejects.toMatchObject({
        code: 'record-too-large',
      });
      await expect(sender.publish(election, [message(0, 'b'), message(3, 'c')])).rejects.toMatchObject({
        code: 'unknown-shard',
      });
      await sender.publish(election, []);
      await sender.publish(election, [message(0, 'sent')]);
      await ear.heard(1);
      expect(ear.ofShard(0)).toEqual(['sent']);
    });

    it('is refused where there is no such election', async () => {
      const unknown = { code: 'unknown-log' };
      await expect(sender.publish('unheard-of', [message(0, 'a')])).rejects.toMatchObject(unknown);
      await expect(listener.listen('unheard-of', () => undefined)).rejects.toMatchObject(unknown);
    });
  });
}

/** Collects what is heard. */
class Ear {
  readonly messages: Message[] = [];
  #wake: () => void = () => undefined;

  readonly hear = (message: Message): void => {
    this.messages.push(message);
    this.#wake();
  };

  /** Resolves once so many messages were heard. */
  async heard(count: number): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (this.messages.length < count) {
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`heard ${this.messages.length} messages of ${count}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  ofShard(shard: number): string[] {
    return this.messages.filter((one) => one.shard === shard).map(({ value }) => Buffer.from(value).toString('utf8'));
  }
}

function message(shard: number, text: string): Message {
  return { shard, value: Buffer.from(text) };
}
