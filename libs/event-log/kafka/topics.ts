/** The topics of an election: what they are called, how they must be set, making and checking them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ElectionId } from '#domain';
import { LogError } from '../port.ts';
import { type Cluster, pauses, refusedFor, unavailable } from './cluster/cluster.ts';
import type { KafkaSettings } from './options.ts';
import { BrokerError } from './wire/request.ts';
import { createTopic, type TopicMetadata, topicSettings } from './wire/topics.ts';

const HOUR_MS = 3_600_000;
const SEGMENT_MS = 600_000;
/** Kafka's own default: a round of 900 kB fits, and whatever another program may have put there. */
const MAX_BATCH_BYTES = 1_048_588;

export interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly settings: Readonly<Record<string, string>>;
}

export function logTopicName(election: ElectionId, { namespace }: KafkaSettings): string {
  return `${namespace}.${election}.log`;
}

/** The election whose log a topic of this name is; null for any other topic. */
export function electionOfLogTopic(name: string, { namespace }: KafkaSettings): ElectionId | null {
  if (!name.startsWith(`${namespace}.`)) return null;
  return /^([a-z0-9-]{1,64})\.log$/.exec(name.slice(namespace.length + 1))?.[1] ?? null;
}

/** The record of truth: nothing is ever deleted, and the broker says when it came. */
export function logTopic(election: ElectionId, shards: number, settings: KafkaSettings): Topic {
  return {
    name: logTopicName(election, settings),
    partitions: shards,
    settings: {
      ...durable(settings),
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'message.timestamp.type': 'LogAppendTime',
    },
  };
}

export function definitionTopic(election: ElectionId, settings: KafkaSettings): Topic {
  return {
    name: `${settings.namespace}.${election}.definition`,
    partitions: 1,
    settings: { ...durable(settings), 'cleanup.policy': 'compact' },
  };
}

export function changesTopic(election: ElectionId, shards: number, settings: KafkaSettings): Topic {
  return {
    name: `${settings.namespace}.${election}.changes`,
    partitions: shards,
    settings: {
      ...durable(settings),
      'cleanup.policy': 'delete',
      'retention.ms': String(HOUR_MS),
      'segment.ms': String(SEGMENT_MS),
    },
  };
}

function durable({ minInSync }: KafkaSettings): Record<string, string> {
  return {
    'min.insync.replicas': String(minInSync),
    'unclean.leader.election.enable': 'false',
    'compression.type': 'uncompressed',
    'max.message.bytes': String(MAX_BATCH_BYTES),
  };
}

/** Makes a topic unless there is one; either way it is checked. Resolves once it can be written and read. */
export async function ensureTopic(cluster: Cluster, topic: Topic): Promise<void> {
  const { replication, deadlineMs } = cluster.settings;
  try {
    await cluster.persist(() => cluster.askAny(createTopic({ ...topic, replication }, deadlineMs), deadlineMs));
  } catch (error) {
    const refusal = refusedFor(error);
    if (!refusal) throw error;
    throw new LogError('log-unavailable', `the topic ${topic.name} can not be made: ${advice(refusal, replication)}`, {
      cause: error,
    });
  }
  await visible(cluster, topic.name);
  await mustBeAsMeant(cluster, topic);
}

/** How many partitions a topic has; undefined where there is no such topic. */
export async function partitionsOf(cluster: Cluster, name: string): Promise<number | undefined> {
  const found = await cluster.persist(async () => {
    const topic = await describe(cluster, name);
    if (topic && topic.code !== 0) throw new BrokerError(topic.code, name);
    return topic;
  });
  return found?.leaders.size;
}

/** Refuses a topic that is set otherwise (`wrong-topic`), or has another number of partitions (`other-shards`). */
export async function mustBeAsMeant(cluster: Cluster, { name, partitions, settings }: Topic): Promise<void> {
  const [found, actual] = await Promise.all([
    partitionsOf(cluster, name),
    cluster.persist(() => cluster.askAny(topicSettings(name))),
  ]);
  if (found !== partitions)
    throw new LogError(
      'other-shards',
      `the topic ${name} has ${found} partitions, not ${partitions}; their number is fixed for an election's life: open it with shards ${found}, or under another id`,
    );
  const wrong = Object.entries(settings).filter(([setting, value]) => !isAsSafe(setting, actual.get(setting), value));
  if (wrong.length === 0) return;
  const said = wrong.map(([setting, value]) => `${setting}=${actual.get(setting)} instead of ${value}`).join(', ');
  const change = wrong.map(([setting, value]) => `${setting}=${value}`).join(',');
  throw new LogError(
    'wrong-topic',
    `the topic ${name} has ${said}. If it is this election's, set it right (kafka-configs.sh --alter --entity-type topics --entity-name ${name} --add-config ${change}); if it is something else's, open the election under another id`,
  );
}

/** A limit may be higher than asked for; anything else is exactly so. */
function isAsSafe(setting: string, actual: string | undefined, wanted: string): boolean {
  if (setting === 'max.message.bytes' || setting === 'min.insync.replicas') return Number(actual) >= Number(wanted);
  if (setting === 'segment.ms') return true;
  return actual === wanted;
}

/** A broker may hear of a new topic a moment after the one that made it. */
async function visible(cluster: Cluster, name: string): Promise<void> {
  const deadline = Date.now() + cluster.settings.deadlineMs;
  for (const pause of pauses()) {
    const topic = await cluster.persist(() => describe(cluster, name));
    const isLed = topic?.code === 0 && [...topic.leaders.values()].every((leader) => leader >= 0);
    if (isLed) return;
    if (Date.now() > deadline) throw unavailable(new Error(`the topic ${name} has no leaders`));
    await delay(pause);
  }
}

const UNKNOWN_TOPIC = 3;

async function describe(cluster: Cluster, name: string): Promise<TopicMetadata | undefined> {
  const topic = (await cluster.metadata([name])).topics.get(name);
  return topic?.code === UNKNOWN_TOPIC ? undefined : topic;
}

function advice(error: BrokerError, replication: number): string {
  if (error.type === 'INVALID_REPLICATION_FACTOR')
    return `${error.message} Each record is to be kept on ${replication} brokers: start more, or set KAFKA_REPLICATION (1 on a single broker, without safety)`;
  return error.message;
}
