import { openEmbeddedLogs } from '/work/main/libs/event-log/embedded/index.ts';
const logs = await openEmbeddedLogs(process.argv[2]!);
const log = await logs.create('e', 1);
let n = 0, failed = 0;
process.on('unhandledRejection', (e) => { console.log('UNHANDLED', e); });
for (let i = 0; i < 40; i++) {
  try { const a = await log.append(Array.from({ length: 500 }, () => ({ shard: 0, key: 'K', value: Buffer.alloc(900, i) }))); n += a.length; if (a[0]!.offset !== n - 500) console.log('GAP', a[0], n); }
  catch (e) { failed++; console.log(i, (e as any).code, String((e as any).cause), (e as any).cause?.code); if ((e as any).code !== 'log-full') break; if (failed > 3) break; }
}
try { console.log(await log.append([{ shard: 0, key: 'K', value: Buffer.alloc(3) }])); } catch (e) { console.log('small', (e as any).code); }
console.log(n, await log.end(0), (await log.read(0, n - 5)).length);
await logs.close();
const again = await openEmbeddedLogs(process.argv[2]!);
console.log('reopened', await (await again.find('e'))!.end(0));
await again.close();
