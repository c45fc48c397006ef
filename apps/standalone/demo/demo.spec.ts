import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPackageZip } from '#definition';
import { resultsAnswer, View } from '#projection';
import { openEmbedded } from '../embedded.ts';
import { startServer } from '../server.ts';
import { Demo } from './index.ts';
import { DEMO_ID, demoPackage } from './package.ts';
import { demoPlan } from './plan.ts';

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

  it('plays through the HTTP API until every sheet of the night counts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tally-demo-'));
    const installation = await openEmbedded(folder, { command: 'test' });
    const server = await startServer(installation, { port: 0, pages: null });
    const demo = new Demo();
    try {
      await demo.start(installation, { url: server.url, folder, say: () => undefined, seconds: 4 });
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
  });
});
