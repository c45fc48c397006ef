#!/usr/bin/env node
/**
 * Takes a picture of every page at four widths, of the demonstration night past its middle, and writes the page of the
 * docs that shows them.
 *
 *   npm run build && node test/browser/gallery.mjs [--seconds 600] [--part 0.5]
 *
 * Pictures are smaller than the pages: a 4K wall is 960 pixels wide here. Each width is shown in one language, one dark.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEMO_ID, DISTRICT, inDemonstration, root } from './demonstration.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '600' }, part: { type: 'string', default: '0.5' } },
});
const seconds = Number(values.seconds);
const SCREENS = [
  { width: 360, height: 740, scale: 1, language: 'vi', scheme: 'light' },
  { width: 768, height: 1024, scale: 0.6, language: 'en', scheme: 'dark' },
  { width: 1280, height: 900, scale: 0.6, language: 'en', scheme: 'light' },
  { width: 3840, height: 2160, scale: 0.25, language: 'vi', scheme: 'light' },
];
/** Long pages are shown from their beginning, so many windows of it. */
const MOST_WINDOWS = 2.5;

await inDemonstration({ seconds, part: Number(values.part) }, async ({ browser, url, addAccount }) => {
  const election = await (await fetch(`${url}/api/v1/elections/${DEMO_ID}`)).json();
  const token = await addAccount({ role: 'manager', unit: election.root });
  const into = join(root, 'docs/images/pages');
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  const pages = await pagesOf(url);
  for (const [name, page] of Object.entries(pages)) for (const screen of SCREENS) await take(name, page, screen);
  await writeFile(join(root, 'docs/explanation/pages.md'), textOf(pages));

  async function take(name, { path, ready, isPrivate }, { width, height, scale, language, scheme }) {
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: scale,
      locale: language,
      colorScheme: scheme,
    });
    const page = await context.newPage();
    if (isPrivate) {
      const asked = { data: { token }, headers: { origin: url } };
      const answer = await context.request.post(`${url}/api/v1/session`, asked);
      if (answer.status() !== 201) throw new Error(`signing in was answered ${answer.status()}`);
    }
    await page.goto(url + path(language));
    await page.waitForSelector('html:not(.is-still)');
    await page.locator(ready).first().waitFor();
    await page.evaluate('document.fonts.ready');
    // Letters that came late are there the second time.
    await page.reload();
    await page.waitForSelector('html:not(.is-still)');
    await page.locator(ready).first().waitFor();
    await page.evaluate('document.fonts.ready');
    const whole = Number(await page.evaluate('document.documentElement.scrollHeight'));
    await page.setViewportSize({ width, height: Math.max(height, Math.min(whole, Math.round(height * MOST_WINDOWS))) });
    const file = join(into, fileOf(name, width));
    await page.screenshot({ path: file, type: 'jpeg', quality: 62 });
    console.log(file);
    await context.close();
  }
});

/** Every page, by an address that has something to show. */
async function pagesOf(url) {
  const api = `${url}/api/v1/elections/${DEMO_ID}`;
  const ask = async (path) => (await fetch(`${api}/${path}`)).json();
  const { corrections } = await ask('corrections');
  const corrected = corrections.find(({ contest }) => contest.id === 'na-1');
  if (!corrected) throw new Error('nothing has been corrected yet: take the pictures later (--part)');
  const station = corrected.station.code;
  const { attempts } = await ask(`sheets/${station}/na-1/history`);
  const { receipt } = attempts.at(-1);
  const { points } = await ask(`results/${DISTRICT.code}/timeline?contest=na-1`);
  const { position } = points[Math.floor(points.length / 2)];
  const commune = corrected.path.at(-1).code;
  const of = (rest) => (language) => `/${language}/${DEMO_ID}${rest}`;
  const query = `unit=${commune}&contest=na-1`;
  return {
    elections: {
      what: 'The elections of an installation',
      path: (language) => `/${language}`,
      ready: '.election-list',
    },
    overview: {
      what: 'An election: what is elected, and how far each count is',
      path: of(''),
      ready: '.overview-table',
    },
    unit: { what: 'A contest at a unit', path: of(`/${DISTRICT.code}?contest=na-1`), ready: '.unit-table' },
    commune: {
      what: 'The same at the lowest unit above stations',
      path: of(`/${commune}?contest=na-1`),
      ready: '.unit-table',
    },
    sheet: { what: 'A sheet, and every attempt on it', path: of(`/${station}/na-1`), ready: '.timeline' },
    search: { what: 'Search, without diacritics', path: of('/~search?q=xa'), ready: '.found' },
    corrections: { what: 'Corrections', path: of('/~corrections'), ready: 'main a' },
    about: { what: 'About the data', path: of('/~about'), ready: 'main h2' },
    past: { what: 'A unit as it was', path: of(`/${DISTRICT.code}?contest=na-1&at=${position}`), ready: '.unit-table' },
    'past-sheet': { what: 'A sheet as it was', path: of(`/${station}/na-1?at=${position}`), ready: '.findings' },
    compare: {
      what: 'What changed between two positions',
      path: of(`/~compare?${query}&from=${position}`),
      ready: '.compare-table',
    },
    lineage: { what: 'What a figure is made of', path: of(`/~lineage?${query}&key=votes.1`), ready: '.sum-table' },
    evening: {
      what: 'The whole evening of a station',
      path: of(`/~evening?station=${station}`),
      ready: '.evening-entry',
    },
    receipt: { what: 'A receipt, and its proof', path: of(`/~receipt?id=${receipt}`), ready: '.notice-good' },
    newsroom: { what: 'The newsroom', path: of('/~newsroom?contest=na-1&level=commune'), ready: '.table' },
    embed: {
      what: 'A contest in a frame',
      path: (language) => `/embed/${DEMO_ID}/${DISTRICT.code}?contest=na-1&lang=${language}`,
      ready: '.candidate-table',
    },
    screen: {
      what: 'A wall',
      path: (language) => `/screen/${DEMO_ID}?show=progress%2Bcandidates:${DISTRICT.code}/na-1&lang=${language}`,
      ready: '.candidate-table',
    },
    'sign-in': { what: 'Signing in', path: (language) => `/${language}/sign-in`, ready: 'form' },
    board: { what: 'The operations board', path: of('/~board'), ready: '.board-sentence', isPrivate: true },
    attempts: { what: 'Search in all histories', path: of('/~attempts'), ready: '.table', isPrivate: true },
    replay: { what: 'Replay', path: of('/~replay'), ready: 'main h1', isPrivate: true },
  };
}

function fileOf(name, width) {
  return `${name}-${width}.jpg`;
}

function textOf(pages) {
  const widths = SCREENS.map(({ width, language, scheme }) => `${width} px, ${language}, ${scheme}`);
  const sections = Object.entries(pages).map(([name, { what }]) => {
    const cells = SCREENS.map(
      ({ width }) =>
        `<img src="../images/pages/${fileOf(name, width)}" width="${width < 768 ? 160 : 220}" alt="${what}, ${width} pixels wide">`,
    );
    return `## ${what}\n\n| ${widths.join(' | ')} |\n|${'---|'.repeat(widths.length)}\n| ${cells.join(' | ')} |\n`;
  });
  return `# Every page, at four widths\n\nThe demonstration, a little past the middle of its night. Taken by \`node test/browser/gallery.mjs\` after \`npm run build\`, which also writes this page.\n\n${sections.join('\n')}`;
}
