import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Night, OPEN_TO_ALL, sheetOf } from '../../../test/browser/night.ts';
import { CARD_HEIGHT, CARD_WIDTH, type CardWords, cardSvg, wrapped } from './card-svg.ts';
import { drawPng } from './draw-card.ts';

const WORDS: CardWords = {
  election: 'Bầu cử 2021',
  day: '23 tháng 5, 2021',
  unit: 'Xã Đạ Chais <K’Ho>',
  contest: 'Đại biểu Quốc hội – Đơn vị số 1',
  state: 'Kết quả sơ bộ',
  note: 'Số liệu mới nhất ở địa chỉ này.',
  rehearsal: undefined,
};

/** Width and height, as the first chunk of a PNG has them. */
const sizeOf = (png: Buffer): number[] => [png.readUInt32BE(16), png.readUInt32BE(20)];

describe('a card', () => {
  it('is drawn at the size that others show, letters of the highlands and all, another one for a rehearsal', async () => {
    const png = await drawPng(cardSvg(WORDS));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(sizeOf(png)).toEqual([CARD_WIDTH, CARD_HEIGHT]);
    const letters = await Promise.all(['ƀ', 'ơ̆', 'ê̆', 'Đ'].map((unit) => drawPng(cardSvg({ ...WORDS, unit }))));
    expect(new Set(letters.map((one) => one.toString('base64'))).size).toBe(4);
    const rehearsal = await drawPng(cardSvg({ ...WORDS, rehearsal: 'DIỄN TẬP' }));
    expect(rehearsal.equals(png)).toBe(false);
  });

  it('holds what a name is, not what it says to a drawing', () => {
    const svg = cardSvg({ ...WORDS, unit: '</text><script>&' });
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;&amp;');
  });

  it('breaks long names into lines, and cuts what does not fit', () => {
    const long = 'Thành phố Hồ Chí Minh và các xã phường lân cận của vùng Đông Nam Bộ mở rộng về phía biển';
    expect(wrapped('Xã Lát', 76, 2)).toEqual(['Xã Lát']);
    const lines = wrapped(long, 76, 2);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
    for (const line of lines) expect(line.length * 76 * 0.56).toBeLessThanOrEqual(CARD_WIDTH);
    expect(wrapped('x'.repeat(200), 76, 2)[0]).toMatch(/^x+…$/);
  });
});

describe('cards of a server', () => {
  let night: Night;
  beforeAll(async () => {
    night = await Night.begin(OPEN_TO_ALL);
  }, 30_000);
  afterAll(() => night?.end());

  it('are the same before and after figures come in: they show none', async () => {
    const ask = (path: string) => fetch(`${night.server.url}/card/${path}`);
    const path = `vi/${night.election}/09.png?contest=na-1`;
    const before = Buffer.from(await (await ask(path)).arrayBuffer());
    await night.client.submit(sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]));
    const answer = await ask(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(answer.headers.get('cache-control')).toContain('public');
    const after = Buffer.from(await answer.arrayBuffer());
    expect(sizeOf(after)).toEqual([CARD_WIDTH, CARD_HEIGHT]);
    expect(after.equals(before)).toBe(true);
    for (const [wrong, status] of [
      [`fr/${night.election}/09.png`, 404],
      ['vi/nothing/09.png', 404],
      [`vi/${night.election}/nowhere.png`, 404],
      [`vi/${night.election}/09.svg`, 404],
    ] as const)
      expect([wrong, (await ask(wrong)).status]).toEqual([wrong, status]);
    const units = ['091', '09101', '09104', '09107', '09101-01', '09101-02', '09101-03'];
    const many = await Promise.all(units.map((unit) => ask(`en/${night.election}/${unit}.png`)));
    // Who asks for more new ones at once than are drawn a second has to wait.
    for (const { status, headers } of many)
      expect([status, headers.get('retry-after')]).toEqual(status === 429 ? [429, '1'] : [200, null]);
  });
});
