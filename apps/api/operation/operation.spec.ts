import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { until } from '../../../test/kit/models.ts';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
/** What the server logged. */
let logged = '';
beforeAll(async () => {
  const lines = new PassThrough().on('data', (line) => {
    logged += line;
  });
  town = await Town.open({}, { log: pino({ level: 'warn' }, lines) });
});
afterAll(() => town.close());

describe('health', () => {
  it('tells that it lives and that it is ready', async () => {
    expect((await town.get('/health/live')).json).toEqual({ status: 'up' });
    const ready = await town.get('/health/ready');
    expect([ready.status, ready.json]).toEqual([200, { status: 'up' }]);
  });
});

describe('/metrics', () => {
  it('counts attempts, rejections by reason, durations by route, lag and sockets', async () => {
    await town.submit(sheetOf('s-1', { 1: 1, 2: 1 }));
    await town.submit(sheetOf('s-1', { 1: 2, 2: 1 }));
    const { text, headers } = await town.get('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('tally_attempts_total{election="town-rehearsal",outcome="rejected"} 1');
    expect(text).toContain('tally_rejections_total{election="town-rehearsal",reason="stale-revision"} 1');
    expect(text).toContain('tally_projection_lag_events{election="town-rehearsal",shard="1"} 0');
    expect(text).toContain('tally_sockets 0');
    expect(text).toMatch(
      /tally_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/elections\/:election\/sheets",status="409"\} 1/,
    );
  });
});

describe('the patrol', () => {
  const metric = async (name: string): Promise<number> => {
    const { text } = await town.get('/metrics');
    return Number(new RegExp(`^${name}\\{election="town-rehearsal"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  };

  it('goes round all units, and finds nothing where nothing was touched', async () => {
    const UNITS = 7;
    await until(async () => (await metric('tally_patrol_units_total')) > UNITS);
    expect(await metric('tally_patrol_mismatches')).toBe(0);
  });

  it('names the unit and contest of a total that was changed behind its back', async () => {
    const { projection } = town.installation;
    const model = (await projection.model('town-rehearsal'))!;
    const snapshot = await model.snapshot();
    const [doc] = await snapshot.totals('c-1', 'mayor');
    snapshot.close();
    const provisional = { ...doc!.totals.provisional, sums: doc!.totals.provisional.sums.map((sum) => sum + 1) };
    // As of the attempt after it, which was rejected.
    const changed = { ...doc!, offset: doc!.offset + 1, totals: { ...doc!.totals, provisional } };
    await model.write({ shard: doc!.shard, totals: [changed] });
    await until(async () => (await metric('tally_patrol_mismatches')) > 0);
    expect(logged).toContain('town-rehearsal, mayor at c-1: the totals are not the sums of those below');
  });
});
