/**
 * The audit by a person with a browser: from a total by clicks down to one sheet, its history, its receipt and its
 * proof, and back up; the night as it was; what changed.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { oneLine, printCount, Reader, SCREENS } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;
let night: Night;
/** Of each point of the night's timeline: three sheets, a correction, and another sheet. */
let positions: string[];

const WORDS = {
  en: {
    votesOf: 'Votes for Nguyễn Văn Mẫu, Ví Dụ province',
    district: 'Ví Dụ district',
    commune: 'Suối Mơ commune',
    province: 'Ví Dụ province',
    station: 'Polling area 2',
    addsUp: (total: string) => `The rows add up to the figure: ${total}.`,
    corrected: 'Corrected: 700 → 706',
    changedSince: 'Changed since → 706',
    inLog: 'It is in the log.',
    holds: 'Your browser has checked the proof: it holds.',
    signed: 'The root is signed with the key of this election.',
    doesNotHold: 'The proof does not lead to the root of the tree. This receipt is not proven.',
    unknown: 'There is no such receipt.',
    unreadable: 'This is no number of a receipt. It has two numbers and a code of eight letters and digits.',
    past: 'This is the past: these figures never change, and nothing that came later is in them.',
    start: 'Before the first sheet',
    received: (count: number) => `, ${count} ${count === 1 ? 'sheet' : 'sheets'} received`,
    play: 'Play',
    now: 'Show the present figures',
    differ: '11 of 11 figures differ.',
    counts: 'Its figures are part of the provisional totals of:',
    goThrough: 'Go through the night, step by step',
    evening: 'The whole evening of this polling area, to print',
  },
  vi: {
    votesOf: 'Số phiếu bầu cho Nguyễn Văn Mẫu, Tỉnh Ví Dụ',
    district: 'Huyện Ví Dụ',
    commune: 'Xã Suối Mơ',
    province: 'Tỉnh Ví Dụ',
    station: 'Khu vực bỏ phiếu số 2',
    addsUp: (total: string) => `Các dòng cộng lại đúng bằng số liệu này: ${total}.`,
    corrected: 'Đã sửa: 700 → 706',
    changedSince: 'Sau đó đã đổi → 706',
    inLog: 'Biên nhận này có trong nhật ký.',
    holds: 'Trình duyệt của bạn đã kiểm tra bằng chứng: bằng chứng đúng.',
    signed: 'Gốc cây được ký bằng khóa của cuộc bầu cử này.',
    doesNotHold: 'Bằng chứng không dẫn đến gốc của cây. Biên nhận này chưa được chứng minh.',
    unknown: 'Không có biên nhận này.',
    unreadable: 'Đây không phải là số của biên nhận. Số biên nhận gồm hai số và một mã tám chữ cái và chữ số.',
    past: 'Đây là quá khứ: các số liệu này không bao giờ thay đổi và không có gì đến sau được tính vào.',
    start: 'Trước biên bản đầu tiên',
    received: (count: number) => `, đã nhận ${count} biên bản`,
    play: 'Phát',
    now: 'Xem số liệu hiện nay',
    differ: '11 trên 11 số liệu khác nhau.',
    counts: 'Số liệu của biên bản nằm trong tổng sơ bộ của:',
    goThrough: 'Xem lại đêm kiểm phiếu từng bước',
    evening: 'Toàn bộ buổi tối của khu vực bỏ phiếu này, để in',
  },
} as const;

beforeAll(async () => {
  night = await Night.begin(OPEN_TO_ALL);
  const { client } = night;
  await client.submit(sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]));
  await client.submit(sheetOf('09101-02', 1210, [700, 512, 333, 250, 101]));
  const correction = { expectedRevision: 1, cause: 'entry', reason: 'Nhập nhầm dòng 1' };
  await client.submit(sheetOf('09101-02', 1210, [706, 512, 333, 250, 101], correction));
  await client.submit(sheetOf('09101-03', 412, [301, 200, 55, 12, 0]));
  await client.submit(sheetOf('09104-02', 1102, [600, 400, 300, 200, 100]));
  const votes = { 1: 500, 2: 400, 3: 300, 4: 200, 5: 100, 6: 90 };
  await client.submit({ ...sheetOf('09101-02', 1210, [500, 400, 300, 200, 100]), contest: 'tinh-1', votes });
  const { points } = (await client.ask('GET', 'results/09/timeline?contest=na-1')).json;
  positions = points.map(({ position }: { position: string }) => position);
});
afterAll(async () => {
  await browser?.close();
  await night.end();
});

describeInBrowser.each(SCREENS.slice(0, 2))('the audit in $language at $width px', (screen) => {
  const { language } = screen;
  const words = WORDS[language];
  const at = (path: string): string => `${night.server.url}/${language}/${night.election}/${path}`;
  let reader: Reader;

  beforeAll(async () => {
    reader = await Reader.open(browser!, screen);
  });
  afterAll(() => reader.close());

  /** Nothing that axe-core finds, nothing wider than the screen, nothing in the console. */
  async function isSound(): Promise<void> {
    expect([await reader.axe(), await reader.overflow(), reader.takeTrouble()]).toEqual([[], 0, []]);
  }

  /** Each row's contribution and running sum, and the total. */
  async function sums(): Promise<{ values: string[]; running: string[]; total: string }> {
    await reader.page.waitForSelector('.sum-table');
    const texts = async (selector: string): Promise<string[]> =>
      (await reader.page.locator(selector).allTextContents()).map(oneLine);
    return {
      values: await texts('.sum-table tbody .cell-number:not(.sum-running)'),
      running: await texts('.sum-running'),
      total: (await texts('.sum-total'))[0]!,
    };
  }

  it('goes by clicks from a candidate’s total down to one sheet, its history, its receipt and its proof, and back up', async () => {
    const { page } = reader;
    const total = printCount(2_418, language);
    await page.goto(at('09?contest=na-1'));
    await page.waitForSelector('.live-live');
    await page.locator('.candidate-table .figure').first().click();
    await reader.waitForText('h1', words.votesOf);
    await reader.waitForText('.big-figure', total);
    await isSound();
    expect(await sums()).toEqual({ values: [total], running: [total], total });
    await page.getByRole('link', { name: words.district, exact: true }).click();
    await reader.waitForText('h1', new RegExp(`${words.district}$`));
    expect(await sums()).toEqual({
      values: [printCount(1_818, language), '600', '–'],
      running: [printCount(1_818, language), total, total],
      total,
    });
    expect(await reader.text('.adds-up')).toBe(words.addsUp(total));
    await page.getByRole('link', { name: words.commune, exact: true }).click();
    await reader.waitForText('h1', new RegExp(`${words.commune}$`));
    const commune = await sums();
    expect(commune.values).toEqual(['811', `706${words.corrected}`, '301']);
    expect(commune.running).toEqual(['811', printCount(1_517, language), printCount(1_818, language)]);
    const events = await page.locator('.sum-table tbody code').allTextContents();
    await isSound();
    await page.getByRole('link', { name: words.station, exact: true }).click();
    await reader.waitForText('h1', words.station);
    await page.waitForSelector('.timeline');
    await isSound();
    const newest = page.locator('.attempt').first();
    expect(oneLine((await newest.locator('.attempt-foot').textContent())!)).toContain(events[1]!);
    await newest.locator('.attempt-foot a').click();
    await reader.waitForText('.receipt .notice-title', words.holds);
    await page.getByText(words.signed).waitFor();
    expect(await reader.text('.receipt .lead')).toContain(`${words.inLog} `);
    expect(await reader.text('.receipt .lead')).toContain(events[1]!);
    expect(await page.locator('.qr-code path').getAttribute('d')).toMatch(/^M4 4h7v1h-7z/);
    await isSound();

    await page.goBack();
    await reader.waitForText('h1', words.station);
    expect(await reader.text('.contributes-to .section-note')).toBe(words.counts);
    for (const name of [words.commune, words.district, words.province]) {
      await page.locator('.contributes-to').getByRole('link', { name, exact: true }).click();
      await reader.waitForText('h1', name);
      await page.goBack();
      await reader.waitForText('h1', words.station);
    }
    await page.locator('.contributes-to .quiet-link').last().click();
    await reader.waitForText('.big-figure', total);
    expect(reader.takeTrouble()).toEqual([]);
  });

  it('tells every figure of the form down to the sheets, and what has changed since a moment of the past', async () => {
    const { page } = reader;
    await page.goto(at('09101?contest=na-1'));
    await page.waitForSelector('.live-live');
    await page.locator('.form-figures .figure').first().click();
    await reader.waitForText('.big-figure', printCount(1_453 + 1_210 + 412, language));
    expect((await sums()).running.at(-1)).toBe(printCount(3_075, language));
    await page.goto(at(`~lineage?unit=09101&contest=na-1&key=votes.1&at=${positions[1]}`));
    await reader.waitForText('.big-figure', printCount(1_511, language));
    await page.waitForSelector('.sum-note');
    expect((await sums()).values).toEqual(['811', `700${words.changedSince}`]);
    expect(await reader.text('.notice-attention')).toContain(words.past);
    await isSound();
    await page.goto(at('~lineage?unit=09&contest=na-1&key=votes.1&all'));
    await reader.waitForText('.big-figure', printCount(2_418, language));
    expect((await sums()).running.at(-1)).toBe(printCount(2_418, language));
    await isSound();
  });

  it('plays the night with the slider, by keyboard, and leads back to now', async () => {
    const { page } = reader;
    await page.goto(at('09?contest=na-1'));
    await page.getByRole('link', { name: words.goThrough }).click();
    await reader.waitForText('.night-moment', words.start);
    await page.waitForURL((url) => url.searchParams.has('at'));
    const slider = page.locator('.night-slider input');
    await slider.focus();
    const shown: string[][] = [];
    for (const position of positions) {
      await page.keyboard.press('ArrowRight');
      await page.waitForURL((url) => url.searchParams.get('at') === position);
      const { nodes } = (await night.client.ask('GET', `results/09?contest=na-1&track=provisional&at=${position}`))
        .json;
      const expected = printCount(nodes[0].tracks.provisional.votes[1], language);
      await reader.waitForText('.candidate-table .figure', expected);
      shown.push([expected, (await slider.getAttribute('aria-valuetext'))!]);
    }
    const texts = shown.map(([, text]) => text!);
    expect(shown.map(([votes]) => votes)).toEqual(
      [811, 1_511, 1_517, 1_818, 2_418].map((n) => printCount(n, language)),
    );
    expect(texts.map((text) => text.slice(text.lastIndexOf(', ')))).toEqual([1, 2, 2, 3, 4].map(words.received));
    expect(await page.evaluate('document.activeElement.type')).toBe('range');
    await isSound();

    await page.keyboard.press('Home');
    await reader.waitForText('.night-moment', words.start);
    await page.waitForURL((url) => url.searchParams.get('at') !== positions.at(-1));
    await reader.tabTo(words.play);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('at') === positions.at(-1));
    await reader.waitForText('.candidate-table .figure', printCount(2_418, language));
    await reader.waitForText('.night-buttons .solid-button', words.play);
    await page.waitForSelector('.unit-table');
    await page.getByRole('link', { name: words.now }).click();
    await page.waitForSelector('.live');
    expect(new URL(page.url()).search).toBe('?contest=na-1');
    expect(reader.takeTrouble()).toEqual([]);
  });

  it('shows what changed between two positions', async () => {
    const { page } = reader;
    await page.goto(at(`~compare?unit=09&contest=na-1&from=${positions[0]}&to=${positions[1]}`));
    await reader.waitForText('.sum-lead', words.differ);
    const row = page.locator('.compare-table tr', { hasText: 'Nguyễn Văn Mẫu' });
    const cells = async (): Promise<string[]> => (await row.locator('td').allTextContents()).map(oneLine);
    expect(await cells()).toEqual(['811', printCount(1_511, language), '+700']);
    await isSound();
    await page.locator('.night-slider input').last().focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL((url) => url.searchParams.get('to') === positions[2]);
    await row.locator('td', { hasText: /^\+706$/ }).waitFor();
    expect((await cells()).at(-1)).toBe('+706');
    expect(reader.takeTrouble()).toEqual([]);
  });

  it('reads a receipt that is typed, and says what is none', async () => {
    const { page } = reader;
    const { attempts } = (await night.client.ask('GET', 'sheets/09101-01/na-1/history')).json;
    const id: string = attempts[0].receipt;
    await page.goto(at('~receipt'));
    await page.waitForSelector('html:not(.is-still)');
    await isSound();
    const type = async (text: string): Promise<void> => {
      await page.fill('#id', text);
      await page.keyboard.press('Enter');
    };
    await type(` ${id.toLowerCase().replaceAll('-', ' ')} `);
    await reader.waitForText('.receipt .notice-title', words.holds);
    await type('K7QM-3PXD');
    await reader.waitForText('.notice-attention', words.unreadable);
    expect(reader.takeTrouble()).toEqual([]);
    const [shard, offset] = id.split('-');
    await type(`${shard}-${offset}-0000-0000`);
    await reader.waitForText('.receipt .notice-title', words.unknown);
    expect(reader.takeTrouble().filter((line) => !line.includes('404'))).toEqual([]);
  });

  it('has the whole evening of a station on one page, also on paper', async () => {
    const { page } = reader;
    await page.goto(at('09101-02/na-1'));
    await page.getByRole('link', { name: words.evening }).click();
    await page.locator('.evening-entry').nth(2).waitFor();
    const contests = await reader.texts('.evening-contest');
    expect([contests.length, contests[0] === contests[1], contests[1] === contests[2]]).toEqual([3, true, false]);
    expect(await reader.texts('.evening-entry q')).toEqual(['Nhập nhầm dòng 1']);
    await isSound();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.print-button').isVisible()).toBe(false);
    expect(await page.locator('.election-navigation').isVisible()).toBe(false);
    expect(await page.locator('.evening-entry .changes').first().isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
  });
});

describeInBrowser('a server that does not tell the truth', () => {
  it('is found out by the browser of whoever holds the receipt', async () => {
    const reader = await Reader.open(browser!, SCREENS[0]!);
    const { attempts } = (await night.client.ask('GET', 'sheets/09101-01/na-1/history')).json;
    await reader.page.route('**/receipts/*', async (route) => {
      const answer = await route.fetch();
      const receipt = (await answer.json()) as { proof: string[] };
      const [first, ...others] = receipt.proof;
      await route.fulfill({ response: answer, json: { ...receipt, proof: [...others, first] } });
    });
    await reader.page.goto(`${night.server.url}/en/${night.election}/~receipt?id=${attempts[0].receipt}`);
    await reader.waitForText('.receipt .notice-title', WORDS.en.doesNotHold);
    expect(await reader.page.locator('.receipt .lead').count()).toBe(0);
    await reader.close();
  });
});

describe('the first HTML of the past', () => {
  it('has its figures, leads from a time to its position, and says where there is none', async () => {
    const get = (path: string): Promise<Response> =>
      fetch(`${night.server.url}/en/${night.election}/${path}`, { redirect: 'manual' });
    const bodyOf = async (path: string): Promise<string> => {
      const html = await (await get(path)).text();
      return html.slice(html.indexOf('<div id="app">'), html.indexOf('<script type="application/json"'));
    };
    expect(await bodyOf(`09?contest=na-1&at=${positions[1]}`)).toContain('1,511');
    expect(await bodyOf(`~lineage?unit=09101&contest=na-1&key=votes.1&at=${positions[1]}`)).toContain('1,511');
    expect(await bodyOf('~lineage?unit=09&contest=na-1&key=votes.1')).toContain('2,418');
    expect(await bodyOf(`~compare?unit=09&contest=na-1&from=${positions[0]}&to=${positions[1]}`)).toContain('+700');
    expect(await bodyOf('~evening?station=09101-02')).toContain('Nhập nhầm dòng 1');
    const later = new Date(Date.now() + 60_000).toISOString();
    for (const [path, name] of [
      ['09?contest=na-1', 'at'],
      ['~lineage?unit=09&contest=na-1&key=votes.1', 'at'],
      ['~compare?unit=09&contest=na-1', 'to'],
    ]) {
      const moved = await get(`${path}&${name}=${encodeURIComponent(later)}`);
      const location = new URL(moved.headers.get('location') ?? '', night.server.url);
      expect([moved.status, location.searchParams.get(name!)]).toEqual([
        302,
        (await night.client.results('09', 'na-1')).position,
      ]);
    }
    for (const path of ['09?at=0:999999,1:0', '09?at=nonsense', '~lineage?unit=nowhere', '~evening?station=09'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });
});
