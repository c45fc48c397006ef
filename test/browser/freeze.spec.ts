/** Publication is frozen under the eyes of readers: they are told why, nothing moves, and it goes on once lifted. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../kit/models.ts';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { Reader, SCREENS } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;
const NOTICE = '.notice-attention';
const SAYS = {
  en: /^Publication has stood still since .*Figures are as they were then; the count goes on\. Reason: hai khu vực đang được kiểm tra$/,
  vi: /^Tạm dừng công bố số liệu từ .*Số liệu là của thời điểm đó; việc kiểm phiếu vẫn tiếp tục\. Lý do: hai khu vực đang được kiểm tra$/,
};
const SHEETS = [
  sheetOf('09101-02', 1210, [700, 512, 333, 250, 101]),
  sheetOf('09104-02', 1102, [600, 400, 300, 200, 100]),
];

let night: Night;
beforeAll(async () => {
  if (!browser) return;
  night = await Night.begin(OPEN_TO_ALL);
  await night.client.submit(sheetOf('09101-01', 1453, [800, 700, 650, 60, 50]));
});
afterAll(async () => {
  await browser?.close();
  await night?.end();
});

async function order(act: 'freeze' | 'lift', reason: string): Promise<void> {
  const reply = await night.client.ask('POST', `publication/${act}`, 'manager', { id: randomUUID(), reason });
  expect(reply.status).toBe(200);
}

describeInBrowser.each(SCREENS.slice(0, 2))('frozen, in $language at $width px', ({ language, width }) => {
  it('says since when and why, shows nothing newer, and goes on once lifted', async () => {
    const at = `${night.server.url}/${language}/${night.election}`;
    const unit = await Reader.open(browser!, { language, width });
    await unit.page.goto(`${at}/09?contest=na-1`);
    const [first] = await unit.candidates();
    expect(await unit.page.locator(NOTICE).count()).toBe(0);
    await order('freeze', 'hai khu vực đang được kiểm tra');
    await unit.waitForText(NOTICE, SAYS[language]);
    expect(await unit.axe()).toEqual([]);
    const sheet = SHEETS.pop()!;
    await night.client.submit(sheet);
    const other = await Reader.open(browser!, { language, width });
    for (const page of ['09?contest=na-1', '', `${sheet.station}/na-1`, '~corrections', '~newsroom?contest=na-1']) {
      await other.page.goto(`${at}/${page}`);
      await other.waitForText(NOTICE, SAYS[language]);
    }
    const plain = await (await fetch(`${at}/09?contest=na-1`)).text();
    expect(plain).toContain('hai khu vực đang được kiểm tra');
    await other.page.goto(`${night.server.url}/embed/${night.election}/09?contest=na-1&lang=${language}`);
    await other.waitForText(NOTICE, SAYS[language]);
    expect((await unit.candidates())[0]).toEqual(first);
    await order('lift', 'sheets were right');
    await unit.page.locator(NOTICE).waitFor({ state: 'detached' });
    await until(async () => (await unit.candidates())[0]![2] !== first![2]);
    for (const reader of [unit, other]) {
      expect(reader.takeTrouble()).toEqual([]);
      await reader.close();
    }
  });
});
