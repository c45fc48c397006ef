/** What processes tell each other through Kafka: the broadcast, and the shares of work. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { KafkaCluster } from '../../../test/services/kafka.ts';
import { TcpProxy } from '../../../test/services/tcp-proxy.ts';
import { broadcastContract } from '../broadcast-contract.ts';
import { type Child, startChild } from '../embedded/testing/child-process.ts';
import { ShareMember, shared, sharesContract, until } from '../shares-contract.ts';
import { type KafkaOptions, type KafkaServices, openKafka } from './index.ts';

let kafka: KafkaCluster;
let proxy: TcpProxy;
beforeAll(async () => {
  proxy = await TcpProxy.start();
  // Clients that begin at the proxy stay behind it.
  kafka = await KafkaCluster.start({ advertise: () => proxy.port });
  proxy.leadTo(kafka.brokers[0]!.ports.client);
});
afterAll(async () => {
  await kafka.stop();
  await proxy.stop();
});

const SESSION_MS = 2_000;
let opened: KafkaServices[] = [];

/** By the listener that is not advertised through the proxy. */
const direct = (namespace: string): KafkaServices => open({ namespace, brokers: [kafka.brokers[0]!.internal] });
const proxied = (namespace: string): KafkaServices => open({ namespace, brokers: [proxy.address] });
const newNamespace = () => `test-${randomUUID().slice(0, 8)}`;

function open(options: KafkaOptions): KafkaServices {
  const services = openKafka({
    replication: 1,
    sessionMs: SESSION_MS,
    answerMs: 500,
    connectMs: 500,
    deadlineMs: 2_000,
    ...options,
  });
  opened.push(services);
  return services;
}

async function closeAll(): Promise<void> {
  await Promise.all(opened.map((services) => services.close()));
  opened = [];
}

broadcastContract('Kafka', async () => {
  const namespace = newNamespace();
  let elections = 0;
  return {
    open: async () => direct(namespace).broadcast,
    makeElection: async (shards) => {
      elections += 1;
      return (await direct(namespace).logs.create(`election-${elections}`, shards)).election;
    },
    dispose: closeAll,
  };
});

sharesContract('Kafka', async () => {
  const namespace = newNamespace();
  return { open: async () => direct(namespace).shares, dispose: closeAll };
});

describe('a listener', () => {
  afterEach(async () => {
    proxy.pass();
    await closeAll();
  });

  it('hears everything however often its connection is lost', async () => {
    const namespace = newNamespace();
    const sender = direct(namespace);
    await sender.logs.create('demo', 2);
    const heard = new Set<string>();
    const listener = proxied(namespace);
    await listener.broadcast.listen('demo', ({ shard, value }) => heard.add(`${shard}/${Buffer.from(value)}`));
    const sent: string[] = [];
    for (let i = 0; i < 200; i += 1) {
      if (i % 20 === 10) proxy.reset();
      if (i % 50 === 40) proxy.refuse();
      if (i % 50 === 45) proxy.pass();
      await sender.broadcast.publish('demo', [{ shard: i % 2, value: Buffer.from(String(i)) }]);
      sent.push(`${i % 2}/${i}`);
    }
    proxy.pass();
    const deadline = Date.now() + 20_000;
    while (heard.size < sent.length && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...heard].sort()).toEqual([...sent].sort());
  });
});

describe('the slots of a member', () => {
  let children: Child[] = [];
  afterEach(async () => {
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
    children = [];
    proxy.pass();
    await closeAll();
  });

  it('go to the other one when it is killed', async () => {
    const namespace = newNamespace();
    const script = new URL('./testing/share-slots.ts', import.meta.url).href;
    const child = startChild(script, [kafka.brokers[0]!.internal, namespace, String(SESSION_MS), '8']);
    children.push(child);
    while ((await child.next<number[]>()).length !== 8);
    const survivor = await ShareMember.join(direct(namespace).shares, 8);
    while ((await child.next<number[]>()).length !== 4);
    await until(
      () => survivor.held.size === 4,
      () => `${survivor.held.size} slots are held`,
    );
    child.process.kill('SIGKILL');
    await shared([survivor], 8);
  });

  it.each([
    ['is cut off', () => proxy.refuse()],
    ['hangs on a dead connection', () => proxy.lose()],
  ])('go to the other one when it %s; it is told so, and gets some again when it is back', async (_, fail) => {
    const namespace = newNamespace();
    const lost = await ShareMember.join(proxied(namespace).shares, 6);
    const other = await ShareMember.join(direct(namespace).shares, 6);
    await shared([lost, other], 6);
    fail();
    await until(
      () => lost.held.size === 0,
      () => `${lost.held.size} slots are held by one who is cut off`,
    );
    await shared([other], 6);
    proxy.pass();
    proxy.cut();
    await shared([lost, other], 6);
  });

  it('stay where they are while connections are reset', async () => {
    const namespace = newNamespace();
    const member = await ShareMember.join(proxied(namespace).shares, 3);
    await shared([member], 3);
    const changes: number[] = [];
    const watching = setInterval(() => changes.push(member.held.size), 20);
    for (let i = 0; i < 10; i += 1) {
      proxy.reset();
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    clearInterval(watching);
    expect(new Set(changes)).toEqual(new Set([3]));
  });
});
