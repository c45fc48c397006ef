import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPackageZip } from '#definition';
import { resultsAnswer, View } from '#projection';
import { openEmbedded } from '../embedded.ts';
import { startServer } from '../server.ts';
import { embeddedHost } from './embedded-host.ts';
import { httpHost } from './http-host.ts';
import { Demo } from './index.ts';
import { DEMO_ID, demoPackage } from './package.ts';
import { demoPlan } from './plan.ts';
import { ask } from './request.ts';

describe('the demonstration', () => {
  it('is a sound package of a rehearsal', async () => {
    const pack = await readPackageZip(demoPackage());
    expect(pack).toMatchObject({ ok: true, definition: { id: DEMO_ID, rehearsal: true } });
  });

  it('plans one night, the same each time, over about ten minutes', () => {
    const plan = demoPlan(600);
    expect(plan).toEqual(demoPlan(600));
    expect(plan[0]!.at).toBeLessThan(10);
    expect(plan.at(-1)!.at).toBeGreaterThan(540);
    expect(plan.at(-1)!.at).toBeLessThan(720);
    const kinds = new Set(plan.map(({ act }) => act.kind));
    expect(kinds).toEqual(new Set(['submit', 'release', 'return', 'verify']));
  });

  it.each(['in its own process', 'in one that it reaches over HTTP'])(
    '%s plays until every sheet of the night counts',
    async (where) => {
      const folder = mkdtempSync(join(tmpdir(), 'tally-demo-'));
      const installation = await openEmbedded(folder, { command: 'test' });
      const server = await startServer(installation, { port: 0, pages: null });
      const demo = new Demo();
      try {
        const { token } = await installation.accounts.add({ role: 'manager', unit: null });
        const host =
          where === 'in its own process'
            ? embeddedHost(installation)
            : httpHost(server.url, token, AbortSignal.timeout(30_000));
        await demo.start(host, { url: server.url, folder, say: () => undefined, again: '', seconds: 4 });
        await demo.ended();
        const served = (await installation.elections.find(DEMO_ID))!;
        const view = await View.open(served, (await installation.projection.model(DEMO_ID))!);
        const { nodes } = await resultsAnswer(view, { unit: served.election.root }).finally(() => view.close());
        expect(nodes).toHaveLength(10);
        for (const { progress } of nodes)
          expect(progress).toMatchObject({ counted: progress!.stations, held: 0, returned: 0, annulled: 0 });
        expect(nodes.some(({ progress }) => progress!.verified > 0)).toBe(true);
      } finally {
        await demo.stop();
        await server.close();
        await installation.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

describe('a request of the demonstration', () => {
  it('is sent again while there is no answer to rely on', async () => {
    const statuses = [503, 429, 202, 201];
    const server = createServer((_request, response) => {
      response.statusCode = statuses.shift()!;
      response.setHeader('etag', '"1-7"').end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const answer = await ask(url, { method: 'POST', body: '{}' }, AbortSignal.timeout(20_000));
      expect(answer).toEqual({ status: 201, etag: '"1-7"', text: '{}' });
      expect(statuses).toEqual([]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('ends when it is told to', async () => {
    const nowhere = ask('http://127.0.0.1:1/', {}, AbortSignal.timeout(50));
    await expect(nowhere).rejects.toMatchObject({ name: expect.stringMatching(/AbortError|TimeoutError/) });
  });
});
