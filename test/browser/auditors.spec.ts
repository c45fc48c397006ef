/** Searching histories as an observer does, and replaying as a manager does: by keyboard, in both languages, wide and on a phone. */
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
    notManagers: /^Replays are for managers of the whole election/,
    start: 'Start a replay',
    stages: {
      none: /^Nothing has been/,
      compared: /^Compared/,
      switched: /^The rebuilt model is live/,
      ended: /^Over/,
    },
    switch: 'Put the rebuilt model in place',
    confirm: 'Put it in place',
    back: 'Go back to the former model',
    cancel: 'Cancel',
    drop: 'Drop the other model',
    same: /54 nodes and \d+ attempts compared/,
    store: 'No event explains it: changed in the store',
  },
  vi: {
    signInFirst: /^Tìm trong lịch sử dành cho/,
    signIn: 'Đăng nhập',
    search: 'Tìm',
    found: /^3 lần gửi, tính đến sự kiện 0:\d+/,
    none: /^0 lần gửi, tính đến sự kiện 0:\d+/,
    rejected: /Từ chối .*người nhập số liệu/,
    refused: /There is no unit "nowhere"/,
    notManagers: /^Tính lại dành cho người quản lý của toàn/,
    start: 'Tính lại lần nữa',
    stages: { none: /^Đã xong/, compared: /^Đã so sánh/, switched: /^Bản tính lại đang được dùng/, ended: /^Đã xong/ },
    switch: 'Dùng bản tính lại',
    confirm: 'Dùng bản này',
    back: 'Quay lại bản trước',
    cancel: 'Thôi',
    drop: 'Bỏ bản còn lại',
    same: /54 ô tổng và \d+ lần gửi/,
    store: 'Không sự kiện nào giải thích được: đã bị sửa trong kho dữ liệu',
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

  beforeAll(async () => {
    reader = await Reader.open(browser!, screen);
  });
  afterAll(() => reader.close());

  it('asks to sign in, keeps what was asked for, and finds it', async () => {
    await reader.page.goto(at('~attempts?unit=09101'));
    await reader.waitForText('#main .notice', words.signInFirst);
    expect(reader.takeTrouble().every((line) => line.includes('401'))).toBe(true);
    await reader.page.locator('#main .notice').getByRole('link', { name: words.signIn }).click();
    await reader.page.fill('#token', night.client.tokens.observer!);
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForURL(at('~attempts?unit=09101'));
    await reader.waitForText('.found-attempts [role=status]', words.found);
    expect(await reader.page.inputValue('#filter-unit')).toBe('09101');
    expect(await reader.texts('.attempt-table tbody a')).toEqual(['09101-01/na-1', '09101-02/na-1', '09101-01/na-1']);
    await reader.waitForText('.attempt-table tbody tr:last-child', words.rejected);
    await reader.mustSeemWell();
    expect(reader.takeTrouble()).toEqual([]);
  });

  it('searches by keyboard; the address is the search, its files have the same lines, and each leads to its sheet', async () => {
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
    await reader.page.goto(at('~attempts?via=paper&unit=09104'));
    await reader.page.locator('.filters details[open] #filter-via').waitFor();
    await reader.page.locator('.attempt-table tbody a').click();
    await reader.page.waitForURL(at('09104-01/na-1'));
    expect(reader.takeTrouble().every((line) => line.includes('404'))).toBe(true);
  });

  it('starts a replay, shows it after a reload too, switches by a dialogue and drops the former model', async () => {
    await reader.page.goto(at('~replay'));
    await reader.waitForText('#main .notice', words.notManagers);
    reader.takeTrouble();
    await reader.page.context().clearCookies();
    await reader.page.goto(
      `${night.server.url}/${screen.language}/sign-in?to=${encodeURIComponent(new URL(at('~replay')).pathname)}`,
    );
    await reader.page.fill('#token', night.server.token!);
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForURL(at('~replay'));
    await reader.waitForText('.replay > [role=status]', words.stages.none);
    await reader.tabTo(words.start);
    await reader.page.keyboard.press('Enter');
    await reader.waitForText('.replay > [role=status]', words.stages.compared);
    await reader.page.reload();
    await reader.waitForText('.replay > [role=status]', words.stages.compared);
    expect((await reader.text('.replay')).match(words.same)).not.toBeNull();
    const [live, rebuilt] = await reader.texts('.fingerprints dd');
    expect(live).toBe(rebuilt);
    await reader.tabTo(words.switch);
    await reader.page.keyboard.press('Enter');
    await reader.page.locator('dialog[open]').waitFor();
    await reader.mustSeemWell();
    await reader.page.keyboard.press('Escape');
    await reader.page.locator('dialog[open]').waitFor({ state: 'detached' });
    const focused = reader.page.locator('button:focus');
    expect(await focused.textContent()).toBe(words.switch);
    await reader.page.keyboard.press('Enter');
    await reader.tabTo(words.confirm);
    await reader.page.keyboard.press('Enter');
    await reader.waitForText('.replay > [role=status]', words.stages.switched);
    await reader.page.getByRole('button', { name: words.back }).waitFor();
    await reader.page.getByRole('button', { name: words.drop }).click();
    await reader.waitForText('.replay > [role=status]', words.stages.ended);
    expect(reader.takeTrouble()).toEqual([]);
  });

  it('places each figure that differs, and says since when', async () => {
    const figures = [{ track: 'provisional', key: 'votes.1', live: 1_519, rebuilt: 1_511 }];
    const difference = {
      node: '09101/na-1',
      live: [],
      rebuilt: [],
      unit: '09101',
      contest: 'na-1',
      figures,
      cause: { kind: 'store' },
    };
    await reader.page.route('**/replay', async (route) => {
      const answer = await route.fetch();
      const { report, ...state } = (await answer.json()) as { report: object };
      await route.fulfill({
        json: { ...state, report: { ...report, different: 1, differences: [difference], live: 'a'.repeat(64) } },
      });
    });
    await reader.page.reload();
    await reader.page.locator('.difference-table tbody tr').waitFor();
    const cells = await reader.texts('.difference-table tbody tr :is(td, th)');
    expect(cells[0]).toBe('09101/na-1');
    expect(cells[2]).toBe('votes.1');
    expect(cells.slice(3, 5).map((cell) => cell.replace(/\D/g, ''))).toEqual(['1519', '1511']);
    expect(cells[5]).toBe(words.store);
    await reader.mustSeemWell();
    await reader.page.unrouteAll({ behavior: 'wait' });
  });
});
