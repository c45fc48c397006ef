import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

const REASON = 'Typed "12", not 21,\nsaid the team';
let town: Town;
beforeAll(async () => {
  town = await Town.open();
  await town.installation.accounts.add({ role: 'observer', unit: 'r', name: 'Secret Account Name' });
  await town.submit(sheetOf('s-1', { 1: 3, 2: 2 }));
  await town.submit(sheetOf('s-2', { 1: 3, 2: 2 }, { fields: { V: 4, H: 5 }, via: 'phone' }));
  await town.submit(sheetOf('s-3', { 1: 1, 2: 0 }, { fields: { V: 1, H: 1 } }));
  await town.submit(sheetOf('s-1', { 1: 4, 2: 2 }));
  await town.submit(sheetOf('s-1', { 1: 5, 2: 2 }, { expectedRevision: 1, reason: REASON, cause: 'recount' }));
});
afterAll(() => town.close());

interface Line {
  readonly station: string | null;
  readonly contest: string | null;
  readonly outcome: string;
  readonly position: string;
}
const search = (query: string) => town.get(`attempts?${query}`, 'observer');
const found = async (query: string): Promise<string[]> =>
  (await search(query)).json.attempts.map(({ station, outcome }: Line) => `${station} ${outcome}`);

describe('searching all histories', () => {
  it('finds attempts by who, what and why, at one position, in order', async () => {
    const { json, headers } = await search('unit=c-1');
    expect(json).toMatchObject({ unit: 'c-1', next: null, position: headers.get('tally-position') });
    const sent = ['s-1 accepted', 's-2 accepted', 's-1 rejected', 's-1 accepted'];
    expect(await found('unit=c-1')).toEqual(sent);
    expect(await found('outcome=rejected')).toEqual(['s-1 rejected']);
    expect(await found('rejection=stale-revision&unit=s-1')).toEqual(['s-1 rejected']);
    expect(await found('cause=recount')).toEqual(['s-1 accepted']);
    expect(await found('via=phone')).toEqual(['s-2 accepted']);
    expect(await found('rule=few')).toEqual(['s-3 accepted']);
    expect(await found('status=held')).toEqual(['s-2 accepted']);
    expect(await found('contest=board')).toEqual([]);
    expect(await found('type=election.opened')).toEqual(['null accepted', 'null accepted']);
    const { actor } = json.attempts[0];
    expect(await found(`actor=${actor.id}&unit=c-1`)).toEqual(sent);
    expect(await found('actor=nobody')).toEqual([]);
    const { logTime } = json.attempts.at(-1);
    expect(await found(`unit=c-1&to=${encodeURIComponent(json.attempts[0].logTime)}`)).toEqual([]);
    expect((await found(`from=${encodeURIComponent(logTime)}`)).at(-1)).toBe('s-1 accepted');
  });

  it('comes in pages that go on where the one before ended', async () => {
    const whole = (await search('unit=r')).json.attempts as Line[];
    const pages: Line[] = [];
    let after = '';
    for (let next: string | null = ''; next !== null; after = `&after=${next}`) {
      const { json } = await search(`limit=2${after}`);
      expect(json.attempts.length).toBeLessThanOrEqual(2);
      pages.push(...json.attempts);
      next = json.next;
    }
    expect(pages).toEqual(whole);
    expect(whole).toHaveLength(7);
  });

  it('streams the same as CSV and as NDJSON, asked for by format or by Accept', async () => {
    const lines = (await search('unit=r')).json.attempts as Line[];
    const csv = await search('format=csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('tally-position')).toBe((await town.get('', 'observer')).json.position);
    const rows = parse(csv.text, { columns: true }) as Record<string, string>[];
    expect(rows.map(({ position }) => position)).toEqual(lines.map(({ position }) => position));
    expect(rows.at(-1)).toMatchObject({
      station: 's-1',
      cause: 'recount',
      reason: REASON,
      role: 'clerk',
      revision: '2',
    });
    const accepted = await town.get('attempts', 'observer', { accept: 'text/csv' });
    expect(accepted.text).toBe(csv.text);
    const ndjson = await town.get('attempts', 'observer', { accept: 'application/x-ndjson' });
    const parsed = ndjson.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(parsed).toEqual(lines);
    for (const { text } of [csv, ndjson]) expect(text).not.toContain('Secret');
  });

  it('ends at the borders of the area, and is neither for the public nor for clerks', async () => {
    const { token } = await town.installation.accounts.add({ role: 'observer', unit: 'c-2' });
    const own = await town.call('GET', 'attempts', { token });
    expect(own.json.attempts.map(({ station }: Line) => station)).toEqual(['s-3']);
    for (const query of ['unit=c-1', 'unit=r', 'unit=s-1&format=csv'])
      expect((await town.call('GET', `attempts?${query}`, { token })).json.code).toBe('not-permitted');
    expect((await town.get('attempts')).json.code).toBe('unauthenticated');
    expect((await town.get('attempts', 'clerk')).json.code).toBe('not-permitted');
  });

  it('refuses what it does not know', async () => {
    const wrong = {
      'bad-parameter': ['from=yesterday', 'type=sheet.lost', 'limit=0', 'wat=1'],
      'bad-position': ['after=0:1'],
      'unknown-unit': ['unit=x'],
      'unknown-contest': ['contest=x'],
      'not-in-contest': ['contest=board&unit=c-2'],
    };
    for (const [code, queries] of Object.entries(wrong))
      for (const query of queries) expect([query, (await search(query)).json.code]).toEqual([query, code]);
  });
});
