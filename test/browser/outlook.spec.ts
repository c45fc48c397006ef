/** What is still out and what of it can change anything, the line of the seats, and the units below as tiles. */
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
});
afterAll(async () => {
  await browser?.close();
  await night?.end();
});

const SCREENS = [
  {
    language: 'en',
    width: 1280,
    out: '2,777 registered voters in 3 of 8 polling areas are not counted yet.',
    kinds: [
      '2 not received: nothing is known of them.',
      '1 held for review: the figures count once they are released, or are replaced.',
    ],
    where: ['Bến Đá commune 2 polling areas, 2,365 voters', 'Suối Mơ commune 1 polling area, 412 voters'],
    hurdle: /^To pass Lê Đức Diễn for the last place, Phạm Minh Dụ would need at least 2,371 more votes/,
    line: 'Above: the 3 seats, as things stand. Nobody is elected yet.',
    tiles: 'Tiles',
    received: '0 of 2 sheets',
    most: 'Most votes: Nguyễn Văn Mẫu',
  },
  {
    language: 'vi',
    width: 360,
    out: 'Còn 2.777 cử tri thuộc 3 trên 8 khu vực bỏ phiếu chưa được tính.',
    kinds: [
      '2 chưa nhận được: chưa biết gì về số liệu.',
      '1 đang tạm giữ: số liệu được tính khi được chấp nhận, hoặc được thay.',
    ],
    where: ['Xã Bến Đá 2 khu vực bỏ phiếu, 2.365 cử tri', 'Xã Suối Mơ 1 khu vực bỏ phiếu, 412 cử tri'],
    hurdle: /^Để vượt Lê Đức Diễn ở vị trí cuối, Phạm Minh Dụ cần hơn Lê Đức Diễn ít nhất 2\.371 phiếu/,
    line: 'Phía trên: 3 vị trí được bầu, theo số liệu đến lúc này. Chưa ai trúng cử.',
    tiles: 'Ô',
    received: '0 trên 2 biên bản',
    most: 'Nhiều phiếu nhất: Nguyễn Văn Mẫu',
  },
] as const;

describeInBrowser('before half of the voters are counted', () => {
  it('names who is missing, draws no line and names nobody on a tile', async () => {
    await night.client.submit(sheetOf('09101-01', 1453, [800, 700, 650, 60, 50]));
    const reader = await Reader.open(browser!, { language: 'en', width: 1280 });
    await reader.page.goto(`${night.server.url}/en/${night.election}/09?contest=na-1`);
    await reader.waitForText('.still-out-sentence', /^6,940 registered voters in 7 of 8 polling areas/);
    expect(await reader.page.locator('.table-line, .still-out-safe').count()).toBe(0);
    await reader.page.getByRole('button', { name: 'Tiles' }).click();
    await reader.page.waitForSelector('.unit-tiles');
    expect(await reader.page.locator('.unit-tile-colour').count()).toBe(0);
    expect(await reader.texts('.unit-tile-text')).toEqual(['1 of 8 sheets']);
    await reader.close();
  });
});

describeInBrowser('once it is', () => {
  beforeAll(async () => {
    const { client } = night;
    await client.submit(sheetOf('09101-02', 1210, [700, 600, 560, 50, 40]));
    await client.submit(sheetOf('09104-01', 987, [560, 500, 460, 40, 30]));
    await client.submit(sheetOf('09104-02', 1102, [640, 560, 520, 40, 30]));
    await client.submit(sheetOf('09104-03', 864, [480, 430, 400, 30, 20]));
    const held = sheetOf('09101-03', 412, [200, 100, 90, 30, 10]);
    await client.submit({ ...held, fields: { ...(held.fields as object), K: 13 } });
  });

  it.each(SCREENS)('says so in $language at $width px', async ({ language, width, ...words }) => {
    const reader = await Reader.open(browser!, { language, width });
    const at = (path: string) => `${night.server.url}/${language}/${night.election}/${path}`;
    await reader.page.goto(at('091?contest=na-1'));
    await reader.waitForText('.still-out-sentence', words.out);
    expect(await reader.texts('.still-out-kinds li')).toEqual(words.kinds);
    expect(await reader.texts('.still-out-where li')).toEqual(words.where);
    await reader.waitForText('.still-out > p:last-child', words.hurdle);
    expect((await reader.candidates()).map(([number]) => number)).toEqual(['1', '2', '3', '4', '5']);
    expect(await reader.text('.candidate-table tbody tr:nth-child(4)')).toBe(words.line);
    await reader.page.getByRole('button', { name: words.tiles }).click();
    expect(await reader.texts('.unit-tile-text')).toEqual([
      expect.stringContaining(words.most),
      expect.stringContaining(words.most),
      words.received,
    ]);
    expect(await reader.overflow()).toBe(0);
    await reader.page.locator('.unit-tile').first().focus();
    await reader.page.keyboard.press('ArrowRight');
    await reader.page.keyboard.press('Enter');
    await reader.page.waitForURL(at('09104?contest=na-1'));
    expect(reader.takeTrouble()).toEqual([]);
    await reader.close();
  });

  it('says what cannot change any more, by everybody who is still out, and assumes in words', async () => {
    const reader = await Reader.open(browser!, { language: 'en', width: 1280 });
    await night.client.submit(sheetOf('09107-01', 1320, [860, 820, 800, 10, 10]));
    await reader.page.goto(`${night.server.url}/en/${night.election}/09?contest=na-1`);
    await reader.waitForText('.still-out-safe h3', 'Cannot change any more');
    const said = await reader.text('.still-out-safe');
    expect(said).toContain('even if all 1,457 registered voters of the 2 missing polling areas voted');
    expect(said).toContain('Nguyễn Văn Mẫu, Trần Thị Giả: even if');
    expect(said).toContain('It assumes that counted sheets stay as they are');
    expect(said).toContain('Nobody is elected before the result is certified.');
    expect(await reader.axe()).toEqual([]);
    await reader.close();
  });
});
