/** Copies of a log whose publication is frozen: nothing is taken for a fault of the operator, and the copy goes on after. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../test/kit/models.ts';
import { sheetOf, Town } from '../standalone/testing/town.ts';
import { HttpLog } from './client/http-log.ts';
import { tally } from './testing/run-tally.ts';

let town: Town;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-frozen-'));
  town = await Town.open({ shards: 1 });
});
afterAll(async () => {
  await town.close();
  await rm(folder, { recursive: true, force: true });
});

const manager = (argv: readonly string[]) =>
  tally(['--url', town.server.url, ...argv], { env: { TALLY_TOKEN: town.tokens.manager } });
const isStored = async (events: number): Promise<boolean> =>
  (await town.get('log/0/checkpoint')).text.split('\n')[1] === String(events);

it('end where the freeze began, and go on once it is lifted', async () => {
  const copy = ['mirror', town.server.url, join(folder, 'copy'), '--newest'];
  await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
  await until(() => isStored(2));
  expect(await tally(copy)).toMatchObject({ code: 0, err: '' });
  await manager(['freeze', town.election, '--reason', 'figures are checked']);
  await town.submit(sheetOf('s-2', { 1: 1, 2: 2 }));
  await until(() => isStored(3));
  expect((await tally(copy)).out).toContain('0 events more');
  const log = new HttpLog(town.server.url, town.election);
  await expect(log.read('log/0/tile/entries/000.p/3')).rejects.toThrow(
    /Publication is frozen since .*: figures are checked/,
  );
  await manager(['lift', town.election, '--reason', 'right']);
  expect((await tally(copy)).out).toContain('1 events more');
  expect((await tally(['verify', join(folder, 'copy')])).code).toBe(0);
});
