/**
 * Every width, language and theme: no page is wider than its window, and axe-core finds nothing. It takes seconds at a
 * page, so each width is looked at in one of the languages, and dark colours at one width of each.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { type Language, Reader } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;
const WIDTHS = [360, 768, 1280, 3840];
const RULES_AT: Readonly<Record<Language, readonly number[]>> = { en: [360, 3840], vi: [1280, 768] };
const THEMES = ['light', 'dark'] as const;
/** By what is found at the page once it is whole. */
const PAGES = {
  unit: ['/09', '.unit-table'],
  tiles: ['/09', '.unit-tiles'],
  overview: ['', '.overview-table'],
  sheet: ['/09101-02/na-1', '.history'],
  elections: ['/..', '.election-list'],
  lineage: ['/~lineage?unit=09101&contest=na-1&key=votes.1', '.sum-table'],
  past: ['/09?contest=na-1&at=0:1,1:2', '.night-slider'],
  compare: ['/~compare?unit=09&contest=na-1', '.compare-table'],
  receipt: ['/~receipt', '#id'],
  evening: ['/~evening?station=09101-02', '.evening-entry'],
} as const;

let night: Night;

beforeAll(async () => {
  if (!browser) return;
  night = await Night.begin(OPEN_TO_ALL);
  const { client } = night;
  await client.submit(sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]));
  await client.submit(sheetOf('09101-02', 1210, [700, 512, 333, 250, 101]));
  const correction = { expectedRevision: 1, cause: 'entry', reason: 'Nhập nhầm dòng 1' };
  await client.submit(sheetOf('09101-02', 1210, [706, 512, 333, 250, 101], correction));
  await client.submit(sheetOf('09104-02', 1102, [600, 400, 300, 200, 100]));
  await client.submit(sheetOf('09107-01', 1320, [700, 500, 400, 300, 200]));
  const held = sheetOf('09104-01', 987, [500, 300, 200, 100, 50]);
  await client.submit({ ...held, fields: { ...(held.fields as object), K: 13 } });
});
afterAll(async () => {
  await browser?.close();
  await night?.end();
});

describeInBrowser.each(['en', 'vi'] as const)('in %s', (language: Language) => {
  it.each(Object.keys(PAGES) as (keyof typeof PAGES)[])(
    'the page "%s" breaks no rule and fits, at four widths, light and dark',
    async (name) => {
      const [path, selector] = PAGES[name];
      const reader = await Reader.open(browser!, { language, width: 1280 });
      await reader.page.goto(`${night.server.url}/${language}/${night.election}${path}`);
      await reader.page.waitForSelector('html:not(.is-still)');
      if (name === 'tiles') await reader.page.getByRole('button', { name: language === 'en' ? 'Tiles' : 'Ô' }).click();
      await reader.page.waitForSelector(selector);
      const found: unknown[] = [];
      for (const width of WIDTHS)
        for (const colorScheme of THEMES) {
          await reader.page.setViewportSize({ width, height: 900 });
          await reader.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          const overflow = await reader.overflow();
          if (overflow !== 0) found.push([width, colorScheme, 'overflow', overflow]);
          // Another theme is the same page in other colours.
          const colours = colorScheme === 'dark';
          const isLookedAt = RULES_AT[language].includes(width) && (!colours || width === RULES_AT[language][0]);
          const problems = isLookedAt ? await reader.axe({ colours }) : [];
          if (problems.length > 0) found.push([width, colorScheme, problems]);
        }
      expect(found).toEqual([]);
      expect(reader.takeTrouble()).toEqual([]);
      await reader.close();
    },
  );
});
