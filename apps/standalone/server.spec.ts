import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { LiveClient } from '../gateway/testing.ts';
import { readConfig } from './config.ts';
import { sheetOf, Town } from './testing/town.ts';

describe('stopping', () => {
  it('answers what is under way, stores what it acknowledged, refuses the rest, and lets sockets go', async () => {
    const town = await Town.open();
    const live = await LiveClient.connect(town.server.url);
    await live.watch({ election: town.election, unit: 'r', track: 'provisional' });
    const gone = once(live.socket as never, 'disconnect');

    const sending = request(`${town.server.url}/api/v1/elections/${town.election}/sheets:batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${town.tokens.clerk}`, 'content-type': 'application/x-ndjson' },
    });
    const { id: _id, expectedRevision: _revision, ...line } = sheetOf('s-1', { 1: 5, 2: 5 });
    sending.write(`${JSON.stringify(line)}\n`);
    const [response] = await once(sending, 'response');
    const [chunk] = (await once(response, 'data')) as [Buffer];
    expect(JSON.parse(chunk.toString())).toMatchObject({ line: 1, outcome: 'accepted' });
    sending.on('error', () => undefined);
    response.on('error', () => undefined).resume();

    const single = town.submit(sheetOf('s-2', { 1: 1, 2: 1 }));
    await new Promise((resolve) => setImmediate(resolve));
    const closing = town.server.close();
    const sent = await single.catch(() => null);
    await Promise.all([closing, gone]);
    await expect(fetch(`${town.server.url}/health/live`)).rejects.toThrow();

    const served = (await town.installation.elections.find(town.election))!;
    const model = (await town.installation.projection.model(town.election))!;
    const snapshot = await model.snapshot();
    const stored = async (station: string) => (await snapshot.sheet(station, 'mayor'))?.view.revision ?? 0;
    expect(await stored('s-1')).toBe(1);
    expect(await stored('s-2')).toBe(sent?.status === 201 ? 1 : 0);
    expect(served.log.shards).toBe(2);
    snapshot.close();
    await town.close();
  });

  it('answers 503 on a connection that was open before', async () => {
    const town = await Town.open();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (path: string): Promise<[number, string]> => {
      const asking = request(town.server.url + path, { agent });
      asking.end();
      const [response] = await once(asking, 'response');
      let text = '';
      for await (const chunk of response) text += String(chunk);
      return [response.statusCode, text];
    };
    expect((await ask('/api/v1/elections'))[0]).toBe(200);
    const held = request(`${town.server.url}/api/v1/elections/${town.election}/sheets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${town.tokens.clerk}`, 'content-type': 'application/json' },
    });
    const body = JSON.stringify(sheetOf('s-3', { 1: 1, 2: 1 }, { id: randomUUID() }));
    held.write(body.slice(0, 10));
    await new Promise((resolve) => setImmediate(resolve));
    const asked = ask('/api/v1/elections');
    await asked;
    const closing = town.server.close();
    held.end(body.slice(10));
    const [answer] = await once(held, 'response');
    expect([201, 503]).toContain(answer.statusCode);
    answer.resume();
    agent.destroy();
    await closing;
    await town.close();
  });
});

describe('the configuration', () => {
  it('comes from the command line, then the environment, then defaults', () => {
    expect(readConfig({ port: '0' }, { PORT: '5000', HOST: '::1', TALLY_DATA: '' })).toMatchObject({
      ok: true,
      config: { port: 0, host: '::1', data: './data' },
    });
  });

  it('tells every problem at once', () => {
    const read = readConfig({ port: 'http' }, { TALLY_LOG_LEVEL: 'loud', TALLY_CONNECTIONS: '0' });
    expect(read).toMatchObject({ ok: false });
    if (read.ok) return;
    expect(read.problems).toHaveLength(3);
    expect(read.problems[0]).toContain('--port or PORT');
  });
});
