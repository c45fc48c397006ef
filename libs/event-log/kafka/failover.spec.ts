/** The log on three brokers, of which one or two fail. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { KafkaCluster } from '../../../test/services/kafka.ts';
import type { EventLog, EventLogs, NewRecord } from '../port.ts';
import { openKafkaLogs } from './index.ts';

let kafka: KafkaCluster;
let logs: EventLogs;
let log: EventLog;
beforeAll(async () => {
  kafka = await KafkaCluster.start({ brokers: 3 });
  logs = openKafkaLogs({ brokers: kafka.addresses, deadlineMs: 30_000, answerMs: 2_000, connectMs: 1_000 });
  log = await logs.create('demo', 3);
}, 120_000);
afterAll(async () => {
  await logs.close();
  await kafka.stop();
});
afterEach(async () => {
  await Promise.all(kafka.brokers.map((broker) => broker.pid === undefined && broker.start()));
  await kafka.ready();
});

describe('the log on three brokers', () => {
  it('goes on while each of them in turn is killed or stopped under load, and loses and doubles nothing', async () => {
    const before = await Promise.all([0, 1, 2].map((shard) => log.end(shard)));
    const acknowledged = [0, 1, 2].map(() => new Map<number, string>());
    let running = true;
    const callers = Array.from({ length: 6 }, async (_, caller) => {
      for (let i = 0; running; i += 1) {
        const shard = (caller + i) % 3;
        const [placed] = await log.append([record(shard, `${caller}/${i}`)]);
        acknowledged[shard]!.set(placed!.offset, `${caller}/${i}`);
      }
    });
    for (const [i, broker] of kafka.brokers.entries()) {
      const soFar = stored(acknowledged);
      if (i === 1) await broker.stop();
      else await broker.kill();
      await grown(acknowledged, soFar + 300);
      await broker.start();
      await kafka.ready();
    }
    running = false;
    await Promise.all(callers);
    for (const shard of [0, 1, 2]) {
      const all = await readAll(shard, before[shard]!);
      expect(all).toHaveLength(acknowledged[shard]!.size);
      for (const [offset, content] of acknowledged[shard]!) expect(all[offset - before[shard]!]).toBe(content);
    }
  }, 180_000);

  it('says that nothing is stored while two are away, and goes on when one is back', async () => {
    const ends = await Promise.all([0, 1, 2].map((shard) => log.end(shard)));
    await log.append([record(0, 'before')]);
    await Promise.all([kafka.brokers[0]!.kill(), kafka.brokers[1]!.kill()]);
    const impatient = openKafkaLogs({ brokers: kafka.addresses, deadlineMs: 2_000, answerMs: 500, connectMs: 500 });
    const refused = await (await openedWithout(impatient)).append([record(0, 'too few')]).catch((error) => error);
    expect(['log-unavailable', 'outcome-unknown']).toContain(refused.code);
    const waiting = log.append([record(0, 'waits')]);
    await kafka.brokers[0]!.start();
    const [placed] = await waiting;
    await impatient.close();
    const all = await readAll(0, ends[0]!);
    expect(all[placed!.offset - ends[0]!]).toBe('waits');
    expect(all.filter((content) => content === 'before')).toHaveLength(1);
    if (refused.code === 'log-unavailable') expect(all).not.toContain('too few');
  }, 180_000);
});

/** The log may be too short of brokers to be looked at; then that is the refusal. */
async function openedWithout(impatient: EventLogs): Promise<Pick<EventLog, 'append'>> {
  try {
    return (await impatient.find('demo'))!;
  } catch (error) {
    return { append: () => Promise.reject(error) };
  }
}

function record(shard: number, content: string): NewRecord {
  return { shard, key: 'K', value: Buffer.from(content) };
}

function stored(acknowledged: readonly Map<number, string>[]): number {
  return acknowledged.reduce((sum, { size }) => sum + size, 0);
}

async function grown(acknowledged: readonly Map<number, string>[], least: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (stored(acknowledged) < least) {
    if (Date.now() > deadline) throw new Error(`${stored(acknowledged)} records are stored, not ${least}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function readAll(shard: number, from: number): Promise<string[]> {
  const all: string[] = [];
  while (from + all.length < (await log.end(shard)))
    all.push(...(await log.read(shard, from + all.length)).map(({ value }) => Buffer.from(value).toString('utf8')));
  return all;
}
