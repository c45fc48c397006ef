/**
 * The parts of kafkajs 2.2.4 below its public face that the adapter stands on: a connection with TLS and SASL, and the
 * list of error codes. Its version is pinned exactly.
 */
declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions } from 'node:tls';
  import type { ISocketFactory, SASLOptions } from 'kafkajs';

  export interface Connection {
    readonly socket?: Socket;
    isConnected(): boolean;
    disconnect(): Promise<boolean>;
    rejectRequests(error: Error): void;
    send<T>(protocol: {
      request: { apiKey: number; apiName: string; apiVersion: number; encode(): Promise<unknown> };
      response: { decode(bytes: Buffer): Promise<T>; parse(decoded: T): Promise<T> };
      logResponseError?: boolean;
    }): Promise<T>;
  }

  export default class ConnectionPool {
    constructor(options: {
      host: string;
      port: number;
      ssl: boolean | ConnectionOptions | null;
      sasl: SASLOptions | null;
      clientId: string;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      logger: unknown;
      socketFactory: ISocketFactory;
    });
    readonly pool: readonly [Connection, Connection];
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';

  export default class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: unknown });
    /** Connects, asks for the versions spoken, authenticates. */
    connect(): Promise<void>;
    readonly versions: Readonly<Record<number, { minVersion: number; maxVersion: number }>>;
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    writeBufferInternal(bytes: Buffer): void;
  }
}

declare module 'kafkajs/src/protocol/error.js' {
  const errors: {
    createErrorFromCode(code: number): { type: string; message: string; retriable: boolean };
  };
  export default errors;
}

declare module 'kafkajs/src/loggers/index.js' {
  const loggers: { createLogger(options: { level: number; logCreator: () => () => void }): unknown };
  export default loggers;
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { ISocketFactory } from 'kafkajs';
  export default function createSocketFactory(): ISocketFactory;
}
