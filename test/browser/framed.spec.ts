/** A contest in a frame of another site, and on a wall that goes from slide to slide and on after the server was away. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { Reader } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;
let night: Night;
let site: Server;

beforeAll(async () => {
  if (!browser) return;
  night = await Night.begin(OPEN_TO_ALL);
  await night.client.submit(sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]));
  site = createServer((request, response) => {
    const frame = `${night.server.url}${decodeURIComponent(request.url!.slice(2))}`;
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>Site</title><iframe title="Results" src="${frame}" width="340" height="700">`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => site?.close(resolve));
  await night?.end();
});

describeInBrowser('an embed', () => {
  it('stands in a frame of another site, in its language and theme; no other page does', async () => {
    const reader = await Reader.open(browser!, { language: 'en', width: 360 });
    const show = (path: string) =>
      reader.page.goto(`http://localhost:${(site.address() as AddressInfo).port}/?${encodeURIComponent(path)}`);
    await show(`/embed/${night.election}/09101?contest=na-1&lang=en&theme=dark&inline`);
    const frame = reader.page.frameLocator('iframe');
    await frame.locator('.candidate-table tbody tr').first().waitFor();
    expect(await frame.locator('h1').textContent()).toMatch(/^Suối Mơ commune – /);
    expect(await frame.locator('.rehearsal-banner').textContent()).toContain('None of these figures are real results.');
    expect(await frame.locator('.status .tag').textContent()).toBe('Preliminary – incomplete');
    const ink = await reader.page.frames()[1]!.evaluate('getComputedStyle(document.querySelector("h1")).color');
    expect(ink).toBe('rgb(236, 234, 228)');
    expect(reader.takeTrouble()).toEqual([]);
    await reader.page.goto(`${night.server.url}/embed/${night.election}/09101?contest=na-1&lang=en`);
    await reader.page.locator('.candidate-table tbody tr').first().waitFor();
    await reader.mustSeemWell();
    await reader.page.setViewportSize({ width: 3840, height: 2160 });
    expect((await reader.page.locator('.candidate-table').boundingBox())!.width).toBeGreaterThan(900);
    await reader.close();
    const page = await fetch(`${night.server.url}/en/${night.election}/09101`);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  });
});

describeInBrowser('a wall screen', () => {
  it('goes from slide to slide, fits, and goes on by itself after the server was away', async () => {
    const reader = await Reader.open(browser!, { language: 'vi', width: 1280 });
    const { page } = reader;
    await page.setViewportSize({ width: 1920, height: 1080 });
    const show = '?show=progress%2Bcandidates:09/na-1;progress:09104/na-1&every=8&theme=light';
    await page.goto(`${night.server.url}/screen/${night.election}${show}`);
    await reader.waitForText('h1', /^Tỉnh Ví Dụ – /);
    await page.locator('.candidate-table tbody tr').nth(4).waitFor();
    const end = Date.now() + 10_000;
    for (const [width, height] of [
      [1920, 1080],
      [3840, 2160],
    ] as const) {
      await page.setViewportSize({ width, height });
      const asked =
        '[parseFloat(getComputedStyle(document.querySelector(".candidate-name")).fontSize), document.querySelector(".framed").scrollHeight]';
      // The size follows the screen a frame later.
      for (;;) {
        const [letters, used] = (await page.evaluate(asked)) as [number, number];
        if (letters / height >= 0.032 && used <= height) break;
        if (Date.now() > end) throw new Error(`letters of ${letters} px and ${used} px used of ${height}`);
        await page.waitForTimeout(50);
      }
    }
    await page.setViewportSize({ width: 1920, height: 1080 });
    await reader.waitForText('h1', /^Xã Đồi Chè – /);
    await reader.waitForText('.screen-place', '2 trên 2');
    await night.server.kill();
    await night.restart();
    night.client.url = night.server.url;
    await night.client.submit(sheetOf('09104-01', 987, [500, 300, 200, 100, 50]));
    await reader.waitForText('.measure-text', /^1 trên 3/, 60_000);
    await reader.close();
  }, 120_000);
});
