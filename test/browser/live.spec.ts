/** The page while sheets come in: figures change without a reload, whatever happens to the connection, and never go back. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../services/chromium.ts';
import { ElectionClient } from '../services/election-client.ts';
import { GEORGIA, Georgia } from '../services/georgia.ts';
import { NarrowProxy } from '../services/narrow-proxy.ts';
import { Night, OPEN_TO_ALL, sheetOf } from './night.ts';
import { printCount, printShare, Reader, SCREENS } from './reader.ts';

const browser: Browser | null = await startBrowser();
const describeInBrowser = browser ? describe : describe.skip;
const [WIDE, PHONE] = SCREENS as [(typeof SCREENS)[number], (typeof SCREENS)[number]];
let night: Night;
let proxy: NarrowProxy | undefined;

/** A mark that a reload would wipe out, and a record of every position and vote count that was ever shown. */
const MARK = `window.here = true; window.shown = [];
  const look = () => {
    const of = (selector) => document.querySelector(selector)?.innerText.trim();
    const now = JSON.stringify([of('.as-of code'), of('.candidate-table tbody .cell-number')]);
    if (now !== window.shown.at(-1)) window.shown.push(now);
  };
  look(); new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });`;

async function openAt(screen: (typeof SCREENS)[number], url: string, path: string): Promise<Reader> {
  const reader = await Reader.open(browser!, screen);
  await reader.page.goto(`${url}/${screen.language}/${night.election}/${path}`);
  await reader.page.waitForSelector('.live-live, .live-polling');
  await reader.page.evaluate(MARK);
  return reader;
}

/** What was shown since `MARK`, in order: positions as numbers, and the first candidate's votes. */
async function shown(reader: Reader): Promise<{ position: number[]; votes: number }[]> {
  expect(await reader.page.evaluate('window.here')).toBe(true);
  const lines = (await reader.page.evaluate('window.shown')) as string[];
  return lines.map((line) => {
    const [position, votes] = JSON.parse(line) as [string, string];
    return {
      position: position.split(',').map((part) => Number(part.split(':')[1])),
      votes: Number(votes.replace(/\D/g, '')),
    };
  });
}

async function expectNeverBack(reader: Reader): Promise<void> {
  const all = await shown(reader);
  for (const [i, { position, votes }] of all.entries()) {
    const before = all[i - 1];
    if (!before) continue;
    expect(position.every((offset, shard) => offset >= before.position[shard]!)).toBe(true);
    expect(votes).toBeGreaterThanOrEqual(before.votes);
  }
}

/** Resolves once the page's candidates are those of `GET /results` at a unit. */
async function expectAsInResults(reader: Reader, client: ElectionClient, unit: string, contest: string): Promise<void> {
  const { nodes } = await client.results(unit, contest);
  const { votes, shareOf } = nodes[0].tracks.provisional;
  const { language } = reader;
  const numbers = (await reader.candidates()).map(([number]) => number!);
  const last = numbers.at(-1)!;
  await reader.waitForText('.candidate-table tbody tr:last-child .count', printCount(votes[last], language));
  expect((await reader.candidates()).map(([number, , count, share]) => [number, count, share])).toEqual(
    numbers.map((number) => [
      number,
      printCount(votes[number], language),
      printShare(votes[number], shareOf, language),
    ]),
  );
}

const firstVotes = '.candidate-table tbody tr:first-child .count';

/** What the first candidate has now by `GET /results`, as the reader's page is to print it. */
async function expectedVotes({ language }: Reader): Promise<string> {
  const { nodes } = await night.client.results('09', 'na-1');
  return printCount(nodes[0].tracks.provisional.votes['1'], language);
}

beforeAll(async () => {
  if (browser) night = await Night.begin(OPEN_TO_ALL);
});

afterAll(async () => {
  await browser?.close();
  proxy?.stop();
  await night?.end();
});

describeInBrowser('figures that arrive while the page is open', () => {
  it('come without a reload, wide and on a phone, and are those of GET /results', async () => {
    const { client, server } = night;
    const wide = await openAt(WIDE, server.url, '09');
    const phone = await openAt(PHONE, server.url, '091');
    const reader = [wide, phone];
    await Promise.all(reader.map((one) => one.waitForText('.candidate-table .cell-number', /./)));
    expect((await wide.candidates())[0]!.slice(2)).toEqual(['–', '–']);
    await client.submit(sheetOf('09101-01', 1453, [811, 640, 402, 377, 120]));
    await Promise.all(reader.map((one) => one.waitForText(firstVotes, '811')));
    await client.submit(sheetOf('09104-01', 987, [500, 300, 200, 100, 50]));
    const correction = { expectedRevision: 1, cause: 'entry', reason: 'a digit' };
    await client.submit(sheetOf('09101-01', 1453, [911, 640, 402, 377, 121], correction));
    await Promise.all(reader.map((one) => one.waitForText(firstVotes, printCount(1_411, one.language))));
    for (const [one, unit] of [
      [wide, '09'],
      [phone, '091'],
    ] as const) {
      await expectAsInResults(one, client, unit, 'na-1');
      await expectNeverBack(one);
    }
    expect((await wide.unitRow('Ví Dụ district')).slice(1, 4)).toEqual(['2/8', printShare(2440, 8393, 'en'), '1,411']);
    expect(await wide.text('.as-of code')).toBe((await client.results('09', 'na-1')).position);
    for (const one of reader) {
      expect([one.takeTrouble(), one.hosts]).toEqual([[], [new URL(server.url).host]]);
      await one.close();
    }
  });

  it('change a sheet’s own page: sent, held, released', async () => {
    const { client, server } = night;
    const reader = await openAt(WIDE, server.url, '09104-02/na-1');
    await reader.waitForText('.status .tag', 'Not received');
    const held = sheetOf('09104-02', 1102, [600, 400, 300, 200, 100]);
    await client.submit({ ...held, fields: { ...(held.fields as object), K: 13 } });
    await reader.waitForText('.status .tag', 'Held');
    expect(await reader.texts('.attempt-title')).toEqual(['Figures sent Revision 1']);
    await client.act('09104-02/na-1', 'release', 'reviewer');
    await reader.waitForText('.status .tag', 'Counted');
    await reader.waitForText('.attempt-title', /^Released into the totals/);
    expect(await reader.page.evaluate('window.here')).toBe(true);
    expect(reader.takeTrouble()).toEqual([]);
    await reader.close();
  });

  it('wait while the reader has paused them, and come when it goes on', async () => {
    const { client, server } = night;
    const reader = await openAt(WIDE, server.url, '09');
    const before = await reader.text(firstVotes);
    await reader.page.getByRole('button', { name: 'Pause live updates' }).press('Enter');
    await reader.waitForText('.live-state', 'Paused');
    await client.submit(sheetOf('09104-03', 864, [400, 300, 200, 100, 50]));
    await reader.page.waitForTimeout(2_500);
    expect(await reader.text(firstVotes)).toBe(before);
    await reader.page.getByRole('button', { name: 'Resume live updates' }).press('Enter');
    await reader.waitForText(firstVotes, await expectedVotes(reader));
    expect(await reader.text(firstVotes)).not.toBe(before);
    await expectAsInResults(reader, client, '09', 'na-1');
    await reader.close();
  });
});

describeInBrowser('where sockets are blocked', () => {
  it('asks for the figures every ten seconds and says so; goes live by itself once they are let through', async () => {
    const { client, server } = night;
    proxy = await NarrowProxy.start(server.url);
    const reader = await openAt(PHONE, proxy.url, '09');
    await reader.waitForText('.live-state', '10 giây một lần');
    expect(await reader.page.locator('.live-state').getAttribute('title')).toContain('Không có kết nối trực tiếp');
    await client.submit(sheetOf('09107-01', 1320, [700, 500, 400, 300, 200]));
    await reader.waitForText(firstVotes, await expectedVotes(reader), 15_000);
    await expectAsInResults(reader, client, '09', 'na-1');
    proxy.letsSocketsThrough = true;
    await reader.waitForText('.live-state', 'Trực tiếp', 30_000);
    await client.submit(sheetOf('09107-02', 1045, [500, 400, 300, 200, 100]));
    await reader.waitForText(firstVotes, await expectedVotes(reader), 5_000);
    await expectNeverBack(reader);
    const trouble = reader.takeTrouble().filter((line) => !line.includes('WebSocket connection to'));
    expect([trouble, reader.hosts]).toEqual([[], [new URL(proxy.url).host]]);
    await reader.close();
  });
});

describeInBrowser('when the server is killed and started again', () => {
  it('says since when there is no connection, keeps the figures, connects again, and never goes back', async () => {
    const { client, server } = night;
    const reader = await openAt(WIDE, server.url, '09');
    await reader.waitForText('.live-state', 'Live');
    const before = await reader.candidates();
    await server.kill();
    await reader.waitForText('.live-state', /^No connection since \d\d:\d\d$/);
    expect(await reader.text('.notice-title')).toMatch(/^No connection since/);
    expect(await reader.text('.notice-text')).toMatch(/^The figures are from \d\d:\d\d:\d\d\./);
    expect(await reader.candidates()).toEqual(before);
    await night.restart();
    const correction = { expectedRevision: 2, cause: 'recount', reason: 'counted again' };
    await client.submit(sheetOf('09101-01', 1453, [933, 640, 402, 377, 123], correction));
    await reader.waitForText('.live-state', 'Live', 30_000);
    await reader.waitForText(firstVotes, await expectedVotes(reader));
    await expectAsInResults(reader, client, '09', 'na-1');
    await expectNeverBack(reader);
    expect(reader.takeTrouble().filter((line) => !/ERR_CONNECTION_REFUSED|WebSocket/.test(line))).toEqual([]);
    await reader.close();
  });
});

describeInBrowser('shares of something that only the server can work out', () => {
  it('are never shown of anything else while sheets arrive (Georgia: signed less invalid)', async () => {
    const example = new Georgia();
    const { election, root, contest } = GEORGIA;
    const manager = night.client.tokens.manager!;
    const opened = { election, folder: example.pack, root };
    const georgia = await ElectionClient.open(night.server.url, manager, opened, ['clerk']);
    const sheets = example.sheets();
    example.remove();
    for (const sheet of sheets.slice(0, 40)) await georgia.submit({ ...sheet });
    const reader = await Reader.open(browser!, PHONE);
    await reader.page.goto(`${night.server.url}/vi/georgia-2013/GE`);
    await reader.page.waitForSelector('.live-live');
    const winner = '.candidate-table tbody tr:last-child';
    await reader.page.evaluate(`window.seen = new Set(); new MutationObserver(() => {
      const cells = [...document.querySelectorAll('${winner} .cell-number')].map((cell) => cell.querySelector('.count, .share').firstChild.data);
      window.seen.add([document.querySelector('.as-of code').innerText, ...cells].join(' '));
    }).observe(document.body, { subtree: true, childList: true, characterData: true })`);
    // A slow line: an answer is older than the messages that came meanwhile.
    await reader.page.route('**/results/GE*', async (route) => {
      const response = await route.fetch();
      await delay(600);
      await route.fulfill({ response });
    });
    for (const sheet of sheets.slice(40, 200)) {
      await georgia.submit({ ...sheet });
      await delay(50);
    }
    const { votes } = (await georgia.results(root, contest)).nodes[0].tracks.provisional;
    await reader.waitForText(`${winner} .count`, printCount(votes['41'], 'vi'));
    await expectAsInResults(reader, georgia, root, contest);
    await reader.page.unrouteAll({ behavior: 'wait' });
    const seen = (await reader.page.evaluate('[...window.seen]')) as string[];
    expect(seen.length).toBeGreaterThanOrEqual(3);
    for (const line of seen) {
      const [position, ...shown] = line.split(' ');
      const then = (await georgia.ask('GET', `results/${root}?contest=${contest}&at=${position}`)).json;
      const { votes, shareOf } = then.nodes[0].tracks.provisional;
      expect(shown).toEqual([printCount(votes['41'], 'vi'), printShare(votes['41'], shareOf, 'vi')]);
    }
    expect(await reader.text('.only-contest')).toBe('President of Georgia');
    expect(await reader.text('.election-name')).toBe('Presidential election of Georgia, 2013');
    expect([await reader.axe(), await reader.overflow(), reader.takeTrouble()]).toEqual([[], 0, []]);
    await reader.close();
  });
});
