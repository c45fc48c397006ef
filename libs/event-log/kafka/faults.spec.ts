/** The log in Kafka while connections break: a proxy stands between the adapter and a real broker. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KafkaCluster } from '../../../test/services/kafka.ts';
import { TcpProxy } from '../../../test/services/tcp-proxy.ts';
import type { EventLog, EventLogs, NewRecord } from '../port.ts';
import { openKafkaLogs } from './index.ts';

let proxy: TcpProxy;
let kafka: KafkaCluster;
beforeAll(async () => {
  proxy = await TcpProxy.start();
  kafka = await KafkaCluster.start({ advertise: () => proxy.port });
  proxy.leadTo(kafka.brokers[0]!.ports.client);
});
afterAll(async () => {
  await kafka.stop();
  await proxy.stop();
});

/** A machine may be busy: what is to succeed has time, what is to fail need not wait. */
const PATIENT = { deadlineMs: 60_000, answerMs: 2_000, connectMs: 2_000, replication: 1 };
const QUICK = { deadlineMs: 2_000, answerMs: 500, connectMs: 500, replication: 1 };
let election: string;
let logs: EventLogs;
let log: EventLog;

beforeEach(async () => {
  election = `faults-${randomUUID().slice(0, 8)}`;
  logs = openKafkaLogs({ brokers: [proxy.address], ...PATIENT });
  log = await logs.create(election, 2);
});
afterEach(async () => {
  proxy.watch = null;
  proxy.pass();
  await logs.close();
});

/** Does something with a log of its own that soon gives up. */
async function quickly(use: (log: EventLog) => Promise<void>): Promise<void> {
  const own = openKafkaLogs({ brokers: [proxy.address], ...QUICK });
  await use((await own.find(election))!);
  await own.close();
}

async function stored(shard = 0): Promise<string[]> {
  proxy.watch = null;
  proxy.pass();
  return texts(await log.read(shard, 0, { maxRecords: 100_000 }));
}

describe('an append', () => {
  it('whose answer is lost is stored once, and told its right place', async () => {
    for (let i = 0; i < 20; i += 1) {
      await log.append([record(`before ${i}`)]);
      onNextAnswer(() => proxy.cut());
      const [placed] = await log.append([record(`lost ${i}`)]);
      expect(placed!.offset).toBe(2 * i + 1);
    }
    expect(await stored()).toEqual(Array.from({ length: 20 }, (_, i) => [`before ${i}`, `lost ${i}`]).flat());
  });

  it('loses and doubles nothing while connections are reset again and again', async () => {
    let resets = 0;
    const resetting = setInterval(() => {
      resets += 1;
      proxy.reset();
    }, 40);
    const acknowledged: string[] = [];
    const places = new Map<number, string>();
    const callers = Array.from({ length: 8 }, async (_, caller) => {
      for (let i = 0; i < 60; i += 1) {
        const [placed] = await log.append([record(`${caller}/${i}`)]);
        acknowledged.push(`${caller}/${i}`);
        places.set(placed!.offset, `${caller}/${i}`);
      }
    });
    await Promise.all(callers).finally(() => clearInterval(resetting));
    const all = await stored();
    expect(resets).toBeGreaterThan(3);
    expect([...all].sort()).toEqual([...acknowledged].sort());
    for (const [offset, content] of places) expect(all[offset]).toBe(content);
  });

  it('that is not confirmed by the deadline is of unknown outcome; the next ones are stored', async () => {
    await log.append([record('first')]);
    await quickly(async (quick) => {
      await quick.append([record('second')]);
      proxy.lose('to client');
      await expect(quick.append([record('unconfirmed')])).rejects.toMatchObject({ code: 'outcome-unknown' });
    });
    proxy.pass();
    proxy.cut();
    const [placed] = await log.append([record('next')]);
    const all = await stored();
    expect(all).toEqual(['first', 'second', 'unconfirmed', 'next']);
    expect(all[placed!.offset]).toBe('next');
  });

  it('is unavailable, with nothing stored, where no connection is had', async () => {
    await log.append([record('first')]);
    await quickly(async (quick) => {
      await quick.end(0);
      proxy.refuse();
      // By then the connections that were reset are known to be.
      await expect(quick.end(0)).rejects.toMatchObject({ code: 'log-unavailable' });
      await expect(quick.append([record('refused')])).rejects.toMatchObject({ code: 'log-unavailable' });
    });
    proxy.pass();
    await log.append([record('next')]);
    expect(await stored()).toEqual(['first', 'next']);
  });

  it('goes on over a held and a slow connection', async () => {
    proxy.hold();
    const held = log.append([record('held')]);
    proxy.pass();
    await held;
    proxy.slow(20_000);
    await log.append(Array.from({ length: 10 }, (_, i) => record(`slow ${i}`)));
    expect(await stored()).toEqual(['held', ...Array.from({ length: 10 }, (_, i) => `slow ${i}`)]);
  });
});

describe('a waiting read', () => {
  it('survives cuts and a restart of the broker', async () => {
    const waiting = log.read(1, 0, { waitMs: 60_000 });
    proxy.cut();
    proxy.reset();
    await kafka.brokers[0]!.kill();
    await kafka.brokers[0]!.start();
    await kafka.ready();
    const patient = openKafkaLogs({ brokers: [proxy.address], replication: 1, deadlineMs: 20_000 });
    await (await patient.find(election))!.append([record('after it', 1)]);
    await patient.close();
    expect(await settled(waiting, () => log.read(1, 0, { waitMs: 60_000 }))).toEqual(['after it']);
  });
});

/** A read that ran into its deadline while the broker was away is asked again, as any caller does. */
async function settled(waiting: ReturnType<EventLog['read']>, again: () => ReturnType<EventLog['read']>) {
  try {
    return texts(await waiting);
  } catch (error) {
    expect(error).toMatchObject({ code: 'log-unavailable' });
    return texts(await again());
  }
}

/** Runs when the broker has answered and the answer has not reached the client. */
function onNextAnswer(run: () => void): void {
  proxy.watch = (direction) => {
    if (direction !== 'to client') return;
    proxy.watch = null;
    run();
  };
}

function record(content: string, shard = 0): NewRecord {
  return { shard, key: 'K', value: Buffer.from(content) };
}

function texts(records: readonly { value: Uint8Array }[]): string[] {
  return records.map(({ value }) => Buffer.from(value).toString('utf8'));
}
