/** Requests about topics: who leads them, how they are set, making them. */
import { BrokerError, CREATE_TOPICS, DESCRIBE_CONFIGS, METADATA, mustSucceed, type Request } from './request.ts';
import { Writer } from './writer.ts';

export interface Node {
  readonly host: string;
  readonly port: number;
}

export interface Metadata {
  readonly nodes: ReadonlyMap<number, Node>;
  readonly topics: ReadonlyMap<string, TopicMetadata>;
}

export interface TopicMetadata {
  /** 0, or why nothing is known of the topic. */
  readonly code: number;
  /** The leading node by partition; −1 where there is none now. */
  readonly leaders: ReadonlyMap<number, number>;
}

/** Of these topics, or of all. */
export function metadata(topics: readonly string[] | null): Request<Metadata> {
  const body = new Writer();
  if (topics) body.array(topics, (topic) => body.string(topic));
  else body.int32(-1);
  return {
    api: METADATA,
    body: body.boolean(false).finish(),
    read: (answer) => {
      answer.int32();
      const nodes = answer.array(() => {
        const id = answer.int32();
        const node = { host: answer.string() ?? '', port: answer.int32() };
        answer.string();
        return [id, node] as const;
      });
      answer.string();
      answer.int32();
      const found = answer.array(() => {
        const code = answer.int16();
        const name = answer.string() ?? '';
        answer.int8();
        const leaders = answer.array(() => {
          answer.int16();
          const leader = [answer.int32(), answer.int32()] as const;
          answer.int32();
          for (let lists = 3; lists > 0; lists -= 1) answer.array(() => answer.int32());
          return leader;
        });
        return [name, { code, leaders: new Map(leaders) }] as const;
      });
      return { nodes: new Map(nodes), topics: new Map(found) };
    },
  };
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly settings: Readonly<Record<string, string>>;
}

const TOPIC_ALREADY_EXISTS = 36;

/** Whether it was made; false where there was one already. */
export function createTopic(topic: NewTopic, timeoutMs: number): Request<boolean> {
  const body = new Writer();
  body.array([topic], ({ name, partitions, replication, settings }) => {
    body.string(name).int32(partitions).int16(replication).int32(0);
    body.array(Object.entries(settings), ([setting, value]) => body.string(setting).string(value));
  });
  return {
    api: CREATE_TOPICS,
    body: body.int32(timeoutMs).boolean(false).finish(),
    read: (answer) => {
      answer.int32();
      const [made] = answer.array(() => {
        answer.string();
        const code = answer.int16();
        const detail = answer.string();
        if (code === TOPIC_ALREADY_EXISTS) return false;
        mustSucceed(code, detail);
        return true;
      });
      return made!;
    },
  };
}

const TOPIC = 2;

/** All settings of a topic, those of the broker included where the topic has none of its own. */
export function topicSettings(topic: string): Request<ReadonlyMap<string, string>> {
  const body = new Writer();
  body.array([topic], (name) => body.int8(TOPIC).string(name).int32(-1));
  return {
    api: DESCRIBE_CONFIGS,
    body: body.boolean(false).finish(),
    read: (answer) => {
      answer.int32();
      const [settings] = answer.array(() => {
        const code = answer.int16();
        const detail = answer.string();
        answer.int8();
        answer.string();
        const entries = answer.array(() => {
          const entry = [answer.string() ?? '', answer.string() ?? ''] as const;
          answer.int8();
          answer.int8();
          answer.int8();
          answer.array(() => [answer.string(), answer.string(), answer.int8()]);
          return entry;
        });
        if (code !== 0) throw new BrokerError(code, detail);
        return new Map(entries);
      });
      return settings!;
    },
  };
}
