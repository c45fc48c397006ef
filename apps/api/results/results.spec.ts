import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
const positions: string[] = [];
beforeAll(async () => {
  town = await Town.open();
  for (const [station, votes] of [
    ['s-1', { 1: 10, 2: 20 }],
    ['s-3', { 1: 5, 2: 1 }],
  ] as const)
    positions.push((await town.submit(sheetOf(station, votes))).json.position);
  await town.submit(sheetOf('s-1', { 1: 3, 2: 3, 3: 3 }, { contest: 'board', fields: { V: 20, H: 9, X: 1 } }));
  await town.submit(sheetOf('s-2', { 1: 4, 2: 5 }, { fields: { V: 5, H: 9 } }));
});
afterAll(() => town.close());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('GET …/results/{unit}', () => {
  it('gives totals, progress and position; depth, level, contest, body and tracks narrow it', async () => {
    const root = await town.get('results/r');
    expect(root.json.nodes.map(({ contest }: { contest: string }) => contest)).toEqual(['board', 'mayor']);
    expect(root.json.nodes[1]).toMatchObject({
      tracks: { provisional: { votes: { 1: 15, 2: 21 } } },
      progress: { stations: 4, received: 3, counted: 2, held: 1, registered: 4000, registeredCounted: 2000 },
      published: true,
    });
    expect(root.json.nodes[1].tracks.verified).toBeUndefined();
    const units = async (query: string) =>
      (await town.get(`results/r?${query}`)).json.nodes.map(({ unit }: { unit: string }) => unit);
    expect(await units('contest=mayor&depth=1')).toEqual(['c-1', 'c-2', 'r']);
    expect(await units('contest=mayor&depth=all&level=station')).toEqual(['s-1', 's-2', 's-3', 's-4']);
    const all = await town.get('results/r?contest=mayor&track=all');
    expect(all.json.nodes[0].tracks).toMatchObject({ all: { votes: { 1: 19, 2: 26 } } });
    const body = await town.get('results/r?body=boards');
    expect(body.json.nodes).toMatchObject([
      { contest: 'boards', tracks: { provisional: { fields: { V: 20, H: 9 }, votes: {} } } },
    ]);
  });

  it('gives the table of the units below', async () => {
    const { json } = await town.get('results/r/children?contest=mayor&track=provisional');
    expect(
      json.nodes.map(({ unit, tracks }: { unit: string; tracks: { provisional?: { votes: object } } }) => [
        unit,
        tracks.provisional?.votes,
      ]),
    ).toEqual([
      ['c-1', { 1: 10, 2: 20 }],
      ['c-2', { 1: 5, 2: 1 }],
    ]);
    expect((await town.get('results/r/children?body=boards')).json.nodes).toMatchObject([
      { unit: 'c-1', contest: 'boards' },
    ]);
  });

  it('answers at an old position, immutably; at a time by redirecting to its position', async () => {
    const old = await town.get(`results/r?contest=mayor&at=${positions[0]}`);
    expect(old.json.nodes[0].tracks.provisional.votes).toEqual({ 1: 10, 2: 20 });
    expect(old.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const now = encodeURIComponent(new Date().toISOString());
    const asked = await town.call('GET', `results/r?contest=mayor&at=${now}`, { redirect: 'manual' });
    expect(asked.status).toBe(302);
    expect(asked.headers.get('cache-control')).toBe('no-store');
    const there = await town.get(asked.headers.get('location')!);
    expect(there.json.nodes[0].tracks.provisional.votes).toEqual({ 1: 15, 2: 21 });
    for (const bad of ['0:1', '0:999999,1:0', 'yesterday', '1:0,0:0', '']) {
      const answer = await town.get(`results/r?at=${bad}`);
      expect([bad, answer.status, answer.json.code]).toEqual([bad, 400, 'bad-position']);
    }
  });

  it('is known by its entity tag until something changes', async () => {
    const first = await town.get('results/c-2');
    const etag = first.headers.get('etag')!;
    const again = await town.get('results/c-2', null, { 'if-none-match': `"x", ${etag}` });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await town.get('results/c-2', 'observer')).headers.get('etag')).not.toBe(etag);
    expect((await town.get('results/c-2', 'observer')).headers.get('cache-control')).toBe('private, no-cache');
    await town.submit(sheetOf('s-4', { 1: 1, 2: 1 }));
    expect((await town.get('results/c-2', null, { 'if-none-match': etag })).status).toBe(200);
  });

  it('refuses what it does not know, each with its own problem', async () => {
    const codes: [string, number, string][] = [
      ['results/zz', 404, 'unknown-unit'],
      ['results/r?contest=zz', 404, 'unknown-contest'],
      ['results/c-2?contest=board', 404, 'not-in-contest'],
      ['results/r?track=rumoured', 400, 'bad-parameter'],
      ['results/r?depth=-1', 400, 'bad-parameter'],
      ['results/r?level=moon', 400, 'bad-parameter'],
      ['results/r?body=zz', 400, 'bad-parameter'],
      ['results/r?body=town&contest=mayor', 400, 'bad-parameter'],
      ['results/r?colour=red', 400, 'bad-parameter'],
      ['results/..%2f..%2fetc', 404, 'not-found'],
      ['results/r/lineage', 400, 'bad-parameter'],
      ['/api/v1/elections/nowhere/results/r', 404, 'unknown-election'],
      ['/api/v1/elections/__proto__', 404, 'unknown-election'],
      ['/api/v1/nonsense', 404, 'not-found'],
    ];
    for (const [path, status, code] of codes) {
      const answer = await town.get(path);
      expect([path, answer.status, answer.json.code]).toEqual([path, status, code]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.json.type).toBe(`/problems/${code}`);
    }
  });
});

describe('results.csv and fingerprint', () => {
  it('are the same bytes', async () => {
    const csv = await town.get('results.csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines = csv.text.split('\n');
    expect(lines[0]).toBe('unit,contest,track,key,value');
    expect(lines.slice(1, -1)).toEqual([...lines.slice(1, -1)].sort());
    const { json } = await town.get('fingerprint');
    expect(json).toMatchObject({
      fingerprint: sha256(csv.text),
      contest: null,
      position: csv.headers.get('tally-position'),
    });
    const mayor = await town.get('results.csv?contest=mayor');
    expect((await town.get('fingerprint?contest=mayor')).json.fingerprint).toBe(sha256(mayor.text));
    const old = await town.get(`results.csv?at=${positions[0]}`);
    expect((await town.get(`fingerprint?at=${positions[0]}`)).json.fingerprint).toBe(sha256(old.text));
    expect((await town.get('results.csv?unit=c-1&depth=0&track=provisional&contest=board')).text).toContain(
      'c-1,board,provisional,votes.3,3\n',
    );
    expect((await town.get('results.csv?body=boards&depth=0')).text).toContain('r,boards,provisional,field.V,20\n');
  });
});

describe('what totals are made of', () => {
  it('tells timeline, lineage, findings and history', async () => {
    const timeline = await town.get('results/r/timeline?contest=mayor');
    expect(timeline.json.points.at(0)).toMatchObject({ received: 1, votes: { 1: 10, 2: 20 } });
    const lineage = await town.get('results/r/lineage?contest=mayor&key=votes.1');
    expect(
      lineage.json.sheets.map(({ station, votes }: { station: string; votes: Record<string, number> }) => [
        station,
        votes[1],
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['s-1', 10],
        ['s-3', 5],
      ]),
    );
    const findings = await town.get('findings');
    expect(findings.json.findings).toEqual([
      { station: 's-2', contest: 'mayor', revision: 1, status: 'held', rule: 'too-many-valid', severity: 'error' },
    ]);
    expect((await town.get('findings?format=csv&severity=error')).text).toBe(
      'station,contest,revision,status,rule,severity\ns-2,mayor,1,held,too-many-valid,error\n',
    );
    expect((await town.get('findings?unit=c-2')).json.findings).toEqual([]);
    expect((await town.get('sheets/s-1/mayor/history')).json.attempts).toHaveLength(1);
  });

  it('replays from event 0 and finds no difference, also when the new model is put in place', async () => {
    const { text, status } = await town.post('replay', 'manager', { switch: true });
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(status).toBe(200);
    expect(lines.at(-1)).toMatchObject({ report: { different: 0, switched: true } });
    expect(lines.at(-1).report.live).toBe(lines.at(-1).report.rebuilt);
    expect((await town.get('fingerprint')).json.fingerprint).toBe(lines.at(-1).report.live);
  });
});

describe('contests and stations', () => {
  it('certifies the fingerprint that is there, tells a repeat the same, and reopens', async () => {
    const { fingerprint } = (await town.get('fingerprint?contest=board')).json;
    const certify = (body: object) =>
      town.post('contests/board/certify', 'certifier', { id: randomUUID(), reason: 'signed', ...body });
    const other = await certify({ fingerprint: 'a'.repeat(64) });
    expect(other.json).toMatchObject({ status: 409, code: 'other-fingerprint', fingerprint });
    const id = randomUUID();
    const first = await certify({ id, fingerprint });
    const again = await certify({ id, fingerprint });
    expect([first.status, again.status, again.json.attempt]).toEqual([200, 200, first.json.attempt]);
    expect((await certify({ fingerprint })).json.code).toBe('not-allowed');
    expect((await certify({ id, fingerprint, reason: 'other' })).status).toBe(409);
    const unit = await town.get('units/c-1');
    expect(unit.json.contests[1].certified).toMatchObject({ state: 'certified', fingerprint, changedSince: false });
    expect((await town.post('contests/board/reopen', 'certifier', { id: randomUUID(), reason: 'court' })).status).toBe(
      200,
    );
    expect((await town.get('units/c-1')).json.contests[1].certified).toEqual({ state: 'open' });
  });

  it('withdraws candidates, closes stations, records minutes', async () => {
    const body = () => ({ id: randomUUID(), reason: 'r' });
    expect((await town.post('contests/mayor/candidates/2/withdraw', 'manager', body())).status).toBe(200);
    expect((await town.post('contests/mayor/candidates/9/withdraw', 'manager', body())).json.code).toBe(
      'unknown-candidate',
    );
    expect((await town.post('contests/mayor/candidates/2/withdraw', 'manager', body())).json.code).toBe('not-allowed');
    expect((await town.get('units/r')).json.contests[0].candidates[1]).toMatchObject({ number: '2', withdrawn: true });
    expect((await town.post('stations/s-4/close', 'manager', { ...body(), into: 's-4' })).status).toBe(422);
    const closing = { ...body(), into: 's-3' };
    expect((await town.post('stations/s-4/close', 'manager', closing)).status).toBe(200);
    expect((await town.post('stations/s-4/close', 'manager', closing)).status).toBe(200);
    expect((await town.post('stations/c-1/close', 'manager', body())).json.code).toBe('unknown-station');
    expect((await town.get('sheets/s-4/mayor')).json.closed).toBe(true);
    const minutes = { ...body(), unit: 'c-1', contest: 'mayor', fields: { V: 5 }, votes: { 1: 2 } };
    expect((await town.post('minutes', 'reviewer', minutes)).status).toBe(200);
    const wrong = await town.post('minutes', 'reviewer', { ...minutes, id: randomUUID(), fields: { Q: 1 } });
    expect(wrong.json).toMatchObject({ status: 422, errors: [{ pointer: '/fields/Q', code: 'unknown-field' }] });
  });
});
