/** Searching histories as an observer does: by keyboard, in both languages, wide and on a phone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { Reader } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;
let night: Night;

const SCREENS = [
  { language: 'en', width: 1280 },
  { language: 'vi', width: 360 },
] as const;

const WORDS = {
  en: {
    signInFirst: /^Histories are searched by observers/,
    signIn: 'Sign in',
    search: 'Search',
    found: /^3 attempts, as of event 0:\d+/,
    none: /^0 attempts, as of event 0:\d+/,
    rejected: /Rejected.*Someone else had sent a newer revision first.*clerk/,
    refused: /There is no unit "nowhere"/,
  },
  vi: {
    signInFirst: /^Tìm trong lịch sử dành cho/,
    signIn: 'Đăng nhập',
    search: 'Tìm',
    found: /^3 lần gửi, tính đến sự kiện 0:\d+/,
    none: /^0 lần gửi, tính đến sự kiện 0:\d+/,
    rejected: /Từ chối .*người nhập số liệu/,
    refused: /There is no unit "nowhere"/,
  },
} as const;

beforeAll(async () => {
  if (!browser) return;
  night = await Night.begin({ ...OPEN_TO_ALL, publish: { ...OPEN_TO_ALL.publish, log: 'never' } });
  await night.client.submit(sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]));
  await night.client.submit(sheetOf('09101-02', 1210, [700, 512, 333, 250, 101]));
  await night.client.submit(sheetOf('09104-01', 987, [500, 300, 200, 100, 50]));
  await night.client.submit(sheetOf('09101-01', 1453, [1, 1, 1, 1, 1]), 409);
});

afterAll(async () => {
  await browser?.close();
  await night?.end();
});

describeInBrowser.each(SCREENS)('in $language at $width px', (screen) => {
  const words = WORDS[screen.language];
  let reader: Reader;
  const at = (path: string): string => `${night.server.url}/${screen.language}/${night.election}/${path}`;
  const seemsWell = async (): Promise<void> => {
    expect(await reader.axe()).toEqual([]);
    expect(await reader.overflow()).toBeLessThanOrEqual(0);
  };

  beforeAll(async () => {
    reader = await Reader.open(browser!, screen);
  });
  afterAll(() => reader.close());

  it('asks to sign in, keeps what was asked for, and finds it', async () => {
    await reader.page.goto(at('~attempts?unit=09101'));
    await reader.waitForText('#main .notice', words.signInFirst);
    await seemsWell();
    expect(reader.takeTrouble().every((line) => line.includes('401'))).toBe(true);
    await reader.page.locator('#main .notice').getByRole('link', { name: words.signIn }).click();
    await reader.page.fill('#token', night.client.tokens.observer!);
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForURL(at('~attempts?unit=09101'));
    await reader.waitForText('.found-attempts [role=status]', words.found);
    expect(await reader.page.inputValue('#filter-unit')).toBe('09101');
    expect(await reader.texts('.attempt-table tbody a')).toEqual(['09101-01/na-1', '09101-02/na-1', '09101-01/na-1']);
    await reader.waitForText('.attempt-table tbody tr:last-child', words.rejected);
    await seemsWell();
    expect(reader.takeTrouble()).toEqual([]);
  });

  it('searches by keyboard; the address is the search, and its files have the same lines', async () => {
    await reader.page.focus('#filter-unit');
    await reader.page.selectOption('#filter-outcome', 'rejected');
    await reader.tabTo(words.search);
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForURL(at('~attempts?unit=09101&outcome=rejected'));
    await reader.page.locator('.attempt-table tbody tr:only-child').waitFor();
    const [csv, ndjson] = await Promise.all(
      ['CSV', 'NDJSON'].map(async (name) => {
        const link = reader.page.getByRole('link', { name, exact: true });
        const file = await reader.page.request.get(night.server.url + (await link.getAttribute('href')));
        return (await file.text()).trimEnd().split('\n');
      }),
    );
    expect([csv!.length, ndjson!.length]).toEqual([2, 1]);
    expect(csv![1]).toContain(',stale-revision,');
    await reader.page.goto(at('~attempts?unit=09101&to=1999-12-31T23:59'));
    await reader.waitForText('.found-attempts [role=status]', words.none);
    await reader.page.goto(at('~attempts?unit=nowhere'));
    await reader.waitForText('#main .notice', words.refused);
    expect(reader.takeTrouble().every((line) => line.includes('404'))).toBe(true);
  });

  it('leads from an attempt to its sheet', async () => {
    await reader.page.goto(at('~attempts?cause=recount'));
    await reader.waitForText('.found-attempts [role=status]', words.none);
    await reader.page.locator('.filters details[open] #filter-cause').waitFor();
    await reader.page.goBack();
    await reader.page.goto(at('~attempts?unit=09104'));
    await reader.page.locator('.attempt-table tbody a').click();
    await reader.page.waitForURL(at('09104-01/na-1'));
  });
});
