import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sheetOf, Town } from '../../standalone/testing/town.ts';

let town: Town;
beforeAll(async () => {
  town = await Town.open();
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
