/**
 * `npm run services`: a real Kafka and a server with MongoDB's wire protocol for development, until Ctrl-C. Their data
 * goes with them. `--brokers 3` starts three.
 */
import { parseArgs } from 'node:util';
import { KafkaCluster } from './kafka.ts';
import { MongoWire } from './mongo-wire.ts';

const { values } = parseArgs({ options: { brokers: { type: 'string', default: '1' } } });
const brokers = Number(values.brokers);
if (brokers !== 1 && brokers !== 3) {
  process.stderr.write(`--brokers ${values.brokers}: 1 or 3 are expected\n`);
  process.exit(2);
}

const asked = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});

process.stderr.write('Starting Kafka and the MongoDB-wire server (the first time they are fetched with Maven) …\n');
const starting = await Promise.allSettled([KafkaCluster.start({ brokers }), MongoWire.start()]);
const [kafka, mongo] = starting;
const failures = starting.flatMap((service) => (service.status === 'rejected' ? [String(service.reason)] : []));

if (kafka.status === 'fulfilled' && mongo.status === 'fulfilled') {
  const environment = {
    KAFKA_BROKERS: kafka.value.addresses.join(','),
    KAFKA_REPLICATION: String(brokers),
    KAFKA_MIN_INSYNC: String(Math.min(2, brokers)),
    MONGODB_URI: `${mongo.value.uri}/tally`,
  };
  for (const [name, value] of Object.entries(environment)) process.stdout.write(`export ${name}=${value}\n`);
  process.stderr.write('Stop with Ctrl-C.\n');
  await asked;
}

for (const failure of failures) process.stderr.write(`${failure}\n`);
await Promise.all(starting.map((service) => (service.status === 'fulfilled' ? service.value.stop() : undefined)));
process.exit(failures.length > 0 ? 1 : 0);
