/** What the server sends: figures in the first HTML, for readers without scripts, and nothing asked for again by those with them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { Reader, SCREENS } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;

let night: Night;
let at: (path: string) => string;

beforeAll(async () => {
  night = await Night.begin(OPEN_TO_ALL);
  at = (path) => `${night.server.url}/en/${night.election}${path}`;
  await night.client.submit(sheetOf('09101-01', 1453, [877, 643, 409, 379, 131]));
});
afterAll(async () => {
  await browser?.close();
  await night.end();
});

async function get(address: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(address, { headers, redirect: 'manual' });
}

describe('the first HTML', () => {
  it('has the figures, the words and the addresses, and no script but the file of the build', async () => {
    const answer = await get(at('/09101'), { 'accept-encoding': 'br' });
    const html = await answer.text();
    expect([answer.status, answer.headers.get('content-encoding')]).toEqual([200, 'br']);
    expect(html).toContain('<html lang="en"');
    expect(html).toMatch(/<title>\[REHEARSAL\] Suối Mơ commune – National Assembly/);
    expect(html).toMatch(/hreflang="vi" href="\/vi\/[^"]+\/09101"/);
    const body = html.slice(html.indexOf('<div id="app">'), html.indexOf('<script type="application/json"'));
    expect(body).toContain('877');
    expect(body).toContain('tally sheets has been received');
    const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.filter((tag) => !/ src="\/assets\/|type="application\/json"/.test(tag))).toEqual([]);
  });

  it('is named by its position: a repeat is answered without a body, until something changes', async () => {
    const first = await get(at('/09'));
    const etag = first.headers.get('etag')!;
    expect(first.headers.get('cache-control')).toContain('public');
    expect((await get(at('/09'), { 'if-none-match': etag })).status).toBe(304);
    await night.client.submit(sheetOf('09101-02', 1210, [811, 503, 307, 211, 103]));
    const next = await get(at('/09'), { 'if-none-match': etag });
    expect([next.status, (await next.text()).includes('1,688')]).toEqual([200, true]);
  });

  it('leads on from addresses of the past, to the reader’s language, and says what there is not', async () => {
    const start = await get(`${night.server.url}/`, { 'accept-language': 'fr, en;q=0.8, vi;q=0.3' });
    expect([start.status, start.headers.get('location')?.slice(0, 4)]).toEqual([302, '/en/']);
    const station = await get(at('/09101-01'));
    expect(station.headers.get('location')).toBe(`/en/${night.election}/09101-01/na-1`);
    const missing = await get(at('/nowhere'));
    expect([missing.status, (await missing.text()).includes('Page not found')]).toEqual([404, true]);
  });
});

describeInBrowser('a page that came with its figures', () => {
  it('goes on from them: nothing is asked for again, nothing moves, and what comes after arrives', async () => {
    const reader = await Reader.open(browser!, SCREENS[0]!);
    await reader.page.addInitScript(`window.shift = 0; new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value; }).observe({ type: 'layout-shift', buffered: true })`);
    await reader.page.goto(at('/09104'));
    await reader.page.waitForSelector('.live-live');
    expect(reader.received.filter((text) => text.includes('/api/v1/') && !text.includes('<html'))).toEqual([]);
    expect(Number(await reader.page.evaluate('window.shift'))).toBeLessThan(0.05);
    await night.client.submit(sheetOf('09104-01', 987, [401, 302, 203, 104, 55]));
    await reader.waitForText('.measure-text', /1 counted/);
    expect(reader.takeTrouble()).toEqual([]);
    await reader.close();
  });
});
