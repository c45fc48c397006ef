/** Signing in, and the operations board as an observer sees it: what it says, by keyboard, in both languages, wide and on a phone. */
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
    title: 'Operations board',
    signIn: 'Sign in',
    wrong: 'This token is not valid. Check that it is complete; it may have been revoked.',
    empty: 'Enter the token of your account.',
    as: 'Signed in as observer, Ví Dụ province',
    sentence: '3 of 8 minutes received; 0 were expected by now.',
    held: 'Minutes: Held',
    rejected: 'Rejected',
    everything: 'Everything',
    out: 'Sign out',
  },
  vi: {
    title: 'Bảng điều hành',
    signIn: 'Đăng nhập',
    wrong: 'Mã truy cập không đúng. Hãy kiểm tra đã nhập đủ chưa; mã cũng có thể đã bị thu hồi.',
    empty: 'Hãy nhập mã truy cập của tài khoản.',
    as: 'Đã đăng nhập: người quan sát, Tỉnh Ví Dụ',
    sentence: '3 trên 8 biên bản; đến giờ dự kiến có 0.',
    held: 'Biên bản: Tạm giữ',
    rejected: 'Từ chối',
    everything: 'Toàn bộ',
    out: 'Đăng xuất',
  },
} as const;

beforeAll(async () => {
  if (!browser) return;
  const closes = new Date(Date.now() + 3_600_000).toISOString();
  night = await Night.begin({ ...OPEN_TO_ALL, polls: { closes }, publish: { ...OPEN_TO_ALL.publish, log: 'never' } });
  await night.client.submit(sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]));
  await night.client.submit(sheetOf('09101-02', 1210, [700, 512, 333, 250, 101]));
  const held = sheetOf('09104-01', 987, [500, 300, 200, 100, 50]);
  const fields = held.fields as Record<string, number>;
  await night.client.submit({ ...held, fields: { ...fields, R: fields.P! + 75 } });
});

afterAll(async () => {
  await browser?.close();
  await night?.end();
});

describeInBrowser.each(SCREENS)('the board in $language at $width px', (screen) => {
  const words = WORDS[screen.language];
  let reader: Reader;
  const at = (path: string): string => `${night.server.url}/${screen.language}/${night.election}/${path}`;

  beforeAll(async () => {
    reader = await Reader.open(browser!, screen);
  });
  afterAll(() => reader.close());

  it('asks who is not signed in to sign in, says plainly what is wrong, and goes on to the board by keyboard', async () => {
    await reader.page.goto(at('~board?contest=na-1'));
    await reader.page.locator('#main').getByRole('link', { name: words.signIn }).click();
    await reader.waitForText('h1', words.signIn);
    await reader.mustSeemWell();
    expect(reader.takeTrouble().every((line) => line.includes('401'))).toBe(true);
    await reader.tabTo(words.signIn);
    await reader.page.keyboard.press('Enter');
    await reader.waitForText('.field-error', words.empty);
    await reader.page.keyboard.type('tally_wrong');
    await reader.page.keyboard.press('Enter');
    await reader.waitForText('.field-error', words.wrong);
    await reader.page.locator('#token:focus').waitFor();
    await reader.waitForText('title', /^(Error|Lỗi): /);
    await reader.mustSeemWell();
    await reader.page.fill('#token', night.client.tokens.observer!);
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForURL(at('~board?contest=na-1'));
    await reader.waitForText('.eyebrow', words.title);
    await reader.waitForText('.signed-in-as', words.as);
    expect(await reader.page.evaluate('document.cookie')).toBe('');
    expect(reader.takeTrouble().every((line) => line.includes('401'))).toBe(true);
  });

  it('says what is missing and held, opens the list, and shows attempts as they come in', async () => {
    await reader.waitForText('.board-sentence', new RegExp(words.sentence));
    expect(await reader.texts('.tile-count')).toEqual(['5', '0', '1', '0', '0', '0', '0', '0', '0']);
    await reader.page.locator('.tile-held').click();
    await reader.waitForText('.board-list h2', words.held);
    await reader.page.locator('.board-list tbody tr').waitFor();
    expect(await reader.texts('.board-list .code')).toEqual(['09104-01']);
    await reader.page.locator('.curve-arrived').waitFor({ state: 'attached' });
    await reader.page.locator('.board-system tbody tr').first().waitFor();
    const processes = reader.page.locator('.board-system table').last();
    expect(await processes.locator('tbody tr').count()).toBe(1);
    expect(await processes.innerText()).toContain(words.everything);
    await reader.page.locator('.feed-lines li').first().waitFor();
    await night.client.submit(sheetOf('09101-01', 1453, [1, 1, 1, 1, 1]), 409);
    await reader.waitForText('.feed-lines li', new RegExp(`${words.rejected}.*09101-01/na-1`));
    await reader.mustSeemWell();
    expect(reader.takeTrouble()).toEqual([]);
  });

  it('goes down to an area and back, and ends with signing out', async () => {
    await reader.page.locator('.area-tile').first().click();
    await reader.page.waitForURL(/unit=/);
    await reader.page.goBack();
    await reader.waitForText('.board-list h2', words.held);
    await reader.page.getByRole('button', { name: words.out }).click();
    await reader.page.locator('#main').getByRole('link', { name: words.signIn }).waitFor();
    expect(await reader.page.locator('.signed-in').count()).toBe(0);
    expect(reader.hosts).toEqual([new URL(night.server.url).host]);
  });
});
