/** What the sink of an import makes of servers that fail. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { importSheets, type SheetFileLine } from '#intake';
import { httpSink } from './http-sink.ts';
import { Transport } from './http-transport.ts';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
});

async function serving(listener: RequestListener): Promise<Transport> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return new Transport(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'tally_x');
}

async function* lines(count: number): AsyncGenerator<SheetFileLine> {
  for (let i = 0; i < count; i += 1) yield { line: i + 2, raw: { station: `s${i}`, contest: 'c' } };
}

const outcomes = (bodies: readonly string[]): string =>
  bodies.map((body, i) => `${JSON.stringify({ line: i + 1, ...JSON.parse(body) })}\n`).join('');

test('a cut connection, a busy server and lines without confirmation: the same ids come again until all are known', async () => {
  const calls: string[][] = [];
  const transport = await serving((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/json' });
        const [id] = calls[0]!.slice(1);
        response.end(JSON.stringify({ attempts: [{ id, outcome: 'accepted', status: 'held' }] }));
        return;
      }
      const sent = Buffer.concat(chunks).toString().trimEnd().split('\n');
      const call = calls.push(sent.map((line) => JSON.parse(line).id as string));
      if (call === 2) {
        response.writeHead(503, { 'content-type': 'application/problem+json' });
        response.end(JSON.stringify({ type: '/problems/stopping', title: 'The server is stopping', status: 503 }));
        return;
      }
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      if (call === 1) {
        // One line answered, then the connection is gone.
        response.write(outcomes(['{"outcome":"accepted"}']), () => response.destroy());
        return;
      }
      const say = call === 3 ? '{"outcome":"unconfirmed","detail":"later"}' : '{"outcome":"unchanged"}';
      response.end(outcomes(sent.map(() => say)));
    });
  });
  const summary = await importSheets(lines(2), httpSink(transport, '/elections/e'), {
    file: 'f',
    wait: async () => undefined,
  });
  expect(summary).toMatchObject({ accepted: 1, held: 1, unchanged: 0, lines: 2 });
  expect(calls.map((ids) => ids.length)).toEqual([2, 1, 1, 1]);
  expect(new Set(calls.map((ids) => ids.at(-1))).size).toBe(1);
});

test('what the server refuses altogether ends the import', async () => {
  const transport = await serving((request, response) => {
    request.resume();
    response.writeHead(403, { 'content-type': 'application/problem+json' });
    response.end(
      JSON.stringify({
        type: '/problems/not-permitted',
        title: 'The account may not do this',
        status: 403,
        detail: 'Its role.',
      }),
    );
  });
  const work = importSheets(lines(3), httpSink(transport, '/elections/e'), { file: 'f' });
  await expect(work).rejects.toMatchObject({ exitCode: 1, message: expect.stringContaining('may not do this') });
});

test('a conflict and a refusal are told with the reason', async () => {
  const transport = await serving((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(
      outcomes([
        '{"outcome":"conflict","rejection":"stale-revision","detail":"revision 2 is there"}',
        '{"outcome":"refused","problems":[{"pointer":"/station","code":"unknown-station","message":"No."}]}',
      ]),
    );
  });
  expect(await httpSink(transport, '/elections/e').submit([{}, {}])).toEqual([
    {
      outcome: 'conflict',
      problems: [{ pointer: '', code: 'stale-revision', message: 'stale-revision: revision 2 is there.' }],
    },
    { outcome: 'refused', problems: [{ pointer: '/station', code: 'unknown-station', message: 'No.' }] },
  ]);
});
