/** The overview, a table, corrections and a sheet at a position: as they were, whatever came later. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
let first: string;
beforeAll(async () => {
  town = await Town.open({});
  first = (await town.submit(sheetOf('s-1', { 1: 3, 2: 2 }))).json.position;
  await town.submit(sheetOf('s-1', { 1: 4, 2: 1 }, { expectedRevision: 1, reason: 'a slip', cause: 'entry' }));
  await town.submit(sheetOf('s-3', { 1: 1, 2: 1 }));
});
afterAll(() => town.close());

describe('at an earlier position', () => {
  it('a sheet and its history end where the position does', async () => {
    const [then, now] = [await town.get(`sheets/s-1/mayor?at=${first}`), await town.get('sheets/s-1/mayor')];
    expect([then.json.revision, then.json.standing.votes['1'], then.json.position]).toEqual([1, 3, first]);
    expect([now.json.revision, now.json.standing.votes['1']]).toEqual([2, 4]);
    const history = await town.get(`sheets/s-1/mayor/history?at=${first}`);
    expect(history.json.attempts.map(({ revision }: { revision: number }) => revision)).toEqual([1]);
    expect((await town.get('sheets/s-1/mayor/history')).json.attempts).toHaveLength(2);
    const beginning = await town.get('sheets/s-1/mayor?at=0:0,1:0');
    expect([beginning.json.revision, beginning.json.status, beginning.json.asOf]).toEqual([0, 'none', null]);
  });

  it('overview and table have what had been received', async () => {
    const received = ({ json }: Awaited<ReturnType<Town['get']>>): number[] =>
      json.bodies.map(({ progress }: { progress: { received: number } }) => progress.received);
    const [then, now] = [await town.get(`overview?at=${first}`), await town.get('overview')];
    expect([received(then)[0], received(now)[0], then.json.position]).toEqual([1, 2, first]);
    const { json } = await town.get(`tables/mayor?level=commune&at=${first}`);
    const votes = json.columns.indexOf('votes.1');
    expect(json.rows.map((row: unknown[]) => [row[0], row[votes]])).toEqual([
      ['c-1', 3],
      ['c-2', null],
    ]);
    expect((await town.get(`tables/mayor?since=${first}&at=${first}`)).json.code).toBe('bad-parameter');
  });

  it('corrections are those that had been made', async () => {
    const revisions = ({ json }: Awaited<ReturnType<Town['get']>>): number[] =>
      json.corrections.map(({ attempt }: { attempt: { revision: number } }) => attempt.revision);
    expect(revisions(await town.get(`corrections?at=${first}`))).toEqual([]);
    expect(revisions(await town.get('corrections'))).toEqual([2]);
  });

  it.each(['overview', 'corrections', 'tables/mayor', 'sheets/s-1/mayor', 'sheets/s-1/mayor/history'])(
    '%s leads from a time to its position, and knows no other',
    async (path) => {
      const base = `${town.server.url}/api/v1/elections/${town.election}/${path}?at=`;
      const moved = await fetch(`${base}2001-01-01T00:00:00Z`, { redirect: 'manual' });
      expect([moved.status, moved.headers.get('cache-control')]).toEqual([302, 'no-store']);
      expect(decodeURIComponent(moved.headers.get('location')!)).toMatch(/\?at=0:0,1:0$/);
      const wrong = await town.get(`${path}?at=soon`);
      expect([wrong.status, wrong.json.code]).toEqual([400, 'bad-position']);
    },
  );
});
