import { describe, it, expect } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { openEmbeddedLogs } from './index.ts';
describe('x', () => { it('y', async () => {
  const f = mkdtempSync('/tmp/elog-');
  const logs = await openEmbeddedLogs(f);
  const log = await logs.create('e', 2);
  console.log(await log.append([{shard:0,key:'A',value:Buffer.from('abc')},{shard:1,key:'Bé',value:Buffer.from('')}]));
  console.log(await log.read(0,0), await log.read(1,0), await log.end(1));
  await logs.putDefinition('e','ab',Buffer.alloc(3_000_000,7));
  expect((await logs.getDefinition('e','ab'))!.length).toBe(3_000_000);
  await logs.putDefinition('e','aa',Buffer.alloc(0));
  expect((await logs.getDefinition('e','aa'))!.length).toBe(0);
  console.log(await logs.elections());
  await logs.close();
  const again = await openEmbeddedLogs(f);
  console.log(await (await again.find('e'))!.read(0,0));
  await again.close();
});});
