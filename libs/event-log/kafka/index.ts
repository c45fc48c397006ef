/**
 * The log, the broadcast and the shares of work in Apache Kafka.
 *
 * Connections, TLS and SASL are kafkajs'; records, fetches and group membership are spoken directly above them, for the
 * reasons told in `docs/decisions/0003-the-log-in-kafka.md`.
 */
import type { Broadcast, EventLogs, Shares } from '../port.ts';
import { KafkaBroadcast } from './broadcast.ts';
import { Cluster } from './cluster/cluster.ts';
import { KafkaLogs } from './kafka-logs.ts';
import { type KafkaOptions, withDefaults } from './options.ts';
import { KafkaShares } from './shares.ts';

export { kafkaEnvironment } from './environment.ts';
export type { KafkaOptions, SaslOptions, TlsOptions } from './options.ts';

/** What one process has of a cluster. */
export interface KafkaServices {
  readonly logs: EventLogs;
  readonly broadcast: Broadcast;
  readonly shares: Shares;
  /** Leaves the shares, ends listening, settles what was appended, and ends all connections. */
  close(): Promise<void>;
}

/** Connects when first asked something. */
export function openKafka(options: KafkaOptions): KafkaServices {
  const cluster = new Cluster(withDefaults(options));
  const logs = new KafkaLogs(cluster);
  const broadcast = new KafkaBroadcast(cluster);
  const shares = new KafkaShares(cluster);
  const close = async (): Promise<void> => {
    await Promise.all([shares.close(), broadcast.close()]);
    await logs.close();
  };
  return { logs, broadcast, shares, close };
}

/** The logs alone; closing them ends the connections. */
export function openKafkaLogs(options: KafkaOptions): EventLogs {
  return new KafkaLogs(new Cluster(withDefaults(options)));
}
