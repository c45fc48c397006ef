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
    expect(html).toContain(`<link rel="canonical" href="${at('/09101')}" />`);
    expect(html).toContain(`hreflang="vi" href="${night.server.url}/vi/${night.election}/09101"`);
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
    for (const page of ['board', 'newsroom']) {
      const before = await get(at(`/${page}?contest=na-1`));
      expect([before.status, before.headers.get('location')]).toEqual([
        302,
        `/en/${night.election}/~${page}?contest=na-1`,
      ]);
    }
    const missing = await get(at('/nowhere'));
    expect([missing.status, (await missing.text()).includes('Page not found')]).toEqual([404, true]);
  });
});

describe.each([
  ['a frame', () => `/embed/${night.election}/09101?contest=na-1&lang=en`, '<meta name="robots" content="noindex" />'],
  [
    'a wall',
    () => `/screen/${night.election}?show=candidates:09101/na-1;:09104/na-1&lang=en`,
    'class="screen-place">1 of 2<',
  ],
  ['the newsroom', () => `/en/${night.election}/~newsroom?contest=na-1&level=commune`, '<button type="submit"'],
])('the first HTML of %s', (_where, path, beside) => {
  it('has the figures, its own title, and what belongs to it', async () => {
    const html = await (await get(night.server.url + path())).text();
    const body = html.slice(html.indexOf('<div id="app">'), html.indexOf('<script type="application/json"'));
    expect(body).toMatch(/>1,688</);
    expect(html).toContain(beside);
    const heading = /<h1[^>]*>([^<]+)<\/h1>/.exec(body)![1]!;
    expect(/<title>([^<]+)<\/title>/.exec(html)![1]).toMatch(new RegExp(`^\\[REHEARSAL\\] ${heading}`));
  });
});

describe('the first HTML of the past', () => {
  it('is that of overview and sheet as they were, which lead to one another', async () => {
    const overview = await (await get(at('?at=0:0,1:2'))).text();
    expect(overview).toContain(`href="/en/${night.election}/09?at=0:0,1:2"`);
    expect(overview).toMatch(/<span class="unit-code">1\/8<\/span>/);
    const sheet = await (await get(at('/09101-02/na-1?at=0:0,1:2'))).text();
    const body = sheet.slice(sheet.indexOf('<div id="app">'), sheet.indexOf('<script type="application/json"'));
    expect([body.includes('>811<'), body.includes('Nothing received yet.')]).toEqual([false, true]);
    expect(await (await get(at('/09101-01/na-1?at=0:0,1:2'))).text()).toMatch(/class="attempt attempt-accepted"/);
    expect(overview).toContain(`href="/en/${night.election}/~corrections?at=0:0,1:2"`);
    const corrections = await (await get(at('/~corrections?at=0:0,1:2'))).text();
    expect(corrections).toMatch(/This is the past[\s\S]*<ol class="corrections"><\/ol>/);
  });
});

describe('what stands for a page elsewhere', () => {
  it('is its picture, at the address that it was asked for by', async () => {
    const html = await (await get(at('/09101?contest=na-1'))).text();
    const [, picture] = /<meta property="og:image" content="([^"]+)"/.exec(html)!;
    expect(picture).toBe(`${night.server.url}/card/en/${night.election}/09101.png?contest=na-1`);
    const drawn = await get(picture!);
    expect([drawn.status, drawn.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(await (await get(at(''))).text()).toContain(`/card/en/${night.election}/09.png"`);
  });

  it('is a copy in one file that says so, asks for nothing, and leads to the page', async () => {
    const answer = await get(`${night.server.url}/copy/en/${night.election}/09101?contest=na-1`);
    const html = await answer.text();
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="en-${night.election}-09101.html"`);
    expect(html).toMatch(
      /<p class="copy-banner"[^>]*><strong>Copy\.<\/strong> This is a copy, made at \d\d:\d\d:\d\d, /,
    );
    expect(html).toContain(`href="${night.server.url}/en/${night.election}/09101?contest=na-1"`);
    expect(html).toContain('877');
    expect(html).toContain('None of these figures are real results.');
    expect(html).not.toMatch(/<script|<link rel="stylesheet"|@font-face|url\((?!#)| (src|href|action)="\//);
    const etag = answer.headers.get('etag')!;
    const again = await get(answer.url, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    const station = await get(`${night.server.url}/copy/en/${night.election}/09101-01`);
    expect(station.headers.get('location')).toBe(`/copy/en/${night.election}/09101-01/na-1`);
    for (const none of ['en/nothing', `en/${night.election}/nowhere`, `en/${night.election}/~board`, 'en', ''])
      expect([none, (await get(`${night.server.url}/copy/${none}`)).status]).toEqual([none, 404]);
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
