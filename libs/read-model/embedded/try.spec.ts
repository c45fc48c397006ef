import { expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { openEmbeddedModels } from './index.ts';
it('y', async () => {
  const f = mkdtempSync('/tmp/emod-');
  const models = await openEmbeddedModels(f);
  const m = await models.create('e', 2, '1');
  const view = { revision: 1, status: 'accepted' as const, standing: [1, 2], verified: false, held: null, sealed: false, closed: false };
  const s0 = await m.snapshot();
  expect(await m.write({ shard: 0, attempts: [{ shard: 0, offset: 0, logTime: 1, outcome: 'accepted', station: 'S', contest: 'c', changes: [{ station: 'S', contest: 'c', before: null, after: view }], units: ['P', 'R'] }],
    sheets: [{ station: 'S', contest: 'c', shard: 0, offset: 0, view, newest: null, second: null, standing: null, heldFor: [] }], checkpoint: { from: 0, to: { offset: 1, logTime: 1 } } })).toEqual({ outcome: 'moved' });
  const s = await m.snapshot();
  expect(s.position).toEqual([1, 0]);
  expect((await s.changesOf('R', 'c', 0, 0, 1)).length).toBe(1);
  expect((await s.attemptsOn('S', 'c')).length).toBe(1);
  expect((await s.sheetsOf('S')).length).toBe(1);
  expect((await s0.sheetsOf('S')).length).toBe(0);
  for await (const x of s.allSheets()) expect(x.station).toBe('S');
  s.close(); s0.close();
  await models.close();
});
