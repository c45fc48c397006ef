import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Admin, CompressionTypes, ConfigResourceTypes, Kafka, logLevel, type Message } from 'kafkajs';
import { until } from '../../../test/kit/models.ts';
import { type TestKafka, testKafka } from '../../../test/services/kafka.ts';
import { eventLogContract } from '../contract.ts';
import type { EventLog, EventLogs, NewRecord } from '../port.ts';
import { openKafkaLogs } from './index.ts';

let kafka: TestKafka;
/** Another program on the same cluster. */
let foreign: Kafka;
let admin: Admin;
beforeAll(async () => {
  kafka = await testKafka();
  foreign = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING });
  admin = foreign.admin();
  await admin.connect();
});
afterAll(async () => {
  await admin.disconnect();
  await kafka.stop();
});

const newNamespace = () => `test-${randomUUID().slice(0, 8)}`;

eventLogContract(
  'Kafka',
  async () => {
    const namespace = newNamespace();
    return {
      open: async () => openKafkaLogs({ brokers: kafka.brokers, namespace, replication: 1 }),
      dispose: async () => undefined,
    };
  },
  { clocked: false },
);

describe('the log in Kafka', () => {
  let namespace: string;
  let topic: string;
  let logs: EventLogs;
  beforeEach(() => {
    namespace = newNamespace();
    topic = `${namespace}.demo.log`;
    logs = openKafkaLogs({ brokers: kafka.brokers, namespace, replication: 1 });
  });
  afterEach(() => logs.close());

  it('keeps a large append whole and in order, also beside others', async () => {
    const log = await logs.create('demo', 1);
    const large = Array.from({ length: 5_000 }, (_, i) => record(`large ${i}`.padEnd(600)));
    const [placed] = await Promise.all([
      log.append(large),
      ...Array.from({ length: 50 }, (_, i) => log.append([record(`small ${i}`)])),
    ]);
    expect(placed.map(({ offset }) => offset)).toEqual(placed.map((_, i) => placed[0]!.offset + i));
    const all = await readAll(log);
    expect(placed.map(({ offset }) => all[offset]!.trim())).toEqual(large.map((_, i) => `large ${i}`));
    expect(all).toHaveLength(5_050);
  });

  it('takes a record at the limit of a round beside many others', async () => {
    const log = await logs.create('demo', 1);
    const records = Array.from({ length: 64 }, (_, i) => ({ ...record(''), value: Buffer.alloc(65_535, i) }));
    await log.append(records);
    const first = await log.read(0, 0, { maxBytes: 10 * 65_535 });
    expect(first.map(({ value }) => value[0])).toEqual(Array.from({ length: 11 }, (_, i) => i));
  });

  describe('refuses a topic', () => {
    const meant = {
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'message.timestamp.type': 'LogAppendTime',
      'unclean.leader.election.enable': 'false',
      'compression.type': 'uncompressed',
    };
    const wrongs: [string, string][] = [
      ['retention.ms', '604800000'],
      ['retention.bytes', '1000000'],
      ['cleanup.policy', 'compact'],
      ['message.timestamp.type', 'CreateTime'],
      ['compression.type', 'gzip'],
      ['max.message.bytes', '100000'],
      ['unclean.leader.election.enable', 'true'],
    ];
    it.each(wrongs)('with %s=%s, and says what to do', async (name, value) => {
      await make({ ...meant, [name]: value });
      const refused = {
        code: 'wrong-topic',
        message: expect.stringMatching(new RegExp(`${name}=${value} instead of`)),
      };
      await expect(logs.create('demo', 2)).rejects.toMatchObject(refused);
      await expect(logs.find('demo')).rejects.toMatchObject(refused);
      await expect(logs.find('demo')).rejects.toThrow(`--add-config ${name}=`);
    });

    it('with another number of partitions, as another number of shards', async () => {
      await make(meant);
      await expect(logs.create('demo', 3)).rejects.toMatchObject({
        code: 'other-shards',
        message: expect.stringContaining('has 2 partitions, not 3'),
      });
      expect(await logs.find('demo')).toMatchObject({ shards: 2 });
    });

    it('that can not be kept on as many brokers, and says so', async () => {
      const safe = openKafkaLogs({ brokers: kafka.brokers, namespace, replication: 3 });
      await expect(safe.create('demo', 1)).rejects.toThrow(/3 brokers: start more, or set KAFKA_REPLICATION/);
      await safe.close();
    });

    async function make(settings: Record<string, string>): Promise<void> {
      const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
      await admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 1, configEntries }] });
    }
  });

  describe('whose brokers had clocks that went back', () => {
    const stamps = [1_000, 5_000, 4_000, 9_000, 2_000, 2_000, 9_000, 9_500, 3_000].map((ms) => 1_700_000_000_000 + ms);
    const highest = stamps.map((_, i) => Math.max(...stamps.slice(0, i + 1)));
    let log: EventLog;
    beforeEach(async () => {
      await logs.create('demo', 1);
      await stampBy('CreateTime');
      for (const [i, stamp] of stamps.entries()) await send([{ value: String(i), timestamp: String(stamp) }]);
      await stampBy('LogAppendTime');
    });

    it('has the same log times from wherever it is read', async () => {
      for (let from = 0; from < stamps.length; from += 1) {
        log = await reopened();
        const records = await log.read(0, from);
        expect(records.map(({ logTime }) => logTime)).toEqual(highest.slice(from));
      }
    });

    it('tells a sender the log time that readers see', async () => {
      await stampBy('CreateTime');
      await send([{ value: 'far ahead', timestamp: String(Date.now() + 3_600_000) }]);
      await stampBy('LogAppendTime');
      log = await reopened();
      const [placed] = await log.append([record('now')]);
      const read = await (await reopened()).read(0, placed!.offset);
      expect(read[0]!.logTime).toBe(placed!.logTime);
      expect(placed!.logTime).toBeGreaterThan(Date.now() + 3_000_000);
    });

    async function stampBy(type: 'CreateTime' | 'LogAppendTime'): Promise<void> {
      const configEntries = [
        { name: 'message.timestamp.type', value: type },
        { name: 'message.timestamp.after.max.ms', value: String(7_200_000) },
        { name: 'cleanup.policy', value: 'delete' },
        { name: 'retention.ms', value: '-1' },
        { name: 'retention.bytes', value: '-1' },
        { name: 'compression.type', value: 'uncompressed' },
        { name: 'unclean.leader.election.enable', value: 'false' },
      ];
      const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }];
      await admin.alterConfigs({ validateOnly: false, resources });
    }

    async function reopened(): Promise<EventLog> {
      await logs.close();
      logs = openKafkaLogs({ brokers: kafka.brokers, namespace, replication: 1 });
      return (await logs.find('demo'))!;
    }
  });

  describe('to which another program writes', () => {
    it('gives compressed, headed, keyless, empty and oversized records as they are', async () => {
      const log = await logs.create('demo', 1);
      const oversized = Buffer.alloc(900_000, 'o');
      await send([{ value: 'packed' }, { value: 'together' }], CompressionTypes.GZIP);
      await send([
        { key: 'k', value: 'headed', headers: { a: 'b' } },
        { key: null, value: null },
      ]);
      await send([{ value: oversized }]);
      await log.append([record('ours')]);
      const records = await log.read(0, 0);
      expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
      expect(records.map(({ key }) => key)).toEqual(['', '', 'k', '', '', 'K']);
      expect(texts(records)).toEqual(['packed', 'together', 'headed', '', oversized.toString(), 'ours']);
    });

    it('has no gap where that program uses transactions', async () => {
      const log = await logs.create('demo', 1);
      const producer = foreign.producer({ transactionalId: namespace, idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      let written = 0;
      for (const end of ['commit', 'abort'] as const) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ key: 'k', value: end, partition: 0 }] });
        await transaction[end]();
        written += 2;
        // The transaction's marker is written after the answer to the program.
        await until(async () => (await admin.fetchTopicOffsets(topic))[0]!.high === String(written));
      }
      await producer.disconnect();
      await log.append([record('ours')]);
      const records = await log.read(0, 0);
      expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
      expect([0, 2, 4].map((offset) => texts(records)[offset])).toEqual(['commit', 'abort', 'ours']);
      expect(texts(await log.read(0, 3, { maxRecords: 1 }))[0]).toBe(texts(records)[3]);
    });
  });

  it('says that records were deleted', async () => {
    const log = await logs.create('demo', 1);
    await log.append([record('a'), record('b'), record('c')]);
    // So that it knows who leads the topic.
    await admin.fetchTopicMetadata({ topics: [topic] });
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    await expect(log.read(0, 0)).rejects.toMatchObject({
      code: 'log-damaged',
      message: expect.stringContaining('begins at 2; 0 was asked'),
    });
    expect(texts(await log.read(0, 2))).toEqual(['c']);
  });

  it('is unavailable where no broker listens', async () => {
    const nowhere = openKafkaLogs({ brokers: ['127.0.0.1:1'], deadlineMs: 300 });
    const refused = { code: 'log-unavailable', message: expect.stringContaining('127.0.0.1:1') };
    await expect(nowhere.elections()).rejects.toMatchObject(refused);
    await expect(nowhere.find('demo')).rejects.toMatchObject(refused);
    await nowhere.close();
  });

  async function send(messages: Message[], compression = CompressionTypes.None): Promise<void> {
    const producer = foreign.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, compression, messages: messages.map((message) => ({ ...message, partition: 0 })) });
    await producer.disconnect();
  }
});

async function readAll(log: EventLog): Promise<string[]> {
  const all: string[] = [];
  while (all.length < (await log.end(0))) all.push(...texts(await log.read(0, all.length)));
  return all;
}

function record(content: string): NewRecord {
  return { shard: 0, key: 'K', value: Buffer.from(content) };
}

function texts(records: readonly { value: Uint8Array }[]): string[] {
  return records.map(({ value }) => Buffer.from(value).toString('utf8'));
}
