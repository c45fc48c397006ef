/** Clients that mean harm, on a real server: each is turned away and counted, and who watches beside them notices nothing. */
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../standalone/testing/town.ts';
import { LiveClient } from './testing.ts';

const SOCKETS_PER_ADDRESS = 5;

let town: Town;
let calm: LiveClient;
let revision = 0;
beforeAll(async () => {
  const limits = { socketsPerAddress: SOCKETS_PER_ADDRESS, socketPatienceMs: 1_000, proxies: 1 };
  town = await Town.open({}, { limits });
  calm = await connect('192.0.2.1');
  await calm.watch({ election: town.election, unit: 'r', track: 'provisional' });
});
afterAll(async () => {
  calm.close();
  await town.close();
});

/** A client at an address of its own, as a proxy would name it. */
function connect(address: string): Promise<LiveClient> {
  return LiveClient.connect(town.server.url, undefined, { 'x-forwarded-for': address });
}

async function turnedAway(reason: string): Promise<number> {
  const { text } = await town.get('/metrics');
  return Number(new RegExp(`^tally_sockets_turned_away_total{reason="${reason}"} (\\d+)$`, 'm').exec(text)?.[1]);
}

async function expectCalm(): Promise<void> {
  revision += 1;
  const votes = 100 + revision;
  const more = { expectedRevision: revision - 1, ...(revision > 1 && { reason: 'again' }) };
  expect((await town.submit(sheetOf('s-1', { 1: votes, 2: 1 }, more))).status).toBe(201);
  await calm.until(() => calm.rows.get('r,mayor,provisional,votes.1') === votes);
  expect(calm.refetched).toBe(0);
  expect(calm.socket.connected).toBe(true);
}

async function disconnected({ socket }: LiveClient): Promise<void> {
  if (socket.connected) await once(socket as never, 'disconnect');
}

describe('whoever', () => {
  it('opens more connections than an address may have is refused those beyond, until others close', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 3 * SOCKETS_PER_ADDRESS }, () => connect('192.0.2.2')));
    const open = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(open).toHaveLength(SOCKETS_PER_ADDRESS);
    expect(await turnedAway('address')).toBe(2 * SOCKETS_PER_ADDRESS);
    const other = await connect('192.0.2.3');
    await expectCalm();
    for (const client of [...open, other]) client.close();
    for (let client: LiveClient | null = null; !client; client?.close())
      client = await connect('192.0.2.2').catch(() => null);
  });

  it('asks for too much at once is told so, and cut off where it goes on', async () => {
    const client = await connect('192.0.2.4');
    const wish = { election: town.election, unit: 'r', track: 'provisional' };
    expect((await client.ask<object>('watch', wish)).error).toBeUndefined();
    const answers: { error?: { code: string } }[] = [];
    for (let n = 0; n < 300; n += 1) client.socket.emit('watch', wish, (answer: object) => answers.push(answer));
    while (answers.length < 300) await new Promise((resolve) => setImmediate(resolve));
    expect(answers.filter(({ error }) => error?.code === 'too-many-requests').length).toBeGreaterThan(50);
    for (let n = 0; n < 300; n += 1) client.socket.emit('nonsense', n);
    await disconnected(client);
    expect(await turnedAway('flood')).toBe(1);
    await expectCalm();
  });

  it('sends a message that is too large, or none at all, is cut off', async () => {
    const client = await connect('192.0.2.5');
    client.socket.emit('watch', { election: 'x'.repeat(20_000) });
    await disconnected(client);
    const other = await connect('192.0.2.5');
    const { transport } = other.socket.io.engine as unknown as {
      transport: { ws: { _socket: { write(bytes: Buffer): void } } };
    };
    transport.ws._socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    await disconnected(other);
    expect(await turnedAway('malformed')).toBe(2);
    await expectCalm();
  });

  it('opens a connection and says nothing, or answers no ping, is cut off', async () => {
    const { port } = new URL(town.server.url);
    const half = connectTcp(Number(port), '127.0.0.1');
    half.write(
      [
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
        'Host: x',
        'X-Forwarded-For: 192.0.2.6',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        '\r\n',
      ].join('\r\n'),
    );
    let said = '';
    half.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1');
    });
    const deaf = await connect('192.0.2.7');
    const engine = deaf.socket.io.engine as unknown as { sendPacket(): void; _sendPacket(): void };
    engine.sendPacket = () => undefined;
    engine._sendPacket = () => undefined;
    await Promise.all([once(half, 'close'), disconnected(deaf)]);
    expect(said).toContain('101 Switching Protocols');
    expect(await turnedAway('silent')).toBe(2);
    await expectCalm();
  });
});
