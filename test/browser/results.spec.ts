/** The page as readers see it, wide and on a phone, in both languages: what it says, how it is gone through, what it never does. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { type Language, printCount, printShare, Reader, SCREENS, type Screen } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;
let night: Night;

/** What the page is to say, written here and not taken from its dictionaries. */
const WORDS = {
  en: {
    units: ['Ví Dụ province', 'Ví Dụ district', 'Suối Mơ commune', 'Polling area 2'],
    empty: 'Bến Đá commune',
    status: 'Preliminary – incomplete',
    sentence: '5 of 8 tally sheets have been received. The counted sheets cover 49.77% of the registered voters.',
    sheets: '5 of 8 polling areas · 4 counted, 1 of them verified',
    voters: '4,177 of 8,393 registered voters',
    unsettled: ['3 sheets not received', '1 sheet held for review'],
    nobodyLeads: 'Nobody is shown as leading before the counted sheets cover 50% of the registered voters.',
    nothing: 'Nothing received yet from any of the 2 polling areas here.',
    noSheet: 'Nothing received yet.',
    heldInRow: '5/8 1 held',
    heldAtStation: 'Held',
    heldSheet: 'Held for review: the newest figures do not count until someone has decided.',
    finding: 'More ballots collected than issued.',
    history: 'History',
    accepted: 'Accepted',
    rejected: 'Rejected',
    stale: 'Someone else had sent a newer revision first.',
    first: 'First figures (11)',
    mark: 'REHEARSAL',
    banner: 'This is a rehearsal. None of these figures are real results.',
    skip: 'Skip to the results',
  },
  vi: {
    units: ['Tỉnh Ví Dụ', 'Huyện Ví Dụ', 'Xã Suối Mơ', 'Khu vực bỏ phiếu số 2'],
    empty: 'Xã Bến Đá',
    status: 'Kết quả sơ bộ – chưa đầy đủ',
    sentence: 'Đã nhận 5 trên 8 biên bản kiểm phiếu. Các biên bản đã tính gồm 49,77% số cử tri trong danh sách.',
    sheets: '5 trên 8 khu vực bỏ phiếu · 4 đã tính, trong đó 1 đã đối chiếu',
    voters: '4.177 trên 8.393 cử tri trong danh sách',
    unsettled: ['3 biên bản chưa nhận được', '1 biên bản đang tạm giữ để xem xét'],
    nobodyLeads: 'Chưa nêu ai tạm dẫn đầu khi các biên bản đã tính chưa gồm đủ 50% số cử tri.',
    nothing: 'Chưa nhận được số liệu từ khu vực nào trong 2 khu vực bỏ phiếu ở đây.',
    noSheet: 'Chưa nhận được số liệu.',
    heldInRow: '5/8 1 tạm giữ',
    heldAtStation: 'Tạm giữ',
    heldSheet: 'Đang tạm giữ để xem xét: số liệu mới nhất chưa được tính cho đến khi có quyết định.',
    finding: 'Số phiếu thu vào lớn hơn số phiếu phát ra.',
    history: 'Lịch sử',
    accepted: 'Chấp nhận',
    rejected: 'Từ chối',
    stale: 'Người khác đã gửi lần sửa mới hơn trước đó.',
    first: 'Số liệu đầu tiên (11)',
    mark: 'DIỄN TẬP',
    banner: 'Đây là cuộc diễn tập. Không số liệu nào ở đây là kết quả thật.',
    skip: 'Đến phần kết quả',
  },
} as const satisfies Record<Language, unknown>;

/** Five of eight sheets: one corrected (and one correction too late), one verified, one held; a candidate with 0 votes. */
async function fill({ client }: Night): Promise<void> {
  const repeated = { ...sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]), id: randomUUID() };
  await client.submit(repeated);
  await client.submit(repeated, 200);
  await client.submit(sheetOf('09101-02', 1210, [700, 512, 333, 250, 101]));
  const correction = { expectedRevision: 1, cause: 'entry', reason: 'Nhập nhầm dòng 1' };
  await client.submit(sheetOf('09101-02', 1210, [706, 512, 333, 250, 101], correction));
  await client.submit(sheetOf('09101-02', 1210, [705, 512, 333, 250, 101], correction), 409);
  await client.submit(sheetOf('09101-03', 412, [301, 200, 55, 12, 0]));
  await client.act('09101-03/na-1', 'verify', 'verifier');
  const held = sheetOf('09104-01', 987, [500, 300, 200, 100, 50]);
  const fields = held.fields as Record<string, number>;
  await client.submit({ ...held, fields: { ...fields, R: fields.P! + 75 } });
  await client.submit(sheetOf('09104-02', 1102, [600, 400, 300, 200, 100]));
}

/** Every kind of page, light, and some dark; where a width or language is shown for the second time, a few. */
function pagesFor(screen: Screen): (readonly ['light' | 'dark', string])[] {
  const some = [
    ['light', '09'],
    ['light', '09101-02/na-1'],
    ['dark', '09104-01/na-1'],
  ] as const;
  if (SCREENS.indexOf(screen) > 1) return [...some];
  const more = ['../', '091', '09101', '09107', '09104-01/na-1', '09107-01/na-1'].map(
    (path) => ['light', path] as const,
  );
  return [...some, ...more, ['dark', '09']];
}

beforeAll(async () => {
  if (!browser) return;
  night = await Night.begin(OPEN_TO_ALL);
  await fill(night);
});

afterAll(async () => {
  await browser?.close();
  await night?.end();
});

describeInBrowser.each(SCREENS.slice(0, 2))('the page in $language at $width px', (screen) => {
  const { language, width } = screen;
  const words = WORDS[language];
  const [province, district, commune, station] = words.units;
  const at = (path: string): string => `${night.server.url}/${language}/${night.election}/${path}`;
  let reader: Reader;

  beforeAll(async () => {
    reader = await Reader.open(browser!, screen);
  });

  afterAll(() => reader.close());

  it('opens at the root in the reader’s language with totals, shares and progress', async () => {
    await reader.page.goto(`${night.server.url}/`);
    await reader.page.waitForSelector('.overview-table');
    expect(new URL(reader.page.url()).pathname).toBe(`/${language}/${night.election}`);
    await reader.page.click('.overview-table a');
    await reader.waitForText('h1', province);
    await reader.waitForText('.status-sentence', words.sentence);
    expect(await reader.page.getAttribute('html', 'lang')).toBe(language);

    const { nodes } = await night.client.results('09', 'na-1');
    const { votes, shareOf } = nodes[0].tracks.provisional;
    expect([votes, shareOf]).toEqual([{ 1: 2_418, 2: 1_752, 3: 1_090, 4: 839, 5: 321 }, 3_227]);
    const names = ['Nguyễn Văn Mẫu', 'Trần Thị Giả', 'Lê Đức Diễn', 'Phạm Minh Dụ', 'Hoàng Ngọc Tập'];
    expect(await reader.candidates()).toEqual(
      names.map((name, i) => {
        const count = votes[String(i + 1)];
        return [String(i + 1), name, printCount(count, language), printShare(count, shareOf, language)];
      }),
    );
    expect(await reader.text('.status .tag')).toBe(words.status);
    expect(await reader.texts('.measure-percent')).toEqual([
      printShare(5, 8, language),
      printShare(4177, 8393, language),
    ]);
    expect(await reader.texts('.measure-text')).toEqual([words.sheets, words.voters]);
    expect(await reader.texts('.exceptions li')).toEqual(words.unsettled);
    expect(await reader.text('.candidates .section-foot')).toContain(words.nobodyLeads);
    expect(await reader.text('.as-of code')).toBe(nodes && (await night.client.results('09', 'na-1')).position);
  });

  it('goes by keyboard alone from the root through every level to a sheet, its history, and back up', async () => {
    const { page } = reader;
    await page.goto(at('09'));
    await reader.waitForText('h1', province);
    await page.waitForSelector('.unit-table');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.innerText')).toBe(words.skip);
    await page.keyboard.press('Enter');
    for (const name of [district, commune, station]) {
      await page.waitForSelector('.unit-table a');
      await reader.tabTo(name);
      await page.keyboard.press('Enter');
      await reader.waitForText('h1', name);
      await page.locator('h1:focus').waitFor();
      expect(await reader.overflow()).toBe(0);
    }
    await page.waitForSelector('.timeline');
    expect(await reader.texts('.attempt-outcome > .tag')).toEqual([words.rejected, words.accepted, words.accepted]);
    expect(await reader.text('.attempt-why')).toContain(words.stale);
    expect(await reader.texts('.attempt-reason q')).toEqual(['Nhập nhầm dòng 1', 'Nhập nhầm dòng 1']);
    await reader.tabTo(words.first);
    await page.keyboard.press('Enter');
    const first = page.locator('.attempt-first tr', { hasText: 'Nguyễn Văn Mẫu' });
    expect(await first.locator('.change-after').textContent()).toBe('700');
    for (const name of [commune, district, province]) {
      await reader.tabTo(name, { back: true });
      await page.keyboard.press('Enter');
      await reader.waitForText('h1', name);
    }
    expect(new URL(page.url()).pathname).toBe(`/${language}/${night.election}/09`);
  });

  it('shows nothing received as nothing, and no votes for somebody as 0', async () => {
    await reader.page.goto(at('09107?contest=na-1'));
    await reader.waitForText('h1', words.empty);
    await reader.waitForText('.status-sentence', words.nothing);
    expect((await reader.candidates()).map(([, , votes, share]) => [votes, share])).toEqual(Array(5).fill(['–', '–']));
    expect(await reader.page.locator('.form-figures').count()).toBe(0);

    await reader.page.goto(at('09107-01/na-1'));
    await reader.waitForText('.status-sentence', words.noSheet);
    expect(await reader.page.locator('.sheet-figures').count()).toBe(0);

    await reader.page.goto(at('091?contest=na-1'));
    await reader.waitForText('h1', district);
    await reader.page.waitForSelector('.unit-table');
    expect((await reader.unitRow(words.empty)).slice(1)).toEqual(['0/2', '–', '–', '–', '–', '–', '–']);

    await reader.page.goto(at('09101-03/na-1'));
    const none = reader.page.locator('.sheet-figures tr', { hasText: 'Hoàng Ngọc Tập' });
    await none.waitFor();
    expect(await none.locator('.cell-number').allInnerTexts()).toEqual(['0', printShare(0, 301, language)]);
  });

  it('says what is held: in the table, at the polling area and on the sheet', async () => {
    await reader.page.goto(at('09'));
    await reader.waitForText('h1', province);
    await reader.page.waitForSelector('.unit-table');
    expect((await reader.unitRow(district))[1]).toBe(words.heldInRow);
    await reader.page.goto(at('09104?contest=na-1'));
    await reader.page.waitForSelector('.unit-table');
    const row = reader.page.locator('.unit-table tbody tr', { hasText: '09104-01' });
    expect(await row.locator('.tag').textContent()).toBe(words.heldAtStation);
    expect(await row.locator('.cell-number').last().textContent()).toBe('–');
    await reader.page.goto(at('09104-01/na-1'));
    await reader.waitForText('.status-sentence', words.heldSheet);
    expect(await reader.texts('.finding-message')).toContain(words.finding);
  });

  it('is marked as a rehearsal over the whole page, in its title and on paper', async () => {
    for (const path of ['09', '09101-02/na-1']) {
      await reader.page.goto(at(path));
      await reader.page.waitForSelector('h1');
      expect(await reader.text('.rehearsal-banner')).toContain(words.banner);
      await reader.page.waitForFunction(`document.title.startsWith('[${words.mark}] ')`);
      for (const media of ['print', 'screen'] as const) {
        await reader.page.emulateMedia({ media });
        expect(await reader.page.locator('.watermark text').first().textContent()).toBe(words.mark);
        const mark = await reader.page.locator('.watermark rect').boundingBox();
        expect(mark!.width).toBeGreaterThanOrEqual(width);
        expect(mark!.height).toBeGreaterThanOrEqual(700);
      }
    }
  });

  it('has nothing that axe-core finds and does not scroll sideways, light and dark', async () => {
    const found: Record<string, unknown> = {};
    for (const [scheme, path] of pagesFor(screen)) {
      await reader.page.emulateMedia({ colorScheme: scheme });
      await reader.page.goto(at(path));
      await reader.page.waitForSelector(path.includes('/') ? '.history, .election-list' : '.unit-table');
      const problems = [...(await reader.axe()), ...((await reader.overflow()) > 0 ? ['scrolls sideways'] : [])];
      if (problems.length > 0) found[`${scheme} ${path}`] = problems;
    }
    expect(found).toEqual({});
  });

  it('breaks no rule of its policy, reports no error, and asks no other host for anything', () => {
    expect(reader.takeTrouble()).toEqual([]);
    expect(reader.hosts).toEqual([new URL(night.server.url).host]);
  });

  it('says at a wrong address that there is nothing', async () => {
    await reader.page.goto(at('no-such-unit'));
    await reader.page.waitForSelector('h1');
    expect(await reader.text('.lead')).not.toBe('');
    expect(await reader.overflow()).toBe(0);
    expect(reader.takeTrouble().filter((trouble) => !trouble.includes('404'))).toEqual([]);
  });
});

describeInBrowser('what these tests stand on', () => {
  it('axe-core, the policy and the console do tell what is wrong', async () => {
    const reader = await Reader.open(browser!, SCREENS[0]!);
    await reader.page.goto(`${night.server.url}/en/${night.election}/09`);
    await reader.page.waitForSelector('.unit-table');
    await reader.page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend',
      '<img src="/favicon.svg"><p style="color:#eee">pale</p><img alt="" src="https://example.org/x.png">')`);
    expect((await reader.axe()).map((found) => found.split(':')[0])).toContain('image-alt');
    const trouble = reader.takeTrouble().join('\n');
    expect(trouble).toContain('policy violated: style-src-attr');
    expect(trouble).toContain('policy violated: img-src by https://example.org');
    await reader.close();
  });
});
