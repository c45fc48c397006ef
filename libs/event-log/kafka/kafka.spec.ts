import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { type TestKafka, testKafka } from '../../../test/services/kafka.ts';
import { eventLogContract } from '../contract.ts';
import { openKafkaLogs } from './index.ts';

let kafka: TestKafka;
beforeAll(async () => {
  kafka = await testKafka();
});
afterAll(() => kafka.stop());

eventLogContract(
  'Kafka',
  async () => {
    const namespace = `test-${randomUUID().slice(0, 8)}`;
    return {
      open: async () => openKafkaLogs({ brokers: kafka.brokers, namespace, replication: 1 }),
      dispose: async () => undefined,
    };
  },
  { clocked: false },
);
