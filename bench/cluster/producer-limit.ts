/** What the broker can take: Kafka's own load tool with records of the same size, durable in the same way. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { kafkaClassPath } from '../../test/services/kafka.ts';
import type { Lab } from './lab.ts';

export interface ProducerLimitOptions {
  readonly records: number;
  readonly recordBytes: number;
  readonly partitions: number;
}

/** Records a second, by `org.apache.kafka.tools.ProducerPerformance` with acks=all. */
export async function producerLimit({ kafka }: Lab, options: ProducerLimitOptions): Promise<number> {
  const topic = `limit-${randomUUID()}`;
  const brokers = kafka.addresses;
  await makeTopic(brokers, topic, options.partitions);
  const argv = [
    ['-cp', await kafkaClassPath(), 'org.apache.kafka.tools.ProducerPerformance', '--topic', topic],
    ['--num-records', String(options.records), '--record-size', String(options.recordBytes), '--throughput', '-1'],
    ['--producer-props', 'acks=all', `bootstrap.servers=${brokers.join(',')}`],
  ].flat();
  const { stdout, stderr } = await promisify(execFile)('java', argv);
  // The last line is that of the whole run.
  const rates = [...stdout.matchAll(/records sent, ([\d.]+) records\/sec/g)];
  const rate = Number(rates.at(-1)?.[1]);
  if (!(rate > 0)) throw new Error(`ProducerPerformance told no rate:\n${stdout}${stderr}`);
  return rate;
}

async function makeTopic(brokers: string[], topic: string, numPartitions: number): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
  await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor: 1, configEntries }] });
  await admin.disconnect();
}
