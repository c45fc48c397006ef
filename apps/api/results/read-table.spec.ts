import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
beforeAll(async () => {
  town = await Town.open({ publish: { log: 'never' } });
  await town.submit(sheetOf('s-1', { 1: 3, 2: 2 }));
});
afterAll(() => town.close());

const unitsOf = (json: { rows: string[][] }): string[] => json.rows.map(([unit]) => unit!);

describe('a flat table', () => {
  it('has a row for each unit, with nothing where nothing was received', async () => {
    const { json } = await town.get('tables/mayor');
    expect(unitsOf(json)).toEqual(['c-1', 'c-2', 'r', 's-1', 's-2', 's-3', 's-4']);
    const cell = (unit: string, column: string) =>
      json.rows.find(([code]: string[]) => code === unit)[json.columns.indexOf(column)];
    expect(json.columns.slice(0, 4)).toEqual(['unit', 'name', 'level', 'parent']);
    expect(['name', 'level', 'parent', 'votes.1', 'progress.received'].map((name) => cell('c-1', name))).toEqual([
      'East',
      'commune',
      'r',
      3,
      1,
    ]);
    expect([cell('c-2', 'votes.1'), cell('c-2', 'progress.received')]).toEqual([null, 0]);
    expect(unitsOf((await town.get('tables/mayor?level=commune')).json)).toEqual(['c-1', 'c-2']);
    expect(unitsOf((await town.get('tables/mayor?unit=c-2')).json)).toEqual(['c-2', 's-3', 's-4']);
    expect(unitsOf((await town.get('tables/board')).json)).toEqual(['c-1', 'r', 's-1', 's-2']);
  });

  it('is only what changed since a position, and nothing at that position', async () => {
    const { position } = (await town.get('tables/mayor')).json;
    expect((await town.get(`tables/mayor?since=${position}`)).json).toMatchObject({ rows: [], since: position });
    await town.submit(sheetOf('s-3', { 1: 1, 2: 1 }));
    const { json } = await town.get(`tables/mayor?since=${position}`);
    expect(unitsOf(json)).toEqual(['c-2', 'r', 's-3']);
    expect((await town.get('tables/mayor?since=0:0,1:0')).json.rows.length).toBeGreaterThan(3);
    expect((await town.get('tables/mayor?since=soon')).json.code).toBe('bad-position');
  });

  it('is CSV and a workbook with the same cells', async () => {
    const { json } = await town.get('tables/mayor?level=commune');
    const csv = await town.get('tables/mayor?level=commune&format=csv');
    const lines = csv.text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(lines).toEqual([
      json.columns,
      ...json.rows.map((row: (string | number | null)[]) => row.map((value) => String(value ?? ''))),
    ]);
    const answer = await fetch(
      `${town.server.url}/api/v1/elections/${town.election}/tables/mayor?level=commune&format=xlsx`,
    );
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="town-rehearsal-mayor.xlsx"');
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    const sheet = strFromU8(files['xl/worksheets/sheet1.xml']!);
    expect(sheet.match(/<row /g)).toHaveLength(3);
    expect(strFromU8(files['xl/sharedStrings.xml']!)).toContain('East');
  });

  it('keeps from the public what is not public', async () => {
    expect((await town.get('tables/mayor?track=all')).json.code).toBe('not-public');
    expect((await town.get('tables/mayor?track=all', 'observer')).status).toBe(200);
    const closed = await Town.open({
      id: 'closed-town',
      closes: new Date(Date.now() + 3_600_000).toISOString(),
      publish: { progress: 'always', results: 'closed', log: 'never', lowestLevel: 'commune' },
    });
    try {
      await closed.submit(sheetOf('s-1', { 1: 3, 2: 2 }));
      const { json } = await closed.get('tables/mayor');
      const figures = json.columns.flatMap((name: string, i: number) => (/^(field|votes)/.test(name) ? [i] : []));
      expect(unitsOf(json)).toEqual(['c-1', 'c-2', 'r']);
      expect(
        json.rows.flatMap((row: unknown[]) => figures.map((i: number) => row[i])).every((v: unknown) => v === null),
      ).toBe(true);
      expect((await closed.get('tables/mayor', 'observer')).text).toContain('"s-1"');
    } finally {
      await closed.close();
    }
  });
});
