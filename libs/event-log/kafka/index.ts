/**
 * The log, the broadcast and the shares of work in Apache Kafka.
 *
 * Connections, TLS and SASL are kafkajs'; records, fetches and group membership are spoken directly above them, for the
 * reasons told in `docs/decisions/`.
 */
import type { EventLogs } from '../port.ts';
import { Cluster } from './cluster/cluster.ts';
import { KafkaLogs } from './kafka-logs.ts';
import { type KafkaOptions, withDefaults } from './options.ts';

export type { KafkaOptions, SaslOptions, TlsOptions } from './options.ts';

/** Connects when first asked something. `close` ends the connections. */
export function openKafkaLogs(options: KafkaOptions): EventLogs {
  return new KafkaLogs(new Cluster(withDefaults(options)));
}
