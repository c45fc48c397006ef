#!/usr/bin/env node
/**
 * Takes the pictures of the README: the demonstration night, about its middle.
 *
 *   npm run build && node test/browser/picture.mjs [--seconds 600] [--part 0.5] [--into docs/images]
 *
 * results.png: 1280 px, in English; results-phone.png: 360 px, in Vietnamese. The night takes ten minutes, as in
 * `npm start`; a shorter one gives the same figures with times that lie closer together.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DEMO_ID, DISTRICT, inDemonstration, root } from './demonstration.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    part: { type: 'string', default: '0.5' },
    into: { type: 'string', default: join(root, 'docs/images') },
  },
});
const seconds = Number(values.seconds);
const SHOTS = [
  { file: 'results.png', language: 'en', width: 1280, scale: 1, upTo: '.units' },
  { file: 'results-phone.png', language: 'vi', width: 360, scale: 2, upTo: '.candidates' },
];

await inDemonstration({ seconds, part: Number(values.part) }, async ({ browser, url }) => {
  const address = `${url}/api/v1/elections/${DEMO_ID}`;
  // Somebody has to decide about a sheet just then: what the page says of it belongs into the picture.
  const nightIsOver = Date.now() + seconds * 500;
  while (!(await hasHeldSheet(address)) && Date.now() < nightIsOver) await sleep(200);
  await mkdir(values.into, { recursive: true });
  for (const { file, language, width, scale, upTo } of SHOTS) {
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      deviceScaleFactor: scale,
      locale: language,
      colorScheme: 'light',
    });
    await page.goto(`${url}/${language}/${DEMO_ID}/${DISTRICT.code}`);
    await page.waitForSelector('.live-live');
    await page.waitForSelector('.arrival-chart');
    await page.evaluate('document.fonts.ready');
    const { y, height } = await page.locator(upTo).boundingBox();
    await page.setViewportSize({ width, height: Math.round(y + height + 24) });
    await page.screenshot({ path: join(values.into, file) });
    console.log(join(values.into, file));
    await page.close();
  }
});

async function hasHeldSheet(address) {
  const answer = await fetch(`${address}/results/${DISTRICT.code}?contest=na-1`);
  const { nodes } = await answer.json();
  return nodes[0].progress.held > 0;
}
