/**
 * One connection to one broker, with one request under way at a time: a broker answers the requests of a connection in
 * order, so a waiting read would hold up whatever came behind it.
 *
 * TLS, SASL and framing are kafkajs' own. What it can not tell apart is told here: whether a request can have reached
 * the broker.
 */

import type { SASLOptions } from 'kafkajs';
import Broker from 'kafkajs/src/broker/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import ConnectionPool, { type Connection } from 'kafkajs/src/network/connectionPool.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { KafkaSettings } from '../options.ts';
import { Reader } from '../wire/reader.ts';
import { ALL_APIS, BrokerError, type Request } from '../wire/request.ts';
import type { Node } from '../wire/topics.ts';

/** No connection: whatever was to be sent was not. */
export class NotConnected extends Error {}
/** The connection was lost, or silent for too long: what was sent may have arrived. */
export class ConnectionLost extends Error {}

const socketFactory = createSocketFactory();
/** What goes wrong on a connection is told by the errors it ends in. */
const silent = loggers.createLogger({ level: 0, logCreator: () => () => undefined });

export class Link {
  readonly node: Node;
  readonly #connection: Connection;
  #usable = true;

  private constructor(node: Node, connection: Connection) {
    this.node = node;
    this.#connection = connection;
  }

  /** Throws `NotConnected`. */
  static async open(node: Node, settings: KafkaSettings): Promise<Link> {
    const pool = connectionTo(node, settings);
    const broker = new Broker({ connectionPool: pool, logger: silent });
    const link = new Link(node, pool.pool[0]);
    try {
      await inTime(broker.connect(), settings.connectMs, () => new NotConnected('no connection in time'));
      mustSpeak(broker);
      return link;
    } catch (error) {
      link.close();
      throw new NotConnected(`${node.host}:${node.port}: ${(error as Error).message}`, { cause: error });
    }
  }

  get usable(): boolean {
    return this.#usable && this.#connection.isConnected();
  }

  /** Throws `BrokerError` where the broker refuses, `ConnectionLost` where it does not answer; the link is then closed. */
  async ask<T>({ api, body, read }: Request<T>, timeoutMs: number): Promise<T> {
    const answer = this.#connection.send<Buffer>({
      request: { apiKey: api.key, apiName: api.name, apiVersion: api.version, encode: async () => encoded(body) },
      response: { decode: async (bytes) => bytes, parse: async (bytes) => bytes },
      logResponseError: false,
    });
    let bytes: Buffer;
    try {
      bytes = await inTime(answer, timeoutMs, () => new ConnectionLost(`no answer within ${timeoutMs} ms`));
    } catch (error) {
      this.close();
      const { host, port } = this.node;
      throw new ConnectionLost(`${host}:${port}: ${(error as Error).message}`, { cause: error });
    }
    try {
      return read(new Reader(bytes));
    } catch (error) {
      if (!(error instanceof BrokerError)) this.close();
      throw error;
    }
  }

  /** At once; a request under way fails with `ConnectionLost`. */
  close(): void {
    this.#usable = false;
    this.#connection.rejectRequests(new ConnectionLost('the connection was closed'));
    void this.#connection.disconnect();
    this.#connection.socket?.destroy();
  }
}

function connectionTo({ host, port }: Node, settings: KafkaSettings): ConnectionPool {
  const { tls, sasl, clientId, connectMs, answerMs } = settings;
  return new ConnectionPool({
    host,
    port,
    ssl: tls ? { ...tls } : null,
    sasl: sasl ? ({ ...sasl } as SASLOptions) : null,
    clientId,
    connectionTimeout: connectMs,
    requestTimeout: answerMs,
    enforceRequestTimeout: false,
    logger: silent,
    socketFactory,
  });
}

function mustSpeak(broker: Broker): void {
  for (const { key, name, version } of ALL_APIS) {
    const spoken = broker.versions[key];
    if (!spoken || version < spoken.minVersion || version > spoken.maxVersion)
      throw new Error(
        `the broker does not speak version ${version} of ${name}; Tally needs Apache Kafka 2.4 or later, tested with 4.3`,
      );
  }
}

function encoded(body: Buffer): Encoder {
  const encoder = new Encoder();
  encoder.writeBufferInternal(body);
  return encoder;
}

/** A promise that comes too late is let go; its outcome is of no use to anyone then. */
function inTime<T>(promise: Promise<T>, ms: number, tooLate: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLate()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
