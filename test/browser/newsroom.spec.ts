/** The newsroom's page as the public sees it: the flat table, its downloads, and rows that change by themselves. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { Reader } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;
let night: Night;

beforeAll(async () => {
  if (!browser) return;
  night = await Night.begin(OPEN_TO_ALL);
  await night.client.submit(sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]));
});
afterAll(async () => {
  await browser?.close();
  await night?.end();
});

describeInBrowser.each([
  { language: 'en', width: 1280, title: 'Newsroom', changed: /: 1 row\.$/ },
  { language: 'vi', width: 360, title: 'Dành cho báo chí', changed: /: 1 dòng\.$/ },
] as const)('the newsroom in $language at $width px', ({ title, changed, ...screen }) => {
  it('shows what is public, leads to downloads, and takes in what changed since', async () => {
    const reader = await Reader.open(browser!, screen);
    await reader.page.goto(
      `${night.server.url}/${screen.language}/${night.election}/~newsroom?contest=na-1&level=commune`,
    );
    await reader.waitForText('h1', title);
    const cells = reader.page.locator('.table tbody tr', { hasText: '09104' }).locator('td');
    await cells.first().waitFor();
    const before = await cells.allInnerTexts();
    await reader.mustSeemWell();
    for (const href of await reader.page
      .locator('.newsroom-downloads a')
      .evaluateAll((links) => links.map(({ href }) => href))) {
      const answer = await fetch(href);
      expect([href, answer.status]).toEqual([href, 200]);
    }
    const station = screen.language === 'en' ? '09104-01' : '09104-02';
    await night.client.submit(sheetOf(station, 987, [500, 300, 200, 100, 50]));
    await reader.waitForText('main > p:not(.lead):not(.newsroom-downloads)', changed);
    const after = await cells.allInnerTexts();
    expect(Number(after[1]) - Number(before[1])).toBe(1);
    expect(reader.takeTrouble()).toEqual([]);
    expect(reader.received.some((text) => text.includes('since='))).toBe(true);
    await reader.close();
  });
});
