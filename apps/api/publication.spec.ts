import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { LiveClient } from '../gateway/testing.ts';
import type { PackageOptions } from '../standalone/testing/package.ts';
import { sheetOf, Town } from '../standalone/testing/town.ts';

let town: Town;
afterEach(() => town.close());

async function openWithSheets(options: PackageOptions): Promise<void> {
  town = await Town.open({ id: 'town', ...options });
  await town.submit(sheetOf('s-1', { 1: 10, 2: 20 }));
  await town.submit(sheetOf('s-2', { 1: 4, 2: 5 }, { fields: { V: 77, H: 99 } }));
  for (const station of ['s-1', 's-2']) await town.submit(sheetOf(station, { 1: 3, 2: 3, 3: 3 }, { contest: 'board' }));
}

const LATER = new Date(Date.now() + 3_600_000).toISOString();
const BEFORE = '2021-05-23T19:00:00Z';
/** Every address that could show figures. */
const FIGURES = [
  'results/r',
  'results/c-1?depth=all',
  'results/r/children',
  'results.csv',
  'results.csv?track=verified',
  'sheets/s-1/mayor',
  'sheets/s-2/mayor',
  'sheets/s-1/mayor/history',
  'sheets/s-2/mayor/history',
  'results/r/timeline?contest=mayor',
  'results/r/lineage?contest=mayor',
  'findings',
  'fingerprint',
  'fingerprint?contest=mayor',
  'results/r?track=all',
  'results/r?at=0:1,1:1',
  'results/r?body=town',
] as const;

async function publicCodes(): Promise<Record<string, string>> {
  const codes = await Promise.all(FIGURES.map(async (path) => [path, await town.get(path)] as const));
  return Object.fromEntries(
    codes.map(([path, { json, status }]) => [path, status === 200 ? 'ok' : (json?.code ?? String(status))]),
  );
}

describe('before results are out', () => {
  it('shows progress and no figure anywhere; accounts see everything of their area', async () => {
    await openWithSheets({ closes: LATER, publish: { results: 'closed', log: 'never' } });
    const root = await town.get('results/r');
    expect(root.json.nodes[1]).toMatchObject({
      published: false,
      tracks: {},
      progress: { received: 2, counted: 1, held: 1 },
    });
    const answers = await Promise.all(FIGURES.map((path) => town.get(path)));
    for (const [i, { text }] of answers.entries())
      expect([FIGURES[i], /"votes":\{"1"|votes\.1|"V":|field\.V/.test(text)]).toEqual([FIGURES[i], false]);
    expect(await publicCodes()).toMatchObject({
      'results/r': 'ok',
      'results.csv': 'ok',
      'sheets/s-1/mayor': 'ok',
      'sheets/s-1/mayor/history': 'not-public',
      'results/r/timeline?contest=mayor': 'not-public',
      'results/r/lineage?contest=mayor': 'not-public',
      findings: 'not-public',
      fingerprint: 'not-public',
      'results/r?track=all': 'not-public',
    });
    expect((await town.get('results/r', 'observer')).json.nodes[1].tracks.provisional.votes).toEqual({ 1: 10, 2: 20 });
    const { token } = await town.installation.accounts.add({ role: 'observer', unit: 'c-2' });
    expect((await town.call('GET', 'results/c-1', { token })).json.nodes[0].published).toBe(false);
    expect((await town.call('GET', 'results/c-2', { token })).json.nodes[0].published).toBe(true);
    expect((await town.get('results/r?at=0:1,1:1')).headers.get('cache-control')).not.toContain('immutable');
  });
});

describe('after the close', () => {
  it('shows what stands, and of held sheets only their number, until the log is out', async () => {
    await openWithSheets({ closes: BEFORE, publish: { results: 'closed', log: 'never' } });
    expect(await publicCodes()).toMatchObject({
      'results/r': 'ok',
      fingerprint: 'ok',
      findings: 'not-public',
      'results/r?track=all': 'not-public',
      'sheets/s-1/mayor/history': 'ok',
    });
    const held = await town.get('sheets/s-2/mayor');
    expect(held.json).toMatchObject({ status: 'held', newest: null, standing: null, heldFor: [], findings: [] });
    expect((await town.get('sheets/s-2/mayor/history')).json.attempts).toEqual([]);
    expect((await town.get('sheets/s-1/mayor/history')).json.attempts[0].actor.id).toBeUndefined();
  });

  it('shows no held figure as the value before a correction', async () => {
    await openWithSheets({ closes: BEFORE, publish: { results: 'closed', log: 'never' } });
    expect((await town.act('s-2', 'mayor', 'return', 'reviewer')).status).toBe(200);
    const right = sheetOf('s-2', { 1: 6, 2: 7 }, { expectedRevision: 1, reason: 'recount' });
    expect((await town.submit(right)).json.status).toBe('accepted');
    const { json, text } = await town.get('sheets/s-2/mayor/history');
    expect(json.attempts).toHaveLength(1);
    expect(json.attempts[0].changed).toContainEqual({ key: 'votes.1', before: null, after: 6 });
    // Times and ids may have any digits.
    expect(text.replace(/"(?:asOf|logTime|time|id)":"[^"]*"/g, '')).not.toMatch(/77|99/);
  });

  it('hides stations where lowestLevel lies above them, and the fingerprint with them', async () => {
    await openWithSheets({ closes: BEFORE, publish: { results: 'closed', log: 'never', lowestLevel: 'commune' } });
    expect(await publicCodes()).toMatchObject({
      'results/r': 'ok',
      'sheets/s-1/mayor/history': 'not-public',
      'results/r/lineage?contest=mayor': 'not-public',
      fingerprint: 'not-public',
      'results/r/timeline?contest=mayor': 'ok',
    });
    expect((await town.get('results.csv')).text).not.toMatch(/^s-/m);
    expect((await town.get('results/r?depth=all')).json.nodes.map(({ unit }: { unit: string }) => unit)).toEqual([
      'c-1',
      'c-1',
      'c-2',
      'r',
      'r',
    ]);
    expect((await town.get('sheets/s-1/mayor')).json).toMatchObject({ standing: null, newest: null });
    const live = await LiveClient.connect(town.server.url);
    const watched = await live.watch({ election: town.election, unit: 's-1', track: 'provisional' });
    expect(watched).toMatchObject({ totals: [] });
    live.close();
  });
});

describe('with results once certified', () => {
  it('publishes each contest when it is certified, to watchers too, and takes it back when reopened', async () => {
    await openWithSheets({ closes: BEFORE, publish: { results: 'certified', log: 'certified' } });
    const live = await LiveClient.connect(town.server.url);
    await live.watch({ election: town.election, unit: 'c-1', track: 'provisional' });
    const key = 'c-1,board,provisional,votes.1';
    expect(live.rows.has(key)).toBe(false);
    expect(live.rows.get('c-1,board,,progress.counted')).toBe(2);
    const { fingerprint } = (await town.get('fingerprint?contest=board', 'observer')).json;
    await town.post('contests/board/certify', 'certifier', { id: randomUUID(), reason: 'signed', fingerprint });
    await live.until(() => live.rows.has(key));
    expect(live.rows.get(key)).toBe(6);
    expect([...live.rows.keys()].some((row) => row.startsWith('c-1,mayor,provisional'))).toBe(false);
    expect(live.messages.at(-1)?.from).toBe('0:0,1:0');
    const nodes = (await town.get('results/c-1')).json.nodes.map(
      ({ contest, published }: { contest: string; published: boolean }) => [contest, published],
    );
    expect(nodes).toEqual([
      ['board', true],
      ['mayor', false],
    ]);
    expect((await town.get('fingerprint?contest=board')).json.fingerprint).toBe(fingerprint);
    expect((await town.get('findings')).json.code).toBe('not-public');
    await town.post('contests/board/reopen', 'certifier', { id: randomUUID(), reason: 'court' });
    await live.until(() => !live.rows.has(key));
    live.close();
  });
});

describe('at the moment of the close', () => {
  it('tells public rooms everything that came out, from position zero', async () => {
    const closes = new Date(Date.now() + 2_500).toISOString();
    await openWithSheets({ closes, publish: { results: 'closed', log: 'never' } });
    const [everyone, observer] = [
      await LiveClient.connect(town.server.url),
      await LiveClient.connect(town.server.url, town.tokens.observer),
    ];
    const wish = { election: town.election, unit: 'r', track: 'provisional' as const, children: true };
    await everyone.watch(wish);
    await observer.watch(wish);
    const key = 'r,mayor,provisional,votes.2';
    expect([everyone.rows.get(key), observer.rows.get(key)]).toEqual([undefined, 20]);
    await town.submit(sheetOf('s-3', { 1: 1, 2: 1 }));
    await observer.until(() => observer.rows.get(key) === 21);
    expect(everyone.rows.has(key)).toBe(false);
    await everyone.until(() => everyone.rows.has(key));
    expect(Object.fromEntries(everyone.rows)).toEqual(Object.fromEntries(observer.rows));
    expect((await town.get('results/r')).json.nodes[1].published).toBe(true);
    everyone.close();
    observer.close();
  });
});
