/** What a request to a broker is: its kind and version, its bytes, and how its answer is read. */
import kafkaErrors from 'kafkajs/src/protocol/error.js';
import type { Reader } from './reader.ts';

export interface Request<T> {
  readonly api: Api;
  readonly body: Buffer;
  read(answer: Reader): T;
}

export interface Api {
  readonly key: number;
  readonly name: string;
  /** The one version that is spoken: the newest before "flexible" fields, known to every broker since Apache Kafka 2.4. */
  readonly version: number;
}

const api = (key: number, name: string, version: number): Api => ({ key, name, version });

export const PRODUCE = api(0, 'Produce', 7);
export const FETCH = api(1, 'Fetch', 11);
export const LIST_OFFSETS = api(2, 'ListOffsets', 5);
export const METADATA = api(3, 'Metadata', 7);
export const FIND_COORDINATOR = api(10, 'FindCoordinator', 2);
export const JOIN_GROUP = api(11, 'JoinGroup', 5);
export const HEARTBEAT = api(12, 'Heartbeat', 3);
export const LEAVE_GROUP = api(13, 'LeaveGroup', 3);
export const SYNC_GROUP = api(14, 'SyncGroup', 3);
export const CREATE_TOPICS = api(19, 'CreateTopics', 4);
export const INIT_PRODUCER_ID = api(22, 'InitProducerId', 1);
export const DESCRIBE_CONFIGS = api(32, 'DescribeConfigs', 2);

export const ALL_APIS: readonly Api[] = [
  PRODUCE,
  FETCH,
  LIST_OFFSETS,
  METADATA,
  FIND_COORDINATOR,
  JOIN_GROUP,
  HEARTBEAT,
  LEAVE_GROUP,
  SYNC_GROUP,
  CREATE_TOPICS,
  INIT_PRODUCER_ID,
  DESCRIBE_CONFIGS,
];

/** A broker's refusal, by the codes of https://kafka.apache.org/protocol.html#protocol_error_codes. */
export class BrokerError extends Error {
  readonly code: number;
  /** As in `NOT_ENOUGH_REPLICAS`. */
  readonly type: string;
  readonly retriable: boolean;

  constructor(code: number, detail?: string | null) {
    const known = kafkaErrors.createErrorFromCode(code);
    super(`${known.type}: ${detail || known.message}`);
    this.name = 'BrokerError';
    this.code = code;
    this.type = known.type;
    this.retriable = known.retriable || code === OFFSET_NOT_AVAILABLE;
  }
}

/** Newer than kafkajs' list: a new leader does not know yet how far its records are replicated (KIP-207). */
const OFFSET_NOT_AVAILABLE = 78;

export function mustSucceed(code: number, detail?: string | null): void {
  if (code !== 0) throw new BrokerError(code, detail);
}
