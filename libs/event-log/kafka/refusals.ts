/** What the failure of a send says about the records: whether they can be stored nevertheless. */
import { LogError } from '../port.ts';
import { NotConnected } from './cluster/link.ts';
import { BrokerError } from './wire/request.ts';

/**
 * Refusals that a broker gives before it stores anything. Not among them: NOT_LEADER_OR_FOLLOWER and
 * UNKNOWN_TOPIC_OR_PARTITION, which a leader that is deposed while it waits for its replicas also gives for records
 * that it has stored and passed on; and KAFKA_STORAGE_ERROR, which may come after half a write.
 */
const STORES_NOTHING = new Set([
  'CORRUPT_MESSAGE',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'NOT_ENOUGH_REPLICAS',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
  'POLICY_VIOLATION',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'UNKNOWN_PRODUCER_ID',
]);

/** The broker does not know the producer or where its numbers stand, as after it was idle for a day. */
const LOST_NUMBERS = new Set(['OUT_OF_ORDER_SEQUENCE_NUMBER', 'INVALID_PRODUCER_EPOCH', 'UNKNOWN_PRODUCER_ID']);

export function leavesNothing(error: unknown): boolean {
  return error instanceof NotConnected || (error instanceof BrokerError && STORES_NOTHING.has(error.type));
}

export function isLostNumber(error: unknown): boolean {
  return error instanceof BrokerError && LOST_NUMBERS.has(error.type);
}

/** `leftNothing`: no try can have stored anything. */
export function failureOf(cause: unknown, leftNothing: boolean): LogError {
  if (cause instanceof LogError && leftNothing) return cause;
  const { message } = cause as Error;
  if (!leftNothing)
    return new LogError(
      'outcome-unknown',
      `Kafka did not confirm in time (${message}); the records may be stored: repeat with the same event ids`,
      { cause },
    );
  if (cause instanceof BrokerError && cause.type.endsWith('TOO_LARGE'))
    return new LogError(
      'wrong-topic',
      `the broker refuses batches of 900 kB (${message}); set max.message.bytes of the topic to 1048588 or more`,
      { cause },
    );
  return new LogError('log-unavailable', `Kafka can not store records now (${message}); nothing was stored`, { cause });
}
