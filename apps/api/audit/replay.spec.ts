import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReplayStateAnswer } from '#wire';
import { until } from '../../../test/kit/models.ts';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
beforeEach(async () => {
  town = await Town.open();
  await town.submit(sheetOf('s-1', { 1: 3, 2: 2 }));
  await town.submit(sheetOf('s-3', { 1: 1, 2: 0 }));
});
afterEach(() => town.close());

const state = async (): Promise<ReplayStateAnswer> => (await town.get('replay', 'manager')).json;
const versions = async (): Promise<readonly number[]> =>
  (await town.installation.models.pointer(town.election))!.versions;
const current = async (): Promise<number> => (await town.installation.models.pointer(town.election))!.current;
const post = (what: string, body: unknown = {}) => town.post(`replay/${what}`, 'manager', body);

async function untilStage(stage: ReplayStateAnswer['stage']): Promise<ReplayStateAnswer> {
  let now = await state();
  await until(async () => {
    now = await state();
    return now.stage === stage;
  });
  return now;
}

/** One more vote at the root, behind the projection's back. */
async function damage(): Promise<void> {
  // A rejected attempt takes the place in the log that the damaged total claims.
  expect((await town.submit(sheetOf('s-1', { 1: 9, 2: 9 }))).status).toBe(409);
  const { shard } = (await town.installation.elections.find(town.election))!.election.unit('s-1')!;
  const model = (await town.installation.projection.model(town.election))!;
  const snapshot = await model.snapshot();
  const part = (await snapshot.totals('r', 'mayor')).find((one) => one.shard === shard);
  snapshot.close();
  const { provisional } = part!.totals;
  const sums = provisional.sums.with(-1, provisional.sums.at(-1)! + 1);
  const edited = {
    ...part!,
    offset: part!.offset + 1,
    totals: { ...part!.totals, provisional: { ...provisional, sums } },
  };
  expect(await model.write({ shard: part!.shard, totals: [edited] })).toEqual({ outcome: 'moved' });
}

const votes = async (): Promise<number> =>
  (await town.get('results/r?contest=mayor', 'observer')).json.nodes[0].tracks.provisional.votes['2'];

describe('a replay that a manager starts', () => {
  it('goes on by itself, is one at a time, says what differs, is put in place, taken back and dropped', async () => {
    await damage();
    expect(await state()).toMatchObject({ stage: 'none', report: null, startedAt: null });
    const begun = await Promise.all([post('start'), post('start')]);
    expect(begun.map(({ status }) => status).sort()).toEqual([202, 409]);
    const { report, keptUntil } = await untilStage('compared');
    expect(report).toMatchObject({ different: 1, switched: false, election: town.election });
    expect(report!.live).not.toBe(report!.rebuilt);
    expect(report!.differences[0]).toMatchObject({
      unit: 'r',
      contest: 'mayor',
      figures: [{ track: 'provisional', key: 'votes.2', live: 3, rebuilt: 2 }],
      cause: { kind: 'store' },
    });
    expect(Date.parse(keptUntil!)).toBeGreaterThan(Date.now());
    expect(await versions()).toEqual([1, 2]);
    expect((await post('switch', { to: 'former' })).json.code).toBe('not-allowed');
    expect((await post('switch', { to: 'rebuilt' })).json).toMatchObject({
      stage: 'switched',
      report: { switched: true },
    });
    expect(await votes()).toBe(2);
    // The former one goes on beside: what comes now is in it when it is taken back.
    await town.submit(sheetOf('s-2', { 1: 4, 2: 4 }));
    expect((await post('switch', { to: 'former' })).json).toMatchObject({
      stage: 'compared',
      report: { switched: false },
    });
    expect([await current(), await votes()]).toEqual([1, 6]);
    expect((await post('switch', { to: 'rebuilt' })).json.stage).toBe('switched');
    expect([await current(), await votes()]).toEqual([2, 6]);
    expect((await post('discard')).json).toMatchObject({ stage: 'ended', keptUntil: null, report: { switched: true } });
    expect(await versions()).toEqual([2]);
    expect((await post('discard')).json.code).toBe('not-allowed');
  });

  it('gives way to the next one, and to the command that waits for the report', async () => {
    await post('start');
    await untilStage('compared');
    await post('start');
    const { report } = await untilStage('compared');
    expect(report).toMatchObject({ different: 0 });
    expect(await versions()).toEqual([1, 3]);
    const lines = (await town.post('replay', 'manager', { switch: true })).text.trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ report: { different: 0, switched: true } });
    expect(await state()).toMatchObject({ stage: 'ended', report: { switched: true } });
    expect(await versions()).toEqual([4]);
  });

  it('is told to be broken off where the process that ran it is no more, and another one can start', async () => {
    await post('start');
    await untilStage('compared');
    const { models } = town.installation;
    const { revision, text } = (await models.rebuildNote(town.election))!;
    await models.noteRebuild(town.election, revision, JSON.stringify({ ...JSON.parse(text), stage: 'comparing' }));
    expect((await post('start')).json.code).toBe('not-allowed');
    await town.installation.projection.retire(town.election, 2);
    expect(await state()).toMatchObject({ stage: 'failed', problem: 'interrupted' });
    expect((await post('start')).status).toBe(202);
    expect((await untilStage('compared')).report).toMatchObject({ different: 0 });
  });

  it('ends when it is told to, and leaves nothing', async () => {
    await post('start');
    await until(async () => (await post('discard')).status === 200);
    expect(await state()).toMatchObject({ stage: 'ended' });
    await until(async () => (await versions()).length === 1);
    expect((await post('start')).status).toBe(202);
    await untilStage('compared');
  });
});
