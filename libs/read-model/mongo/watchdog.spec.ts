/** A network that takes all connections at one moment, from under callers that ask again at once. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Connection, Schema } from 'mongoose';
import { MongoWire } from '../../../test/services/mongo-wire.ts';
import { TcpProxy } from '../../../test/services/tcp-proxy.ts';
import { connectMongo, told } from './connection.ts';

const SCHEMA = new Schema({ n: Number }, { autoIndex: false, autoCreate: false });
const CONNECTIONS = 6;
const CALLERS = 3;
const ROUNDS = 2;
/** Answers are lost for so long before the connections are. */
const LOST_MS = 700;
const DEADLINE_MS = 30_000;

let wire: MongoWire;
let proxy: TcpProxy;
let connections: readonly Connection[];
/** When each was answered last. */
let answered: number[];
let isOver: boolean;
let callers: readonly Promise<void>[];

beforeEach(async () => {
  wire = await MongoWire.start({});
  proxy = await TcpProxy.start(wire.port);
  const options = { uri: `mongodb://${proxy.address}`, database: 'tally' };
  const timeouts = { selectionTimeoutMs: 1_000, answerTimeoutMs: 1_000 };
  connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectMongo({ ...options, ...timeouts })));
  answered = connections.map(() => 0);
  isOver = false;
  callers = connections.flatMap((_, i) => Array.from({ length: CALLERS }, () => call(i)));
}, 60_000);
afterEach(async () => {
  isOver = true;
  await Promise.all(callers);
  await Promise.all(connections.map((connection) => connection.close()));
  await proxy.stop();
  await wire.stop();
});

async function call(index: number): Promise<void> {
  const numbers = connections[index]!.models.numbers ?? connections[index]!.model('numbers', SCHEMA);
  while (!isOver)
    await told(() => numbers.updateOne({ n: index }, { n: index }, { upsert: true }).exec()).then(
      () => (answered[index] = performance.now()),
      () => undefined,
    );
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`answered last at ${answered.join()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('every connection finds the server again', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = performance.now();
    await until(() => answered.every((at) => at > begun));
    proxy.lose('to client');
    await new Promise((resolve) => setTimeout(resolve, LOST_MS));
    proxy.pass();
    proxy.cut();
    const cut = performance.now();
    await until(() => answered.every((at) => at > cut));
  }
  expect(proxy.taken).toBeGreaterThan(CONNECTIONS * (CALLERS + 1));
}, 120_000);
