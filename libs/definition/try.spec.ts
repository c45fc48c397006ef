import { expect, it } from '@jest/globals';
import { mkdtemp } from 'node:fs/promises';
import { buildElection } from '#domain';
import { compileRules, readPackage, TEMPLATES, writeTemplate } from './index.ts';
it('x', async () => {
  for (const name of TEMPLATES) {
    const dir = await mkdtemp('/tmp/tpl/');
    console.log(await writeTemplate(name, dir));
    const r = await readPackage(dir);
    if (!r.ok) { console.log(JSON.stringify(r.problems, null, 1)); continue; }
    console.log(r.summary, r.digest, r.definition.rules.map((x) => x.id + ' ' + x.expect + ' ' + x.fields));
    const e = buildElection(r.definition, r.digest);
    const book = compileRules(e);
    const c = e.contests[0]!;
    console.log(book.version, c.layout.fields.map((f) => f.id).join());
    if (name === 'generic') continue;
    const fig = [1453, 1440, -1, 1440, -1, -1, 1440, 1402, 38, -1, -1, -1, 811, 640, 600, 500, 400];
    const fig2 = [1453, 1440, 1500, 1440, 0, 60, 1440, 1402, 38, 2, 2, 2, 811, 640, 600, 500, 400];
    for (const f of [fig, fig2]) {
      console.log(book.check(c, f, 1453), book.shareOf(c, f));
      const N = 300000;
      for (let i = 0; i < N; i++) book.check(c, f, 1453);
      const t = performance.now();
      for (let i = 0; i < N; i++) book.check(c, f, 1453);
      console.log('us per check', ((performance.now() - t) * 1000) / N);
    }
  }
});
