import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
let early: Town;
beforeAll(async () => {
  town = await Town.open();
  early = await Town.open({ id: 'early-rehearsal', closes: new Date(Date.now() + 86_400_000).toISOString() });
  await town.submit(sheetOf('s-1', { 1: 3, 2: 2 }));
  await town.submit(sheetOf('s-2', { 1: 3, 2: 2 }, { fields: { V: 4, H: 5 } }));
  await town.submit(sheetOf('s-3', { 1: 1, 2: 0 }, { fields: { V: 1, H: 1 } }));
  await town.submit(sheetOf('s-1', { 1: 4, 2: 2 }));
});
afterAll(async () => {
  await town.close();
  await early.close();
});

const minutesOf = async (state: string, more = ''): Promise<string[]> =>
  (await town.get(`board/r/minutes?state=${state}${more}`, 'observer')).json.minutes.map(
    ({ station, contest }: { station: string; contest: string }) => `${station}/${contest}`,
  );

describe('the board', () => {
  it('counts what is missing, due and held over all contests or one, at a unit and below', async () => {
    const { json } = await town.get('board/r', 'observer');
    expect(json.counts).toMatchObject({ stations: 6, received: 3, missing: 3, due: 6, held: 1, counted: 2 });
    expect(
      json.children.map(({ unit, counts }: { unit: string; counts: { missing: number } }) => [unit, counts.missing]),
    ).toEqual([
      ['c-1', 2],
      ['c-2', 1],
    ]);
    expect((await town.get('board/r?contest=mayor', 'observer')).json.counts).toMatchObject({
      stations: 4,
      missing: 1,
    });
    expect((await town.get('board/r?contest=board', 'observer')).json.children).toHaveLength(1);
    expect((await early.get('board/r', 'observer')).json.counts).toMatchObject({ missing: 6, due: 0 });
  });

  it('lists minutes by state, a page at a time', async () => {
    expect(await minutesOf('missing')).toEqual(['s-1/board', 's-2/board', 's-4/mayor']);
    expect(await minutesOf('late', '&contest=mayor')).toEqual(['s-4/mayor']);
    expect(await minutesOf('held')).toEqual(['s-2/mayor']);
    expect(await minutesOf('disputed')).toEqual([]);
    expect((await early.get('board/r/minutes?state=late', 'observer')).json.minutes).toEqual([]);
    const first = (await town.get('board/r/minutes?limit=2', 'observer')).json;
    expect([first.minutes.length, first.next]).toEqual([2, 's-2/board']);
    expect(await minutesOf('missing', `&limit=2&after=${first.next}`)).toEqual(['s-4/mayor']);
    expect(first.minutes[0]).toMatchObject({
      registered: 1_000,
      expectedAt: '2021-05-23T20:50:00.000Z',
      status: 'none',
    });
  });

  it('draws arrivals beside what was expected, and says why', async () => {
    const { json } = await town.get('board/r/arrivals?contest=mayor', 'observer');
    expect(json.stations).toBe(4);
    expect(json.arrived.at(-1).received).toBe(3);
    expect(json.expected.map(({ received }: { received: number }) => received)).toEqual([0, 1, 2, 3, 4]);
    expect(json.expectation).toEqual({
      closes: '2021-05-23T19:00:00Z',
      afterCloseMinutes: 60,
      minutesPerHundredVoters: 5,
    });
    expect((await town.get('board/r/arrivals', 'observer')).json.code).toBe('bad-parameter');
  });

  it('counts findings by rule', async () => {
    expect((await town.get('board/r/rules', 'observer')).json.rules).toEqual([
      { rule: 'too-many-valid', severity: 'error', sheets: 1, held: 1 },
      { rule: 'few', severity: 'warning', sheets: 1, held: 0 },
    ]);
    expect((await town.get('board/c-2/rules', 'observer')).json.rules).toHaveLength(1);
  });

  it('tells the newest attempts of an area, rejected ones too', async () => {
    const all = (await town.get('board/r/attempts', 'observer')).json.attempts;
    expect(all[0]).toMatchObject({ station: 's-1', outcome: 'rejected', rejection: 'stale-revision' });
    const rejected = await town.get('board/r/attempts?outcome=rejected', 'observer');
    expect(rejected.json.attempts).toHaveLength(1);
    expect((await town.get('board/c-2/attempts', 'observer')).json.attempts).toEqual([
      expect.objectContaining({ station: 's-3', outcome: 'accepted' }),
    ]);
    expect((await town.get('board/r/attempts?limit=2', 'observer')).json.attempts).toHaveLength(2);
  });

  it('tells how much comes in, and the lag', async () => {
    const { json } = await town.get('operation', 'observer');
    expect(json.lag).toEqual({ events: 0, ms: 0 });
    expect(json.processes).toEqual([
      expect.objectContaining({ role: 'standalone', isHeardOf: true, shards: [0, 1], clients: 0 }),
    ]);
    expect(json.shards.map(({ folded, end }: { folded: number; end: number }) => end - folded)).toEqual([0, 0]);
    expect(json.eventsLastMinute).toBe(
      json.shards.reduce((sum: number, { folded }: { folded: number }) => sum + folded, 0),
    );
    expect(json.eventsLastTenMinutes).toBe(json.eventsLastMinute);
  });

  it('ends at the borders of the area', async () => {
    const { token } = await town.installation.accounts.add({ role: 'observer', unit: 'c-2' });
    for (const path of ['', '/minutes', '/arrivals?contest=mayor', '/rules', '/attempts']) {
      expect((await town.call('GET', `board/c-1${path}`, { token })).json.code).toBe('not-permitted');
      expect((await town.call('GET', `board/c-2${path}`, { token })).status).toBe(200);
      expect((await town.get(`board/r${path}`)).json.code).toBe('unauthenticated');
    }
  });

  it('refuses what it does not know', async () => {
    for (const path of ['board/r/minutes?state=lost', 'board/r/minutes?limit=0', 'board/r?what=1', 'board/r/rules?x=1'])
      expect((await town.get(path, 'observer')).json.code).toBe('bad-parameter');
  });
});
