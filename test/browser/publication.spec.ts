/** The page keeps to `publish`: before the polls close nobody is given a figure, and at that moment everybody is. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, sheetOf } from './night.ts';
import { printShare, Reader, SCREENS } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;

/** Figures that nothing else on the page can be mistaken for. */
const VOTES = [877, 643, 409, 379, 131] as const;
const WORDS = {
  en: {
    state: 'Not published yet',
    until: 'Until then only the progress of the count is shown.',
    sentence: '1 of 8 tally sheets has been received. The counted sheets cover 17.31% of the registered voters.',
    received: [/^2 of 3 polling areas · 2 counted/],
    published: 'Preliminary – incomplete',
  },
  vi: {
    state: 'Chưa công bố',
    until: 'Trước lúc đó chỉ hiển thị tiến độ kiểm phiếu.',
    sentence: 'Đã nhận 2 trên 8 biên bản kiểm phiếu. Các biên bản đã tính gồm 31,73% số cử tri trong danh sách.',
    received: [/./, /^3 trên 3 khu vực bỏ phiếu · 3 đã tính/],
    published: 'Kết quả sơ bộ – chưa đầy đủ',
  },
} as const;

/** The template as a real election whose polls close at a time of our own. */
function real(closes: Date): Record<string, unknown> {
  return {
    id: 'vi-du-2021',
    rehearsal: false,
    polls: { closes: closes.toISOString() },
    publish: { progress: 'always', turnout: 'always', results: 'closed', log: 'closed', lowestLevel: 'station' },
  };
}

const nights: Night[] = [];

async function begin(changes: Parameters<typeof Night.begin>[0]): Promise<Night> {
  const night = await Night.begin(changes);
  nights.push(night);
  return night;
}

afterAll(async () => {
  await browser?.close();
  for (const night of nights) await night.end();
});

describeInBrowser('before the polls close', () => {
  it('shows progress and no figure, and the browser is given none, wide and on a phone', async () => {
    const night = await begin(real(new Date('2099-05-23T12:00:00Z')));
    const { client, server } = night;
    await client.submit(sheetOf('09101-01', 1453, VOTES));
    const comesIn = [
      sheetOf('09101-02', 1210, [811, 503, 307, 211, 103]),
      sheetOf('09101-03', 412, [293, 211, 103, 59, 7]),
    ];
    for (const [i, screen] of SCREENS.slice(0, 2).entries()) {
      const words = WORDS[screen.language];
      const reader = await Reader.open(browser!, screen);
      const at = `${server.url}/${screen.language}/vi-du-2021`;
      await reader.page.goto(`${at}/09`);
      await reader.waitForText('.status .tag', words.state);
      expect(await reader.text('.status-sentence')).toContain('2099');
      expect(await reader.text('.status-sentence')).toContain(words.sentence);
      expect(await reader.text('.status-note')).toBe(words.until);
      expect((await reader.candidates()).map(([, , votes, share]) => [votes, share])).toEqual(
        Array(5).fill(['–', '–']),
      );
      await reader.mustSeemWell();
      expect(await reader.page.locator('.rehearsal-banner, .watermark').count()).toBe(0);
      for (const path of ['09?track=verified', '09101', '09101-01/na-1']) {
        await reader.page.goto(`${at}/${path}`);
        await reader.page.waitForSelector('.live-live');
        await reader.page.waitForSelector('.unit-table, .status-note');
      }
      expect(reader.takeTrouble()).toEqual([]);
      // A track that is not public, asked for by its address: refused, and the page goes to the one that is.
      await reader.page.goto(`${at}/09?track=all`);
      await reader.page.waitForURL(`${at}/09`);
      await reader.waitForText('.status .tag', words.state);
      expect(reader.takeTrouble().filter((line) => !line.includes('403'))).toEqual([]);
      // What arrives while the page of the sheet and of its commune is open.
      await reader.page.goto(`${at}/09101`);
      await reader.page.waitForSelector('.live-live');
      await client.submit(comesIn[i]!);
      await reader.waitForText('.measure-text', words.received[i]!);
      await reader.page.locator('.as-of-more').first().waitFor();
      expect(await reader.page.locator('#app').textContent()).not.toMatch(/877|643|409|379|131|811|503|307|293/);
      const given = reader.received.filter((text) =>
        /[[:,](877|643|409|379|131|811|503|307|293)[\],}]|"votes\./.test(text),
      );
      expect([given.map((text) => text.slice(0, 300)), reader.received.length > 10]).toEqual([[], true]);
      expect([reader.takeTrouble(), reader.hosts]).toEqual([[], [new URL(server.url).host]]);
      await reader.close();
    }
  });

  it('shows them the moment the polls close, without a reload', async () => {
    let closes = new Date();
    const night = await begin(() => {
      closes = new Date(Date.now() + 7_000);
      return real(closes);
    });
    const { client, server } = night;
    await client.submit(sheetOf('09101-01', 1453, VOTES));
    const reader = await Reader.open(browser!, SCREENS[0]!);
    await reader.page.goto(`${server.url}/en/vi-du-2021/09`);
    await reader.waitForText('.status .tag', WORDS.en.state);
    await reader.page.evaluate('window.here = true');
    await reader.waitForText('.status .tag', WORDS.en.published, 30_000);
    expect(Date.now()).toBeGreaterThanOrEqual(closes.getTime());
    const { shareOf } = (await client.results('09', 'na-1')).nodes[0].tracks.provisional;
    expect((await reader.candidates()).map(([, , votes, share]) => [votes, share])).toEqual(
      VOTES.map((votes) => [String(votes), printShare(votes, shareOf, 'en')]),
    );
    expect((await reader.unitRow('Ví Dụ district')).slice(3)).toEqual(VOTES.map(String));
    expect(await reader.page.evaluate('window.here')).toBe(true);
    expect(reader.takeTrouble()).toEqual([]);
    await reader.close();
  });
});
